import { describe, expectTypeOf, test } from "vitest";
import type { Cache, LiveQuery, Query, QueryOf, RowOf, TypedQuery, WhereOf } from "../../src/index.js";
import type { File, Resources, Tag } from "./library.js";

declare const cache: Cache<Resources>;
declare const untyped: Cache;

describe("queries that are passed on", () => {
  test("keep what they give", () => {
    const recent = (folder: string): QueryOf<"file", {}, Resources> => ({ from: "file", where: { parent_id: folder }, limit: 10 });
    expectTypeOf(cache.liveQuery(recent("f")).getSnapshot().data).toEqualTypeOf<readonly File[]>();

    const tagged = (): QueryOf<"file", { tags: true }, Resources> => ({ from: "file", include: { tags: true } });
    const { data } = cache.liveQuery(tagged()).getSnapshot();
    expectTypeOf(data).toEqualTypeOf<readonly RowOf<"file", { tags: true }, Resources>[]>();
    expectTypeOf<(typeof data)[number]["tags"]>().toEqualTypeOf<readonly Tag[]>();
    expectTypeOf(cache.liveQuery({ ...tagged(), limit: 5 }).getSnapshot().data).toEqualTypeOf(data);
  });

  test("are checked where they are made", () => {
    // @ts-expect-error
    const _a: QueryOf<"file", {}, Resources> = { from: "file", where: { name: "a", nam: "a" } };
    // @ts-expect-error: the tags are not included
    const _b: QueryOf<"file", { tags: true }, Resources> = { from: "file" };
    // @ts-expect-error
    const _c: WhereOf<"file", Resources> = { or: [{ size: "1" }] };
    // @ts-expect-error: there is no such relation
    type _D = QueryOf<"file", { tag: true }, Resources>;
  });

  test("are queries as the core takes them", () => {
    expectTypeOf<TypedQuery<"file", Resources>>().toExtend<Query>();
    expectTypeOf<QueryOf<"file", { tags: true }, Resources>>().toExtend<Query>();
  });
});

describe("a row type that is written down", () => {
  test("is believed, whatever the query", () => {
    const jobs = cache.liveQuery<{ done: number }>({ from: "job", where: { done: { gt: 1 } } });
    expectTypeOf(jobs).toEqualTypeOf<LiveQuery<{ done: number }>>();
    expectTypeOf(cache.entity<{ done: number }>("job", 1).getSnapshot()).toEqualTypeOf<{ done: number } | undefined>();
  });

  test("may be one that is not known yet", () => {
    const all = <T>(from: string): LiveQuery<T> => cache.liveQuery<T>({ from });
    expectTypeOf(all<Tag>("tag")).toEqualTypeOf<LiveQuery<Tag>>();
  });
});

describe("an app that registered nothing", () => {
  test("may ask for anything and gets rows of type unknown, or as it says", () => {
    expectTypeOf(untyped.liveQuery({ from: "job", where: { a: 1 } })).toEqualTypeOf<LiveQuery<unknown>>();
    expectTypeOf(untyped.liveQuery<Tag>({ from: "tag" })).toEqualTypeOf<LiveQuery<Tag>>();
    expectTypeOf(untyped.entity<Tag>("tag", 5).getSnapshot()).toEqualTypeOf<Tag | undefined>();
    expectTypeOf<QueryOf<"job", { parts: true }>>().toEqualTypeOf<Query>();
    // @ts-expect-error: operators are known all the same
    untyped.liveQuery({ from: "job", where: { a: { gtt: 1 } } });
  });
});

describe("an entity", () => {
  test("is of its row type, and its id of the id's", () => {
    expectTypeOf(cache.entity("file", "f1").getSnapshot()).toEqualTypeOf<File | undefined>();
    cache.entity("user", 1);
    cache.entity("user", "1");
    // @ts-expect-error
    cache.entity("fil", "f1");
    // @ts-expect-error: files have text for ids
    cache.entity("file", 1);
    // @ts-expect-error: users have numbers for ids
    cache.entity("user", "one");
  });
});
