/** A patch as the golden cases describe it. */
export interface PatchParts {
  readonly encoding?: number;
  /** With `changes` the JSON is only of the members that changed. */
  readonly rows: readonly { readonly type: number; readonly slot: number; readonly json: string; readonly changes?: boolean }[];
  readonly shapes?: readonly {
    readonly type: number;
    readonly base: number;
    readonly edges: readonly { readonly name: string; readonly many: boolean; readonly child: number }[];
  }[];
  readonly nodes?: readonly { readonly type: number; readonly slot: number; readonly edges: readonly (readonly number[])[] }[];
  readonly released: readonly { readonly type: number; readonly slot: number }[];
  readonly queries: readonly {
    readonly query: number;
    readonly type: number;
    readonly reset: boolean;
    readonly total: number;
    readonly length: number;
    readonly aggregates?: { readonly type: number; readonly slot: number };
    readonly splices: readonly { readonly position: number; readonly remove: number; readonly insert: readonly number[] }[];
  }[];
}

/** Writes a patch straight from PROTOCOL.md, section 3, sharing nothing with the decoder. */
export function encodePatch({ encoding = 0, rows, shapes = [], nodes = [], released, queries }: PatchParts): Uint8Array {
  const utf8 = new TextEncoder();
  const payload = utf8.encode(`[${rows.map((row) => row.json).join(",")}]`);
  const names: number[] = [];
  const named = (name: string) => {
    const bytes = utf8.encode(name);
    const at = names.length;
    names.push(...bytes);
    return [at, bytes.length];
  };
  const words = [
    ...rows.flatMap(({ type, slot, changes }) => [changes ? type + 2 ** 30 : type, slot]),
    ...shapes.flatMap(({ type, base, edges }) => [
      type,
      base,
      edges.length,
      ...edges.flatMap(({ name, many, child }) => [...named(name), many ? 1 : 0, child]),
    ]),
    ...nodes.flatMap(({ type, slot, edges }) => [type, slot, ...edges.flatMap((slots) => [slots.length, ...slots])]),
    ...released.flatMap(({ type, slot }) => [type, slot]),
    ...queries.flatMap(({ query, type, reset, total, length, aggregates, splices }) => [
      query,
      type,
      (reset ? 1 : 0) | (aggregates === undefined ? 0 : 4),
      total,
      length,
      splices.length,
      ...(aggregates === undefined ? [] : [aggregates.type, aggregates.slot]),
      ...splices.flatMap(({ position, remove, insert }) => [position, remove, insert.length, ...insert]),
    ]),
  ];
  const payloadAt = 4 * (12 + words.length);
  const namesAt = payloadAt + payload.length;
  const length = namesAt + names.length;
  const header = [
    0x3150444c,
    length,
    encoding,
    rows.length,
    released.length,
    queries.length,
    payloadAt,
    payload.length,
    shapes.length,
    nodes.length,
    namesAt,
    names.length,
  ];
  const bytes = new Uint8Array(length);
  const view = new DataView(bytes.buffer);
  [...header, ...words].forEach((word, index) => view.setUint32(4 * index, word, true));
  bytes.set(payload, payloadAt);
  bytes.set(names, namesAt);
  return bytes;
}

/** The two views that a mirror reads, over memory in which the patch begins at byte `offset`. */
export function asMemory(patch: Uint8Array, offset: number): { words: Uint32Array; bytes: Uint8Array } {
  const buffer = new ArrayBuffer(Math.ceil((offset + patch.length) / 4) * 4);
  const bytes = new Uint8Array(buffer);
  bytes.set(patch, offset);
  return { words: new Uint32Array(buffer), bytes };
}
