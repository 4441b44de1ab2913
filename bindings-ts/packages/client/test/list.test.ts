import { describe, expect, test } from "vitest";
import { LIST_ABOVE, List } from "../src/list.js";
import { isSame, withSplices } from "../src/splice.js";
import { batch, changed, deleted, type File, file, newCache, seeded } from "./world.js";

const numbers = (count: number) => Array.from({ length: count }, (_, i) => i);
const listOf = <T>(rows: readonly T[]): readonly T[] => List.of(rows);
/** How many rows lie in chunks that the list before did not have: that many references were copied. */
function copied(list: readonly unknown[], before: readonly unknown[]): number {
  const known = new Set(List.chunks(before as List));
  return List.chunks(list as List).reduce((sum, chunk) => sum + (known.has(chunk) ? 0 : chunk.length), 0);
}

test("a list does what an array does", () => {
  const array = numbers(1000).map((i) => ({ i: (i * 7919) % 1000 }));
  const list = listOf(array);
  const row = array[700]!;
  const answers = (rows: readonly { i: number }[]) => [
    rows.length, rows[0], rows[999], rows[1000], rows.at(-1), rows.at(-1001), rows.at(1.9), rows.slice(), rows.slice(-3),
    rows.slice(500, 760), rows.slice(700, 3), rows.slice(-2000, 2000), [...rows], Array.from(rows.entries()), [...rows.keys()].length,
    rows.map(({ i }, at) => i + at), rows.filter(({ i }) => i > 900), rows.find(({ i }) => i === 5), rows.findIndex(({ i }) => i === 5),
    rows.findLast(({ i }) => i < 9), rows.indexOf(row), rows.lastIndexOf(row), rows.includes(row), rows.some(({ i }) => i === 1000),
    rows.every(({ i }) => i < 1000), rows.reduce((sum, { i }) => sum + i, 0), rows.reduceRight((sum, { i }) => sum - i, 0),
    rows.flatMap(({ i }) => [i, i]), rows.concat([row]), [row, ...rows], rows.toSorted((a, b) => a.i - b.i), rows.toReversed(),
    rows.with(3, row), rows.toSpliced(1, 2), rows.join(), String(rows), JSON.stringify({ rows }), 999 in rows, "map" in rows,
    Array.prototype.map.call(rows, (one) => one), Object.hasOwn(rows, "none"),
  ];
  const expected = answers(array);
  answers(list).forEach((answer, i) => expect(answer, `answer ${i}`).toEqual(expected[i]));
});

test("a list cannot be changed", () => {
  const list = listOf(numbers(3000)) as unknown as number[];
  expect(() => (list[0] = 5)).toThrow(TypeError);
  expect(() => (list.length = 0)).toThrow(TypeError);
  expect(list.push).toBeUndefined();
  expect(list.sort).toBeUndefined();
});

test("random splices give what they give of an array, share what they do not touch, and leave the old list as it was", () => {
  const random = seeded(Number(process.env["LARDER_SEED"] ?? 7));
  const below = (count: number) => Math.floor(random() * count);
  const table = numbers(20_000).map((i) => ({ i }));
  let list: readonly unknown[] = listOf(table.slice(0, 6000));
  for (let round = 0; round < 150; round++) {
    const words: number[] = [];
    const expected = list.slice();
    const count = 1 + below(4);
    let touched = 0;
    for (let i = 0; i < count; i++) {
      const position = below(expected.length + 1);
      const remove = Math.min(below(10) === 0 ? below(900) : below(3), expected.length - position);
      const insert = Array.from({ length: below(10) === 0 ? below(1000) : below(3) }, () => below(table.length));
      words.push(position, remove, insert.length, ...insert);
      expected.splice(position, remove, ...insert.map((slot) => table[slot]!));
      touched += insert.length;
    }
    const before = list.slice();
    const after = withSplices(list, Uint32Array.from(words), 0, count, table);
    expect(isSame(after, listOf(expected))).toBe(true);
    expect(isSame(after, list)).toBe(isSame(expected, before));
    expect(isSame(list.slice(), before)).toBe(true);
    expect(isSame(after.slice(), expected)).toBe(true);
    expect(copied(after, list)).toBeLessThan(touched + count * 4 * 256 + 1);
    const chunks = List.chunks(after as List);
    expect(chunks.every((chunk) => chunk.length <= 512)).toBe(true);
    expect(chunks.length).toBeLessThan(16 + after.length / 64);
    list = after.length > 3000 ? after : listOf(table.slice(0, 6000));
  }
});

describe("a large result", () => {
  const rows = numbers(100_000).map((i) => file(`f${String(i).padStart(6, "0")}`));
  const byName = { from: "file", orderBy: [{ name: "asc" }] } as const;

  test("is a list, and one update of it copies a chunk", async () => {
    const cache = await newCache();
    cache.apply(batch(rows));
    const files = cache.liveQuery<File>(byName);
    files.subscribe(() => undefined);
    const before = files.getSnapshot().data;
    expect(before).toHaveLength(100_000);
    expect(Array.isArray(before)).toBe(false);

    cache.apply(changed(file("f050000", "f050000", 9)));
    const after = files.getSnapshot().data;
    expect(after[50_000]).toEqual(file("f050000", "f050000", 9));
    expect(before[50_000]).toEqual(file("f050000"));
    expect(after[49_999]).toBe(before[49_999]);
    expect(copied(after, before)).toBe(256);

    cache.apply(changed(file("f050000", "f000000a", 9)));
    const moved = files.getSnapshot().data;
    expect(moved.slice(0, 3).map(({ name }) => name)).toEqual(["f000000", "f000000a", "f000001"]);
    expect(copied(moved, after)).toBe(255 + 257);

    cache.apply(changed(file("f050000", "f000000a", 9)));
    expect(files.getSnapshot().data).toBe(moved);
  });

  test("is a plain array as soon as it has no more than 2,000 rows", async () => {
    const cache = await newCache();
    cache.apply(batch(rows.slice(0, LIST_ABOVE + 1)));
    const files = cache.liveQuery<File>(byName);
    files.subscribe(() => undefined);
    expect(LIST_ABOVE).toBe(2000);
    const isArray = () => Array.isArray(files.getSnapshot().data);
    expect(isArray()).toBe(false);
    const kept = files.getSnapshot().data[7];
    cache.apply(deleted("f000000"));
    expect(isArray()).toBe(true);
    expect(files.getSnapshot().data[6]).toBe(kept);
    cache.apply(changed(rows[0]!));
    expect(isArray()).toBe(false);
    expect(files.getSnapshot().data[7]).toBe(kept);
  });
});
