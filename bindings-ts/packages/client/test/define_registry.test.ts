import { expect, test } from "vitest";
import { createCache, defineRegistry, type } from "../src/index.js";
import { batch } from "./world.js";

interface Page {
  readonly slug: string;
  readonly parent: string | null;
}

test("a registry by hand is the data that the core takes, without what is there for the compiler alone", () => {
  const registry = defineRegistry(
    {
      page: {
        row: type<Page>(),
        id: "slug",
        relations: { parent_page: { to: "page", kind: "one", field: "parent" } },
        index: ["parent"],
      },
      note: { row: type<{ id: number; revision: number }>(), version: "revision", merge: "deep" },
    },
    { unknownTypes: "refuse", events: ["Ping"] },
  );
  expect(registry).toEqual({
    types: [
      { name: "page", id: "slug", relations: { parent_page: { to: "page", kind: "one", field: "parent" } }, index: ["parent"] },
      { name: "note", version: "revision", merge: "deep" },
    ],
    unknownTypes: "refuse",
    events: ["Ping"],
  });
});

test("a cache made with it stores, finds and refuses by it", async () => {
  const registry = defineRegistry({ page: { row: type<Page>(), id: "slug" } }, { unknownTypes: "refuse" });
  const cache = await createCache({ registry });
  cache.apply(batch([{ slug: "a", parent: null }, { slug: "b", parent: "a" }], "page"));
  expect(cache.entity("page", "b").getSnapshot()?.parent).toBe("a");
  expect(cache.liveQuery({ from: "page", where: { parent: { isNull: true } } }).getSnapshot().data.map((page) => page.slug)).toEqual(["a"]);
  expect(() => cache.apply(batch([{ id: "x" }], "pages"))).toThrow(/pages/);
});

test("what the compiler cannot see, the core refuses by name", async () => {
  const registry = defineRegistry({
    page: { row: type<Page>(), id: "slug", relations: { mother: { to: "page", kind: "one", field: "parent", holds: "resources" } } },
  });
  await expect(createCache({ registry })).rejects.toMatchObject({ kind: expect.stringMatching(/^registry\./), message: expect.stringContaining("mother") });
});
