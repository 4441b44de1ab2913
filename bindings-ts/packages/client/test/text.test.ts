import { expect, test } from "vitest";
import { batch, changed, event, file, newCache } from "./world.js";

const nasty = ["__proto__", "constructor", "toString", "hasOwnProperty", "prototype", "valueOf", "then", ""];

test("keys and ids that mean something to JavaScript are data like any other", async () => {
  const cache = await newCache();
  const text = `{"id":"__proto__","__proto__":{"polluted":true},"constructor":1,"toString":null,"then":[1]}`;
  cache.apply(`{"ResourceChanged":{"resource_type":"file","resource":${text}}}`);
  const [row] = cache.liveQuery<object>({ from: "file", where: { ["__proto__.polluted"]: true } }).getSnapshot().data;
  expect(Object.getPrototypeOf(row)).toBe(Object.prototype);
  expect(JSON.stringify(row)).toBe(text);
  expect((row as { polluted?: unknown }).polluted).toBeUndefined();
  expect(({} as { polluted?: unknown }).polluted).toBeUndefined();

  for (const id of nasty.filter((id) => id !== "")) {
    cache.apply(changed(file(id, `name of ${id}`)));
    cache.apply(changed({ id, kind: id }, id));
    expect(cache.entity("file", id).getSnapshot()).toEqual(file(id, `name of ${id}`));
    expect(cache.liveQuery({ from: id, where: { [id]: null, kind: id } }).getSnapshot().data).toEqual([{ id, kind: id }]);
  }
});

test("a mutation may have nasty ids and fields", async () => {
  const cache = await newCache();
  cache.apply(changed(file("__proto__")));
  const fields = JSON.parse(`{"__proto__":{"polluted":true},"name":"new"}`) as object;
  const id = "constructor";
  cache.mutate({ id, name: "toString", optimistic: [{ type: "merge", data: { resource_type: "file", id: "__proto__", fields } }] });
  expect(cache.entity<{ name: string }>("file", "__proto__").getSnapshot()?.name).toBe("new");
  expect(cache.pending()).toEqual([{ id, name: "toString", state: "queued" }]);
  cache.reject(id, { kind: "x", message: "y" });
  expect(cache.entity("file", "__proto__").getSnapshot()).toEqual(file("__proto__"));
});

const texts: [string, string][] = [
  ["two bytes a character", "ñ".repeat(1 << 19)],
  ["three bytes a character", "漢".repeat(350_000)],
  ["four bytes a character", "🦊".repeat(1 << 18)],
  ["ASCII with the rest at its end", "x".repeat(1 << 20) + "漢".repeat(100_000)],
  ["a rest that begins ASCII", "漢".repeat(100_000) + "x".repeat(1 << 20)],
  ["just what fits into the scratch", "x".repeat((64 << 10) - 80)],
  ["a little more than fits into the scratch", "x".repeat((64 << 10) - 20)],
  ["what fits by characters and not by bytes", "漢".repeat(30_000)],
];
test.each(texts)("a text of %s arrives as it is, as text, as bytes and as object", async (_what, name) => {
  const cache = await newCache();
  const files = cache.liveQuery<{ name: string }>({ from: "file" });
  const text = JSON.stringify(changed(file("a", name)));
  expect(cache.apply(text).changed).toBe(1);
  expect(files.getSnapshot().data[0]?.name === name).toBe(true);
  cache.apply(changed(file("a")));
  expect(cache.apply(new TextEncoder().encode(text)).changed).toBe(1);
  expect(files.getSnapshot().data[0]?.name === name).toBe(true);
  cache.apply(changed(file("a")));
  expect(cache.apply(changed(file("a", name))).changed).toBe(1);
  expect(files.getSnapshot().data[0]?.name === name).toBe(true);
  cache.dispose();
});

test("a lone surrogate, which UTF-8 has no place for, becomes U+FFFD", async () => {
  const cache = await newCache();
  cache.apply(`{"ResourceChanged":{"resource_type":"file","resource":{"id":"a","name":"\ud800x","tail":"x\udfff"}}}`);
  expect(cache.entity("file", "a").getSnapshot()).toEqual({ id: "a", name: "\ufffdx", tail: "x\ufffd" });
});

test("a lone surrogate written as an escape, as in an event that is an object, is refused", async () => {
  const cache = await newCache();
  expect(() => cache.apply(changed(file("a", "\ud800x")))).toThrow(expect.objectContaining({ kind: "event.malformed_json", message: expect.stringContaining("surrogate") }));
  expect(() => cache.mutate({ name: "x", optimistic: [{ type: "upsert", data: { resource_type: "file", resource: file("a", "\udfff") } }] })).toThrow(expect.objectContaining({ name: "LarderError" }));
  cache.apply(changed(file("a", "\ud83e\udd8a")));
  expect(cache.entity("file", "a").getSnapshot()).toEqual(file("a", "🦊"));
  expect(cache.pending()).toEqual([]);
});

test("bytes of a larger buffer are read from where they are", async () => {
  const cache = await newCache();
  const text = new TextEncoder().encode(`   ${JSON.stringify(changed(file("a")))}garbage`);
  cache.apply(text.subarray(3, text.length - 7));
  expect(cache.entity("file", "a").getSnapshot()).toEqual(file("a"));
});

test("a large batch is taken without keeping more memory than its text", async () => {
  const cache = await newCache();
  const rows = Array.from({ length: 40_000 }, (_, i) => file(`file-${i}`, `${"some name ".repeat(20)}${i}`, i));
  const text = JSON.stringify(event(1, "ResourceBatchChanged", { resource_type: "file", resources: rows }));
  expect(cache.apply(text).changed).toBe(40_000);
  const { rowBytes, bufferBytes, entities } = cache.stats();
  expect(entities).toBe(40_000);
  expect(rowBytes).toBeGreaterThan(0.95 * text.length);
  expect(bufferBytes).toBeLessThan(1.05 * text.length);
  const last = cache.liveQuery({ from: "file", orderBy: [{ size: "desc" }], limit: 2 });
  expect(last.getSnapshot().data).toEqual([rows[39_999], rows[39_998]]);
});

test("the views of the memory survive its growth at any moment", async () => {
  const cache = await newCache();
  const files = cache.liveQuery({ from: "file", orderBy: [{ size: "desc" }], limit: 3 });
  files.subscribe(() => undefined);
  let size = 0;
  for (let round = 0; round < 12; round++) {
    cache.apply(batch(Array.from({ length: 1 << round }, () => file(`f${size}`, "n".repeat(500), ++size))));
    cache.apply(changed(file("small", "s", -round)));
    expect(files.getSnapshot().data[0]).toEqual(file(`f${size - 1}`, "n".repeat(500), size));
    expect(files.getSnapshot().total).toBe(size + 1);
  }
});
