import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type AsyncCache, type Cache, createCache, type LoadProgress } from "../src/index.js";
import { lastBoundary, likelyBoundary } from "../src/load/boundary.js";
import { overChannel } from "./over_channel.js";
import { registry, seeded } from "./world.js";

interface Row {
  readonly id: string;
  readonly name: string;
  readonly [more: string]: unknown;
}

const encoder = new TextEncoder();
const flat = (count: number): Row[] => Array.from({ length: count }, (_, i) => ({ id: `f${i}`, name: `file ${i} ${"x".repeat(400)}`, size: i }));
/** Rows in which the ends of rows are hard to tell: arrays of objects, and strings full of brackets. */
const tricky = (count: number): Row[] => {
  const random = seeded(7);
  return Array.from({ length: count }, (_, i) => ({
    id: `f${i}`,
    name: ['},{"id":"', '\\"},{', "}]}},{", "\u{1f9c0}{[", '"'][Math.floor(random() * 5)]!.repeat(1 + Math.floor(random() * 40)),
    tags: Array.from({ length: Math.floor(random() * 30) }, (_, k) => ({ id: k, of: [{}, { n: "},{" }] })),
  }));
};
const inPieces = (bytes: Uint8Array, size: number): ReadableStream<Uint8Array> =>
  new ReadableStream({
    start(controller) {
      for (let at = 0; at < bytes.length; at += size) controller.enqueue(bytes.slice(at, at + size));
      controller.close();
    },
  });

describe.each([
  ["in the page", () => createCache({ registry })],
  ["in a worker", () => createCache({ registry, worker: overChannel })],
] as [string, () => Promise<Cache | AsyncCache>][])("a load %s", (_, open) => {
  let cache: Cache | AsyncCache;
  beforeEach(async () => {
    cache = await open();
  });
  afterEach(() => cache.dispose());
  const loaded = async () => {
    const live = cache.liveQuery<Row>({ from: "file" });
    const end = live.subscribe(() => undefined);
    await cache.stats();
    const rows = [...live.getSnapshot().data];
    end();
    return rows.sort((a, b) => Number(a.id.slice(1)) - Number(b.id.slice(1)));
  };

  test.each([
    ["text", (text: string) => text],
    ["bytes", (text: string) => encoder.encode(text)],
    ["a stream of small pieces", (text: string) => inPieces(encoder.encode(text), 1000)],
    ["an answer of a backend", (text: string) => new Response(text)],
  ])("of %s has every row, whatever is in them, and takes them in slices", async (_, sourceOf) => {
    for (const rows of [flat(6000), tricky(4000)]) {
      const seen: LoadProgress[] = [];
      const text = JSON.stringify(rows);
      const end = await cache.load("file", sourceOf(text), { onProgress: (progress) => seen.push(progress) });
      expect(await loaded()).toEqual(rows);
      expect(seen.length).toBeGreaterThan(1);
      expect(seen.map(({ bytes }) => bytes)).toEqual(seen.map(({ bytes }) => bytes).sort((a, b) => a - b));
      expect(end.bytes).toBe(encoder.encode(text).length);
      expect(seen.at(-1)).toEqual(end);
      for (const { id } of rows) await cache.apply({ ResourceDeleted: { resource_type: "file", resource_id: id } });
    }
  }, 30_000);

  test("of nothing is one, with white space too, and of rows with white space between them", async () => {
    expect(await cache.load("file", " [ \n] ")).toMatchObject({ changed: 0 });
    expect(await cache.load("file", JSON.stringify(flat(3000), null, 2))).toMatchObject({ changed: 3000 });
    expect(await loaded()).toHaveLength(3000);
  });

  test("counts what it changed and what was older", async () => {
    const tags = (version: number) => JSON.stringify([{ slug: "a", version }, { slug: "b", version: 5 }]);
    expect(await cache.load("tag", tags(2))).toMatchObject({ changed: 2, stale: 0 });
    expect(await cache.load("tag", tags(1))).toMatchObject({ changed: 0, stale: 1 });
  });

  test("that breaks off or goes wrong says where it fails, and keeps the slices before that", async () => {
    const text = JSON.stringify(flat(6000));
    await expect(cache.load("file", text.slice(0, -20))).rejects.toMatchObject({ kind: "load.cut_off" });
    const kept = (await loaded()).length;
    expect(kept).toBeGreaterThan(0);
    expect(kept).toBeLessThan(6000);
    await expect(cache.load("file", "{}")).rejects.toMatchObject({ kind: "load.not_an_array" });
    await expect(cache.load("file", "")).rejects.toMatchObject({ kind: "load.cut_off" });
    await expect(cache.load("file", new Response("no", { status: 404 }))).rejects.toMatchObject({ kind: "load.no_rows" });
    const wrong = text.replace('"id":"f5000"', '"id":true');
    await expect(cache.load("file", wrong)).rejects.toMatchObject({ kind: expect.stringMatching(/^event\./) });
  });

  test("can be ended between two slices", async () => {
    const abort = new AbortController();
    const load = cache.load("file", JSON.stringify(flat(6000)), { signal: abort.signal, onProgress: () => abort.abort() });
    await expect(load).rejects.toMatchObject({ name: "AbortError" });
    const { length } = await loaded();
    expect(length).toBeGreaterThan(0);
    expect(length).toBeLessThan(6000);
  });

  test("does not take the bytes from whoever gave them", async () => {
    const bytes = encoder.encode(JSON.stringify(flat(10)));
    await cache.load("file", bytes);
    expect(bytes.length).toBeGreaterThan(0);
    expect(await cache.load("file", bytes)).toMatchObject({ bytes: bytes.length });
  });
});

describe("the boundary between rows", () => {
  const at = (find: typeof lastBoundary, text: string) => find(encoder.encode(text));

  test("is the last one, with white space around the comma or without", () => {
    for (const find of [likelyBoundary, lastBoundary]) {
      expect(at(find, '{"a":1},{"b":2},{"c"')).toEqual({ end: 15, next: 16 });
      expect(at(find, '{"a":1} ,\n {"b":2')).toEqual({ end: 7, next: 11 });
      expect(at(find, '{"a":1')).toBeUndefined();
    }
  });

  test("counted out is never inside of a row", () => {
    expect(at(lastBoundary, '{"a":[{},{}],"b":"},{\\"},{"},{"c":[{},{')).toEqual({ end: 28, next: 29 });
  });
});
