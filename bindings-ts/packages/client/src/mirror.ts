import { LarderError } from "./errors.js";
import { type AnyFigures, EMPTY_RESULT, type QueryResult } from "./result.js";
import { isSame, withSplices } from "./splice.js";

/** Where the mirror puts the result of one mounted query. */
export interface Shown {
  result: QueryResult;
  /** The result changed and nobody has been told yet. */
  changed: boolean;
}

const MAGIC = 0x3150444c; // "LDP1"
const HEADER_WORDS = 12;
const ROWS_AS_JSON = 0;
const ROWS_AS_CHANGES = 2;
const FLAG_RESET = 1;
/** The bit of a row's type that says that only the members that changed are there. */
const CHANGES_BIT = 0x40000000;
const FLAG_INCOMPLETE = 2;
const FLAG_AGGREGATES = 4;
/** The bit of a type's number that tells rows with their relations put in from rows. */
const SHAPE_BIT = 0x80000000;

/** What a type of objects with relations consists of: the rows, and what is put into each. */
interface Shape {
  readonly base: number;
  readonly edges: readonly { readonly name: string; readonly many: boolean; readonly child: number }[];
}

/** A row with its relations put in. */
interface Node {
  [name: string]: unknown;
}

const utf8 = new TextDecoder("utf-8", { ignoreBOM: true });

/**
 * The objects that components read, kept up to date by patches (PROTOCOL.md, section 3). It knows rows by type and slot
 * and queries by number, and decides nothing.
 */
export class Mirror<S extends Shown> {
  readonly #tables: unknown[][] = [];
  readonly #shapeTables: unknown[][] = [];
  readonly #shapes: Shape[] = [];
  readonly #queries = new Map<number, S>();

  /** The patch that carries the query's first result may come after this, or the next `apply` may be that one. */
  mount(query: number, shown: S): void {
    this.#queries.set(query, shown);
  }

  find(query: number): S | undefined {
    return this.#queries.get(query);
  }

  unmount(query: number): void {
    this.#queries.delete(query);
  }

  /**
   * Applies the patch that begins at byte `offset` (a multiple of four) of the memory seen by both views, marks each
   * query whose result is another now, and adds it to `changed` unless it was marked before.
   */
  apply(words: Uint32Array, bytes: Uint8Array, offset: number, changed: unknown[]): void {
    const start = offset >>> 2;
    if (words[start] !== MAGIC) throw corrupt("it does not begin with the magic word");
    const encoding = words[start + 2];
    if (encoding !== ROWS_AS_CHANGES && encoding !== ROWS_AS_JSON) throw corrupt("its rows are not JSON text");
    const rowCount = words[start + 3] as number;
    const releasedCount = words[start + 4] as number;
    const queryCount = words[start + 5] as number;

    let at = start + HEADER_WORDS;
    if (rowCount > 0) {
      const payload = offset + (words[start + 6] as number);
      this.#setRows(words, at, rowCount, utf8.decode(bytes.subarray(payload, payload + (words[start + 7] as number))));
      at += 2 * rowCount;
    }
    // Most patches have neither, and a view of bytes costs more than to look.
    const shapeCount = words[start + 8] as number;
    if (shapeCount > 0) at = this.#defineShapes(words, at, shapeCount, bytes.subarray(offset + (words[start + 10] as number)));
    const nodeCount = words[start + 9] as number;
    if (nodeCount > 0) at = this.#setNodes(words, at, nodeCount);
    const released = at;
    at += 2 * releasedCount;
    for (let i = 0; i < queryCount; i++) at = this.#setResult(words, at, changed);
    for (let i = 0, k = released; i < releasedCount; i++, k += 2) {
      this.#table(words[k] as number)[words[k + 1] as number] = undefined;
    }
  }

  #setRows(words: Uint32Array, at: number, count: number, text: string): void {
    const rows = JSON.parse(text) as unknown[];
    if (rows.length !== count) throw corrupt(`it announces ${count} rows and has ${rows.length}`);
    for (let i = 0; i < count; i++, at += 2) {
      const type = words[at] as number;
      const table = this.#table(type & ~CHANGES_BIT);
      const slot = words[at + 1] as number;
      table[slot] = type < CHANGES_BIT ? rows[i] : { ...(table[slot] as object), ...(rows[i] as object) };
    }
  }

  #defineShapes(words: Uint32Array, at: number, count: number, names: Uint8Array): number {
    for (let i = 0; i < count; i++) {
      const index = (words[at] as number) & ~SHAPE_BIT;
      const base = words[at + 1] as number;
      const edges = [];
      const end = at + 3 + 4 * (words[at + 2] as number);
      for (at += 3; at < end; at += 4) {
        const from = words[at] as number;
        const name = utf8.decode(names.subarray(from, from + (words[at + 1] as number)));
        edges.push({ name, many: words[at + 2] === 1, child: words[at + 3] as number });
      }
      this.#shapes[index] = { base, edges };
    }
    return at;
  }

  /** Children come before their parents. */
  #setNodes(words: Uint32Array, at: number, count: number): number {
    for (let i = 0; i < count; i++) {
      const type = words[at] as number;
      const slot = words[at + 1] as number;
      const shape = this.#shapes[type & ~SHAPE_BIT];
      if (shape === undefined) throw corrupt("it has an object of a shape that was never defined");
      const nodes = this.#table(type) as (Node | undefined)[];
      const before = nodes[slot];
      const node: Node = { ...(this.#table(shape.base)[slot] as object) };
      at += 2;
      for (const { name, many, child } of shape.edges) {
        const objects = this.#table(child);
        const end = at + 1 + (words[at] as number);
        if (many) {
          const list: unknown[] = [];
          for (at += 1; at < end; at++) list.push(objects[words[at] as number]);
          const old = before?.[name] as unknown[] | undefined;
          node[name] = old !== undefined && isSame(list, old) ? old : list;
        } else {
          node[name] = end === at + 1 ? null : objects[words[at + 1] as number];
        }
        at = end;
      }
      nodes[slot] = node;
    }
    return at;
  }

  #setResult(words: Uint32Array, at: number, changed: unknown[]): number {
    const shown = this.#queries.get(words[at] as number);
    const table = this.#table(words[at + 1] as number);
    const flags = words[at + 2] as number;
    const reset = (flags & FLAG_RESET) !== 0;
    const complete = (flags & FLAG_INCOMPLETE) === 0;
    const total = words[at + 3] as number;
    const length = words[at + 4] as number;
    const count = words[at + 5] as number;
    at += 6;
    let aggregates: AnyFigures | undefined;
    if ((flags & FLAG_AGGREGATES) !== 0) {
      aggregates = this.#table(words[at] as number)[words[at + 1] as number] as AnyFigures;
      at += 2;
    }
    if (shown !== undefined) {
      const before = shown.result.data;
      let data = count === 0 && !reset ? before : withSplices(reset ? EMPTY_RESULT.data : before, words, at, count, table);
      if (data.length !== length) throw corrupt(`a result has ${data.length} entities after it instead of ${length}`);
      // Several splices may cancel out, as when a row in front of the window moves and stays in front of it.
      if ((count > 1 || reset) && isSame(data, before)) data = before;
      const was = shown.result;
      if (data !== before || total !== was.total || complete !== was.complete || aggregates !== was.aggregates) {
        shown.result = aggregates === undefined ? { data, total, complete } : { data, total, complete, aggregates };
        if (!shown.changed) {
          shown.changed = true;
          changed.push(shown);
        }
      }
    }
    for (let i = 0; i < count; i++) at += 3 + (words[at + 2] as number);
    return at;
  }

  #table(type: number): unknown[] {
    const tables = type >= SHAPE_BIT ? this.#shapeTables : this.#tables;
    const index = type & ~SHAPE_BIT;
    while (tables.length <= index) tables.push([]);
    return tables[index] as unknown[];
  }
}

function corrupt(what: string): LarderError {
  return new LarderError("patch.corrupt", `A patch from the core cannot be applied: ${what}. Is the .wasm file of this version?`);
}
