import { expectTypeOf, test } from "vitest";
import type { Cache, ResourcesOf } from "../../src/index.js";
import type { defined, Resources, Tag } from "./library.js";

declare const byHand: Cache<ResourcesOf<typeof defined>>;
declare const cache: Cache<Resources>;
declare const column: "name" | "color";
declare const dir: "asc" | "desc";

test("rows are ordered by fields and paths that hold something with an order", () => {
  cache.liveQuery({
    from: "file",
    orderBy: [{ favorite: "desc" }, { name: { collate: "natural", dir: "asc", nulls: "last" } }, { "meta.camera.iso": "desc" }, { "meta.labels.a": "asc" }],
  });
  byHand.liveQuery({ from: "tag", orderBy: [{ name: "asc" }, { owner: "desc" }] });
  expectTypeOf(cache.liveQuery({ from: "tag", orderBy: [{ [column]: dir }] }).getSnapshot().data).toEqualTypeOf<readonly Tag[]>();
});

test("fields that do not exist, and those without an order, are refused", () => {
  // @ts-expect-error
  cache.liveQuery({ from: "file", orderBy: [{ nam: "asc" }] });
  // @ts-expect-error
  byHand.liveQuery({ from: "file", orderBy: [{ name: "asc" }, { nam: "asc" }] });
  // @ts-expect-error
  cache.liveQuery({ from: "file", orderBy: [{ "meta.camera.mode": "asc" }] });
  // @ts-expect-error: a name alone is no key
  cache.liveQuery({ from: "file", orderBy: ["name"] });
  // @ts-expect-error: nor where rows have no objects in them
  cache.liveQuery({ from: "tag", orderBy: ["name"] });
  // @ts-expect-error: arrays have no order
  cache.liveQuery({ from: "file", orderBy: [{ tag_ids: "asc" }] });
  // @ts-expect-error: objects have no order
  cache.liveQuery({ from: "file", orderBy: [{ meta: "asc" }] });
});

test("directions and options are checked", () => {
  // @ts-expect-error
  cache.liveQuery({ from: "file", orderBy: [{ name: "up" }] });
  // @ts-expect-error
  cache.liveQuery({ from: "file", orderBy: [{ name: { colate: "natural" } }] });
  // @ts-expect-error: it is a list
  cache.liveQuery({ from: "file", orderBy: { name: "asc" } });
});

test("the window is checked, and so is what a query may have at all", () => {
  cache.liveQuery({ from: "file", limit: 10, offset: 5, after: { values: ["a"], id: "f1" } });
  // @ts-expect-error
  cache.liveQuery({ from: "file", limit: "10" });
  // @ts-expect-error
  cache.liveQuery({ from: "file", lmit: 10 });
  // @ts-expect-error
  byHand.liveQuery({ from: "file", order: [{ name: "asc" }] });
});
