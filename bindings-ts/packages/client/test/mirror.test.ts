import { describe, expect, test } from "vitest";
import { LarderError } from "../src/errors.js";
import { Mirror, type Shown } from "../src/mirror.js";
import { EMPTY_RESULT } from "../src/result.js";
import { spliced } from "../src/splice.js";
import { asMemory, encodePatch, type PatchParts } from "./encode_patch.js";
import { seeded } from "./world.js";

interface Row {
  readonly id: number;
}

function mirrorOf(...queries: number[]) {
  const mirror = new Mirror<Shown>();
  const views = queries.map((query) => {
    const view: Shown = { result: EMPTY_RESULT, changed: false };
    mirror.mount(query, view);
    return view;
  });
  const apply = (parts: Partial<PatchParts>, damage?: (words: Uint32Array) => void) => {
    const { words, bytes } = asMemory(encodePatch({ rows: [], released: [], queries: [], ...parts }), 0);
    damage?.(words);
    const changed: Shown[] = [];
    mirror.apply(words, bytes, 0, changed);
    return changed;
  };
  return { views, apply };
}

const row = (slot: number, id = slot) => ({ type: 0, slot, json: JSON.stringify({ id }) });
const first = (query: number, slots: number[]) => ({
  query, type: 0, reset: true, total: slots.length, length: slots.length, splices: [{ position: 0, remove: 0, insert: slots }],
});

describe("identity", () => {
  test("a row that did not change is the same object in the next result", () => {
    const { views: [view], apply } = mirrorOf(1);
    apply({ rows: [row(0), row(1), row(2)], queries: [first(1, [0, 1, 2])] });
    const before = view!.result;
    apply({
      rows: [row(1, 10)],
      queries: [{ query: 1, type: 0, reset: false, total: 3, length: 3, splices: [{ position: 1, remove: 1, insert: [1] }] }],
    });
    expect(view!.result).not.toBe(before);
    expect(view!.result.data).not.toBe(before.data);
    expect(before.data).toEqual([{ id: 0 }, { id: 1 }, { id: 2 }]);
    expect(view!.result.data[0]).toBe(before.data[0]);
    expect(view!.result.data[1]).toEqual({ id: 10 });
    expect(view!.result.data[2]).toBe(before.data[2]);
  });

  test("a change of the total alone keeps the array", () => {
    const { views: [view], apply } = mirrorOf(1);
    apply({ rows: [row(0)], queries: [first(1, [0])] });
    const before = view!.result;
    apply({ queries: [{ query: 1, type: 0, reset: false, total: 9, length: 1, splices: [] }] });
    expect(view!.result).toEqual({ data: [{ id: 0 }], total: 9, complete: true });
    expect(view!.result.data).toBe(before.data);
  });

  test("splices that cancel out change nothing", () => {
    const { views: [view], apply } = mirrorOf(1);
    apply({ rows: [row(0), row(1), row(2)], queries: [first(1, [0, 1])] });
    const before = view!.result;
    view!.changed = false;
    const there = { position: 0, remove: 1, insert: [] };
    const back = { position: 0, remove: 0, insert: [0] };
    const changed = apply({ queries: [{ query: 1, type: 0, reset: false, total: 2, length: 2, splices: [there, back] }] });
    expect(changed).toEqual([]);
    expect(view!.result).toBe(before);
  });

  test("a row shown by two queries is one object", () => {
    const { views: [one, two], apply } = mirrorOf(1, 2);
    apply({ rows: [row(0)], queries: [first(1, [0]), first(2, [0])] });
    expect(one!.result.data[0]).toBe(two!.result.data[0]);
  });
});

test("a query that nobody has mounted is skipped, and those behind it are read", () => {
  const { views: [view], apply } = mirrorOf(2);
  const changed = apply({ rows: [row(0), row(1)], queries: [first(1, [0, 1]), first(2, [1])] });
  expect(changed).toEqual([view]);
  expect(view!.result.data).toEqual([{ id: 1 }]);
});

test("a query that was marked as changed before is not noted twice", () => {
  const { apply } = mirrorOf(1);
  expect(apply({ rows: [row(0)], queries: [first(1, [0])] })).toHaveLength(1);
  expect(apply({ rows: [row(1)], queries: [first(1, [1])] })).toHaveLength(0);
});

test.each<[string, (words: Uint32Array) => void]>([
  ["another magic word", (words) => (words[0] = 0x3250444c)],
  ["another row encoding", (words) => (words[2] = 1)],
  ["a list of another length", (words) => (words[12 + 2 + 4] = 7)],
])("a patch with %s is refused", (_what, damage) => {
  const { apply } = mirrorOf(1);
  const attempt = () => apply({ rows: [row(0)], queries: [first(1, [0])] }, damage);
  expect(attempt).toThrow(LarderError);
  expect(attempt).toThrow(expect.objectContaining({ kind: "patch.corrupt" }));
});

describe("splices", () => {
  const table: Row[] = Array.from({ length: 4096 }, (_, id) => ({ id }));

  /** Random splices, ascending or in any order, and the list they should give by the plainest reading. */
  function randomCase(random: () => number) {
    const list = table.slice(0, Math.floor(random() * 40));
    const expected = list.slice();
    const words: number[] = [];
    const count = Math.floor(random() * 20);
    const isAscending = random() < 0.5;
    let next = 100;
    let from = 0;
    for (let i = 0; i < count; i++) {
      const position = from + Math.floor(random() * (expected.length - from + 1));
      const remove = Math.min(Math.floor(random() * 4), expected.length - position);
      const insert = Array.from({ length: Math.floor(random() * 4) }, () => next++);
      expected.splice(position, remove, ...insert.map((slot) => table[slot]!));
      words.push(position, remove, insert.length, ...insert);
      from = isAscending ? position + insert.length : 0;
    }
    return { list, expected, count, words: Uint32Array.from([99, ...words]) };
  }

  test("random splices give what Array.splice gives", () => {
    const random = seeded(Number(process.env["LARDER_SEED"] ?? 7));
    for (let round = 0; round < 3000; round++) {
      const { list, expected, count, words } = randomCase(random);
      const copy = list.slice();
      expect(spliced(list, words, 1, count, table)).toEqual(expected);
      expect(list).toEqual(copy);
    }
  });

  test("a splice of 200,000 slots does not exhaust the stack", () => {
    const insert = Uint32Array.from([0, 0, 200_000, ...Array.from({ length: 200_000 }, (_, i) => i % 4096)]);
    expect(spliced([], insert, 0, 1, table)).toHaveLength(200_000);
  });
});
