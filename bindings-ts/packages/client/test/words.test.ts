import { expect, test } from "vitest";
import { batch, changed, file, newCache } from "./world.js";

const box = (text: string) =>
  ({ from: "file", where: { match: { text, fields: ["name"] } }, orderBy: ["relevance", { name: "asc" }], limit: 2 }) as const;

test("a filter box shows the best first, and follows what changes", async () => {
  const cache = await newCache();
  cache.apply(batch([file("1", "Crème brûlée"), file("2", "cremeux"), file("3", "ice Creme"), file("4", "x")]));
  const typed = cache.liveQuery<{ id: string }>(box("creme"));
  const ids = () => typed.getSnapshot().data.map(({ id }) => id);
  expect(ids()).toEqual(["1", "3"]);
  expect(typed.getSnapshot().total).toBe(3);
  cache.apply(changed(file("4", "A CRE\u0300ME")));
  expect(ids()).toEqual(["4", "1"]);
  cache.dispose();
});

test("explain tells how rows were found, of mounted queries and of others", async () => {
  const cache = await newCache();
  cache.apply(batch([file("1", "a b"), file("2", "c"), file("3", "bc")]));
  expect(cache.explain(box("b"))).toMatchObject({ foundBy: "words", rowsScanned: 2, matches: 2, mounted: 0, first: 0, shown: 2 });
  cache.liveQuery(box("b")).getSnapshot();
  cache.apply(changed(file("2", "d")));
  const { mounted, timesEvaluated, columns, indexes } = cache.explain(box("B"));
  expect({ mounted, timesEvaluated }).toEqual({ mounted: 1, timesEvaluated: 1 });
  expect(columns.map(({ field }) => field)).toEqual(["name"]);
  expect(indexes).toEqual([{ kind: "words", resourceType: "file", field: "name", bytes: expect.any(Number) }]);
  expect(cache.stats()).toMatchObject({ queries: 1, indexes: 1, indexesBuilt: 1, indexesDropped: 0 });
  expect(() => cache.explain({ from: "file", where: { name: { matches: "b" } } } as never)).toThrow(/not an operator/);
  cache.dispose();
});
