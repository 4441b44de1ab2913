import { describe, expectTypeOf, test } from "vitest";
import type { Cache, ResourcesOf } from "../../src/index.js";
import type { defined, File, Resources, Tag, User } from "./library.js";

declare const byHand: Cache<ResourcesOf<typeof defined>>;
declare const cache: Cache<Resources>;

/** What one row of a live query is. */
type RowIn<Q extends { getSnapshot(): { data: readonly unknown[] } }> = ReturnType<Q["getSnapshot"]>["data"][number];

describe("an included relation", () => {
  test("to many is an array of the rows it leads to", () => {
    const files = cache.liveQuery({ from: "file", include: { tags: true } });
    expectTypeOf<RowIn<typeof files>>().toExtend<File>();
    expectTypeOf<RowIn<typeof files>["tags"]>().toEqualTypeOf<readonly Tag[]>();
    const again = byHand.liveQuery({ from: "file", include: { tags: true } });
    expectTypeOf<RowIn<typeof again>["tags"]>().toEqualTypeOf<readonly Tag[]>();
  });

  test("to one is the row or null", () => {
    const files = cache.liveQuery({ from: "file", include: { parent: true } });
    expectTypeOf<RowIn<typeof files>["parent"]>().toEqualTypeOf<File | null>();
    const again = byHand.liveQuery({ from: "file", include: { parent: true } });
    expectTypeOf<RowIn<typeof again>["parent"]>().toEqualTypeOf<File | null>();
  });

  test("stands in place of the ids where it has the name of a field", () => {
    const tags = cache.liveQuery({ from: "tag", include: { owner: true } });
    expectTypeOf<RowIn<typeof tags>["owner"]>().toEqualTypeOf<User | null>();
    expectTypeOf<RowIn<typeof tags>["color"]>().toEqualTypeOf<string>();
    const bare = cache.liveQuery({ from: "tag" });
    expectTypeOf<RowIn<typeof bare>["owner"]>().toEqualTypeOf<number | null>();
  });

  test("may have included ones of its own", () => {
    const files = cache.liveQuery({
      from: "file",
      include: { tags: { include: { owner: true } }, children: { include: { children: { include: { tags: true } } } } },
    });
    type Row = RowIn<typeof files>;
    expectTypeOf<Row["tags"][number]["owner"]>().toEqualTypeOf<User | null>();
    expectTypeOf<Row["children"][number]["children"][number]["tags"]>().toEqualTypeOf<readonly Tag[]>();
    // @ts-expect-error: it was not included there
    type _Missing = Row["children"][number]["tags"];
  });

  test("is there only when it was asked for", () => {
    const files = cache.liveQuery({ from: "file", include: { tags: true } });
    // @ts-expect-error
    type _Missing = RowIn<typeof files>["parent"];
  });
});

describe("what is wrong in include is refused:", () => {
  test("a relation that does not exist, also beside one that does", () => {
    // @ts-expect-error
    cache.liveQuery({ from: "file", include: { tag: true } });
    // @ts-expect-error
    cache.liveQuery({ from: "file", include: { tags: true, tag: true } });
    // @ts-expect-error
    byHand.liveQuery({ from: "file", include: { tags: true, tag: true } });
    // @ts-expect-error
    cache.liveQuery({ from: "file", include: { tags: { include: { owner: true, owne: true } } } });
    // @ts-expect-error: users have no relations
    cache.liveQuery({ from: "user", include: { tags: true } });
  });

  test("a value that says neither yes nor what", () => {
    // @ts-expect-error
    cache.liveQuery({ from: "file", include: { tags: false } });
    // @ts-expect-error
    cache.liveQuery({ from: "file", include: ["tags"] });
  });

  test("conditions and orders that do not fit the rows it leads to", () => {
    cache.liveQuery({ from: "file", include: { tags: { where: { color: "red" }, orderBy: [{ name: "asc" }], limit: 3, offset: 1 } } });
    // @ts-expect-error
    cache.liveQuery({ from: "file", include: { tags: { where: { color: "red", size: 1 } } } });
    // @ts-expect-error
    cache.liveQuery({ from: "file", include: { tags: { where: { color: 1 } } } });
    // @ts-expect-error
    cache.liveQuery({ from: "file", include: { tags: { orderBy: [{ size: "asc" }] } } });
    // @ts-expect-error
    byHand.liveQuery({ from: "file", include: { children: { where: { nam: "a" }, limit: 1 } } });
  });

  test("a choice among one", () => {
    // @ts-expect-error
    cache.liveQuery({ from: "file", include: { parent: { where: { name: "a" } } } });
    // @ts-expect-error
    cache.liveQuery({ from: "file", include: { parent: { limit: 1 } } });
  });
});
