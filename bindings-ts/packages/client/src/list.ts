/** How many rows a chunk has when it is made. It is cut at twice that, and taken in by its neighbour below a quarter. */
const CHUNK = 256;

/** Results of more rows than this are lists; up to it they are plain arrays, which are copied as quickly. */
export const LIST_ABOVE = 2000;

const CHANGES_IN_PLACE = ["copyWithin", "fill", "pop", "push", "reverse", "shift", "sort", "splice", "unshift"];

export interface List<T> extends ReadonlyArray<T> {}

/**
 * The rows of a large result: all that a `readonly` array is, but a change copies one chunk of rows and not all of them.
 * `length`, `at`, `slice` and iteration go straight to the chunks; an index (`list[7]`) costs a little more; the other methods
 * of arrays put the rows into one array first, once for each list.
 *
 * It differs from an array in two things: `Array.isArray` says no, and `[].concat(list)` has it as one element (engines concatenate
 * slowly everywhere once an object says otherwise). `list.slice()` is an array.
 */
export class List<T = unknown> {
  readonly #chunks: readonly (readonly T[])[];
  /** The index of the first row of each chunk. */
  readonly #starts: readonly number[];
  readonly #length: number;
  #all: readonly T[] | undefined;

  private constructor(chunks: readonly (readonly T[])[], starts: readonly number[], length: number) {
    this.#chunks = chunks;
    this.#starts = starts;
    this.#length = length;
  }

  static of<T>(rows: readonly T[]): List<T> {
    const chunks = cut(rows);
    return new List(chunks, startsOf([], chunks), rows.length);
  }

  /** Its chunks, for tests: one that is in two lists was not copied. */
  static chunks(list: List): readonly (readonly unknown[])[] {
    return list.#chunks;
  }

  /** Do both hold the same rows? Chunks that they share are not looked into. */
  static isSame(a: List, b: List): boolean {
    for (let index = 0; index < a.length; ) {
      const i = a.#chunkAt(index);
      const j = b.#chunkAt(index);
      const one = a.#chunks[i] as readonly unknown[];
      const two = b.#chunks[j] as readonly unknown[];
      let at = index - (a.#starts[i] as number);
      let other = index - (b.#starts[j] as number);
      const count = Math.min(one.length - at, two.length - other);
      index += count;
      if (one === two && at === other) continue;
      for (const end = at + count; at < end; at++, other++) if (one[at] !== two[other]) return false;
    }
    return true;
  }

  get length(): number {
    return this.#length;
  }

  at(index: number): T | undefined {
    index = Math.trunc(index) || 0;
    if (index < 0) index += this.#length;
    if (index < 0 || index >= this.#length) return undefined;
    const i = this.#chunkAt(index);
    return (this.#chunks[i] as readonly T[])[index - (this.#starts[i] as number)];
  }

  slice(start?: number, end?: number): T[] {
    const from = this.#bound(start, 0);
    const to = this.#bound(end, this.#length);
    const rows: T[] = [];
    for (let at = from, i = this.#chunkAt(from); at < to; i++) {
      const chunk = this.#chunks[i] as readonly T[];
      const first = this.#starts[i] as number;
      for (const last = Math.min(to, first + chunk.length); at < last; at++) rows.push(chunk[at - first] as T);
    }
    return rows;
  }

  *[Symbol.iterator](): ArrayIterator<T> {
    for (const chunk of this.#chunks) for (const row of chunk) yield row;
  }

  toJSON(): readonly T[] {
    return this.#all ??= this.slice();
  }

  /** The list with `remove` rows from `position` on replaced. Copies the chunks that these are in, and no others. */
  replaced(position: number, remove: number, insert: readonly T[]): List<T> {
    const chunks = this.#chunks;
    let first = this.#chunkAt(position);
    let last = remove === 0 ? first : this.#chunkAt(position + remove - 1);
    let before = (chunks[first] as readonly T[]).slice(0, position - (this.#starts[first] as number));
    let after = (chunks[last] as readonly T[]).slice(position + remove - (this.#starts[last] as number));
    if (remove === insert.length && first === last) {
      const same = chunks.slice();
      same[first] = before.concat(insert, after);
      return new List(same, this.#starts, this.#length);
    }
    // What is left of a chunk goes to its neighbour, so that there are never many small ones.
    if (before.length + insert.length + after.length < CHUNK / 4) {
      if (last + 1 < chunks.length) after = after.concat(chunks[++last] as readonly T[]);
      else if (first > 0) before = (chunks[--first] as readonly T[]).concat(before);
    }
    const others = chunks.slice(0, first).concat(cut(before.concat(insert, after)), chunks.slice(last + 1));
    return new List(others, startsOf(this.#starts.slice(0, first), others), this.#length - remove + insert.length);
  }

  /** The chunk with the row at this index; for one behind all rows, the last chunk. */
  #chunkAt(index: number): number {
    let low = 0;
    let high = this.#starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.#starts[middle] as number) <= index) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  #bound(index: number | undefined, otherwise: number): number {
    if (index === undefined) return otherwise;
    index = Math.trunc(index) || 0;
    return index < 0 ? Math.max(0, index + this.#length) : Math.min(index, this.#length);
  }

  static {
    const methods = List.prototype as unknown as Record<PropertyKey, unknown>;
    for (const name of Object.getOwnPropertyNames(Array.prototype) as "map"[]) {
      if (Object.hasOwn(methods, name) || CHANGES_IN_PLACE.includes(name)) continue;
      methods[name] = function (this: List, ...args: [never]) {
        return this.toJSON()[name](...args);
      };
    }
    // What is not found on the list is looked for here, and an index is such a thing.
    Object.setPrototypeOf(List.prototype, new Proxy(Object.prototype, {
      get: (object, name, list) => (isIndex(name) ? (list as List).at(+name) : Reflect.get(object, name, list)),
      has: (object, name) => isIndex(name) || name in object,
      set: () => false,
    }));
  }
}

const isIndex = (name: string | symbol): name is string => typeof name === "string" && /^(0|[1-9]\d*)$/.test(name);

/** The rows in chunks; at least one, perhaps empty. */
function cut<T>(rows: readonly T[]): (readonly T[])[] {
  if (rows.length <= 2 * CHUNK) return [rows];
  const chunks = [];
  for (let at = 0; at < rows.length; at += CHUNK) chunks.push(rows.slice(at, at + CHUNK));
  return chunks;
}

/** Where each chunk starts, when so many starts are known. */
function startsOf(known: number[], chunks: readonly (readonly unknown[])[]): number[] {
  for (let i = known.length; i < chunks.length; i++) {
    known.push(i === 0 ? 0 : (known[i - 1] as number) + (chunks[i - 1] as readonly unknown[]).length);
  }
  return known;
}
