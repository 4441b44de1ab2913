import { LIST_ABOVE, List } from "./list.js";

/**
 * `list` with the splices of one query applied, as a plain array or, when there are many rows, as a {@link List}: with a few
 * splices that shares with `list` what they do not touch. The words are those of {@link spliced}.
 */
export function withSplices(
  list: readonly unknown[],
  words: Uint32Array,
  at: number,
  count: number,
  table: readonly unknown[],
): readonly unknown[] {
  let changed = list;
  // Past so many, one pass over all rows costs less than the list of chunks copied so often.
  if (list instanceof List && count <= 8 + list.length / 1000) {
    for (; count > 0; count--) {
      const insert = [];
      const end = at + 3 + (words[at + 2] as number);
      for (let k = at + 3; k < end; k++) insert.push(table[words[k] as number]);
      changed = (changed as List).replaced(words[at] as number, words[at + 1] as number, insert);
      at = end;
    }
  } else {
    changed = spliced(list instanceof List ? list.slice() : list, words, at, count, table);
  }
  if (changed.length <= LIST_ABOVE) return changed instanceof List ? changed.slice() : changed;
  return changed instanceof List ? changed : List.of(changed);
}

/** Do both hold the same rows? */
export function isSame(a: readonly unknown[], b: readonly unknown[]): boolean {
  if (a.length !== b.length) return false;
  if (a instanceof List && b instanceof List) return List.isSame(a, b);
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}

/**
 * A copy of `list` with the splices of one query applied. `words` holds them from index `at`:
 * `position`, `remove`, `insert`, then `insert` slots of `table`.
 *
 * Splices come in any order, but nearly always one alone, or many from front to back. The first costs one
 * native copy, the second one pass, however many there are.
 */
export function spliced(
  list: readonly unknown[],
  words: Uint32Array,
  at: number,
  count: number,
  table: readonly unknown[],
): unknown[] {
  if (count > 8 && ascending(words, at, count)) return merged(list, words, at, count, table);
  const out = list.slice();
  for (let i = 0; i < count; i++) {
    const position = words[at] as number;
    const remove = words[at + 1] as number;
    const insert = words[at + 2] as number;
    at += 3;
    if (remove === insert) {
      for (let k = 0; k < insert; k++) out[position + k] = table[words[at + k] as number];
    } else if (insert === 0) {
      out.splice(position, remove);
    } else if (insert === 1) {
      out.splice(position, remove, table[words[at] as number]);
    } else {
      const tail = position + remove < out.length ? out.slice(position + remove) : [];
      out.length = position;
      for (let k = 0; k < insert; k++) out.push(table[words[at + k] as number]);
      for (let k = 0; k < tail.length; k++) out.push(tail[k]);
    }
    at += insert;
  }
  return out;
}

/** Each splice begins at or behind the end of what the one before it inserted. */
function ascending(words: Uint32Array, at: number, count: number): boolean {
  let end = 0;
  for (let i = 0; i < count; i++) {
    const position = words[at] as number;
    if (position < end) return false;
    const insert = words[at + 2] as number;
    end = position + insert;
    at += 3 + insert;
  }
  return true;
}

function merged(
  list: readonly unknown[],
  words: Uint32Array,
  at: number,
  count: number,
  table: readonly unknown[],
): unknown[] {
  const out: unknown[] = [];
  let from = 0;
  for (let i = 0; i < count; i++) {
    const position = words[at] as number;
    while (out.length < position && from < list.length) out.push(list[from++]);
    from += words[at + 1] as number;
    const insert = words[at + 2] as number;
    at += 3;
    for (let k = 0; k < insert; k++) out.push(table[words[at + k] as number]);
    at += insert;
  }
  while (from < list.length) out.push(list[from++]);
  return out;
}
