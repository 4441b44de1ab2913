/** Where one row ends and the next begins: the index behind the one, and of the other. */
export interface Boundary {
  readonly end: number;
  readonly next: number;
}

const QUOTE = 0x22;
const COMMA = 0x2c;
const BACKSLASH = 0x5c;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;
const OPEN_LIST = 0x5b;
const CLOSE_LIST = 0x5d;

/**
 * The last place that looks like a boundary between rows: `},{`. It may be inside of a row, in an array of objects or in a
 * string; then what comes before it is no list of whole JSON values, and no parser takes it for one.
 */
export function likelyBoundary(bytes: Uint8Array): Boundary | undefined {
  for (let next = bytes.lastIndexOf(OPEN_OBJECT); next > 0; next = bytes.lastIndexOf(OPEN_OBJECT, next - 1)) {
    const comma = before(bytes, next);
    if (bytes[comma] !== COMMA) continue;
    const close = before(bytes, comma);
    if (bytes[close] === CLOSE_OBJECT) return { end: close + 1, next };
  }
  return undefined;
}

/** The index of the last byte before `at` that is not white space; -1 if there is none. */
function before(bytes: Uint8Array, at: number): number {
  do at--;
  while (at >= 0 && (bytes[at] as number) <= 0x20);
  return at;
}

/** The last boundary between rows, found by reading all brackets and strings from the front, where a row begins. */
export function lastBoundary(bytes: Uint8Array): Boundary | undefined {
  let found: Boundary | undefined;
  let end = 0;
  let depth = 0;
  for (let at = 0; at < bytes.length; at++) {
    switch (bytes[at]) {
      case QUOTE:
        for (at++; at < bytes.length && bytes[at] !== QUOTE; at++) if (bytes[at] === BACKSLASH) at++;
        break;
      case OPEN_OBJECT:
        if (depth === 0 && end > 0) found = { end, next: at };
        depth++;
        break;
      case OPEN_LIST:
        depth++;
        break;
      case CLOSE_OBJECT:
      case CLOSE_LIST:
        depth--;
        if (depth === 0) end = at + 1;
        break;
    }
  }
  return found;
}
