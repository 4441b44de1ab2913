import { expect, test } from "vitest";
import { batch, changed, deleted, file, newCache } from "./world.js";

const figures = { n: "count", bytes: { sum: "size" }, most: { max: "size" } } as const;

test("the figures beside a window change without the window, and stay the same object until one of them is another", async () => {
  const cache = await newCache();
  cache.apply(batch([file("a", "a", 1), file("b", "b", 5), file("c", "c", 3)]));
  const live = cache.liveQuery<{ id: string }>({ from: "file", orderBy: [{ name: "asc" }], limit: 1, aggregate: figures });
  let told = 0;
  live.subscribe(() => told++);
  const first = live.getSnapshot();
  expect(first).toMatchObject({ total: 3, aggregates: { n: 3, bytes: 9, most: 5 } });

  cache.apply(changed(file("b", "b", 4)));
  const second = live.getSnapshot();
  expect(second.aggregates).toEqual({ n: 3, bytes: 8, most: 4 });
  expect(second.data).toBe(first.data);
  expect(told).toBe(1);

  cache.apply(changed(file("c", "another name", 3)));
  expect(live.getSnapshot().aggregates).toBe(second.aggregates);

  cache.apply(deleted("b"));
  expect(live.getSnapshot().aggregates).toEqual({ n: 2, bytes: 4, most: 3 });
});

test("a group that did not change is the same object", async () => {
  const cache = await newCache();
  cache.apply(batch([file("a", "x", 1), file("b", "x", 5), file("c", "y", 3)]));
  const live = cache.liveQuery<{ name: string }>({ from: "file", groupBy: ["name"], aggregate: figures });
  let told = 0;
  live.subscribe(() => told++);
  const before = live.getSnapshot();
  expect(before.data).toEqual([{ name: "x", n: 2, bytes: 6, most: 5 }, { name: "y", n: 1, bytes: 3, most: 3 }]);

  cache.apply(changed(file("b", "z", 5)));
  const after = live.getSnapshot();
  expect(after.data).toEqual([{ name: "x", n: 1, bytes: 1, most: 1 }, { name: "y", n: 1, bytes: 3, most: 3 }, { name: "z", n: 1, bytes: 5, most: 5 }]);
  expect(after.data[1]).toBe(before.data[1]);
  expect(told).toBe(1);

  cache.apply(deleted("c"));
  expect(live.getSnapshot().data.map(({ name }) => name)).toEqual(["x", "z"]);
  expect(live.getSnapshot().data[1]).toBe(after.data[2]);
});
