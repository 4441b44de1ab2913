import { expect, test } from "vitest";
import { batch, changed, deleted, type File, file, newCache } from "./world.js";

const byName = { from: "file", orderBy: [{ name: "asc" }] } as const;

test("a result keeps its identity until something in it changes", async () => {
  const cache = await newCache();
  cache.apply(batch([file("a"), file("b"), file("c")]));
  const files = cache.liveQuery<File>(byName);
  const before = files.getSnapshot();
  expect(before).toEqual({ data: [file("a"), file("b"), file("c")], total: 3, complete: true });
  expect(files.getSnapshot()).toBe(before);

  cache.apply(changed({ slug: "t", version: 1 }, "tag"));
  expect(files.getSnapshot()).toBe(before);

  cache.apply(changed(file("b", "b", 2)));
  const after = files.getSnapshot();
  expect(after).not.toBe(before);
  expect(after.data[0]).toBe(before.data[0]);
  expect(after.data[1]).toEqual(file("b", "b", 2));
  expect(after.data[2]).toBe(before.data[2]);
  expect(before.data[1]).toEqual(file("b"));
});

test("the same event again changes nothing and tells nobody", async () => {
  const cache = await newCache();
  cache.apply(changed(file("a")));
  const files = cache.liveQuery<File>(byName);
  let told = 0;
  files.subscribe(() => told++);
  const before = files.getSnapshot();
  expect(cache.apply(changed(file("a")))).toEqual({ changed: 0, stale: 0, duplicate: false, held: false });
  expect(files.getSnapshot()).toBe(before);
  expect(told).toBe(0);
});

test("an entity is the same object in every query that shows it", async () => {
  const cache = await newCache();
  cache.apply(batch([file("a", "x", 5), file("b", "y", 1)]));
  const large = cache.liveQuery<File>({ from: "file", where: { size: { gt: 2 } } });
  const all = cache.liveQuery<File>(byName);
  expect(large.getSnapshot().data[0]).toBe(all.getSnapshot().data[0]);
  expect(cache.entity<File>("file", "a").getSnapshot()).toBe(all.getSnapshot().data[0]);
});

test("a change beyond the window changes the total and keeps the array", async () => {
  const cache = await newCache();
  cache.apply(batch([file("a"), file("b"), file("c")]));
  const page = cache.liveQuery<File>({ ...byName, limit: 2 });
  page.subscribe(() => undefined);
  const before = page.getSnapshot();
  cache.apply(changed(file("d")));
  expect(page.getSnapshot().data).toBe(before.data);
  expect(page.getSnapshot().total).toBe(4);
  cache.apply(changed(file("d", "d", 7)));
  expect(page.getSnapshot().data).toBe(before.data);
});

test("an entity follows its row, by an id field of any name, from nothing to nothing", async () => {
  const cache = await newCache();
  const tag = cache.entity<{ slug: string; color: string }>("tag", "red");
  const seen: unknown[] = [];
  tag.subscribe(() => seen.push(tag.getSnapshot()));
  expect(tag.getSnapshot()).toBeUndefined();
  cache.apply(changed({ slug: "red", color: "#f00", version: 1 }, "tag"));
  cache.apply(changed({ slug: "red", color: "#e00", version: 2 }, "tag"));
  cache.apply(changed({ slug: "red", color: "#000", version: 1 }, "tag"));
  cache.apply(deleted("red", "tag"));
  expect(seen).toEqual([{ slug: "red", color: "#f00", version: 1 }, { slug: "red", color: "#e00", version: 2 }, undefined]);
});

test("an entity with an integer id is found by the number and by its text", async () => {
  const cache = await newCache();
  cache.apply(changed({ id: 7, name: "seven" }));
  expect(cache.entity("file", 7).getSnapshot()).toEqual({ id: 7, name: "seven" });
  expect(cache.entity("file", "7").getSnapshot()).toEqual({ id: 7, name: "seven" });
});

test("a result reads well in a console", async () => {
  const { inspect } = await import("node:util");
  const cache = await newCache();
  cache.apply(changed(file("a")));
  expect(inspect(cache.liveQuery(byName).getSnapshot())).toBe("{ data: [ { id: 'a', name: 'a', size: 1 } ], total: 1, complete: true }");
});

test("in a row that changed, the values that did not are the same objects", async () => {
  const cache = await newCache();
  const row = { id: "a", text: "long enough for a change to be less than half of the row", meta: { camera: "x" }, tags: ["t"], size: 1 };
  cache.apply(changed(row));
  const files = cache.liveQuery<typeof row>({ from: "file" });
  files.subscribe(() => undefined);
  const [before] = files.getSnapshot().data;
  cache.apply(changed({ ...row, size: 2 }));
  const [after] = files.getSnapshot().data;
  expect(after).toEqual({ ...row, size: 2 });
  expect(before).toEqual(row);
  expect(after?.meta).toBe(before?.meta);
  expect(after?.tags).toBe(before?.tags);
});
