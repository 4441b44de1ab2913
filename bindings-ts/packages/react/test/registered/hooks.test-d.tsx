import { createCache, type QueryOf, type RowOf } from "@larder/client";
import { LarderProvider, type LiveQueryState, useEntity, useLarder, useLiveQuery } from "@larder/react";
import { describe, expectTypeOf, test } from "vitest";
import { type File, registry, type Tag } from "./resources.js";

describe("useLiveQuery in an app that registered its resource types", () => {
  test("gives rows of the row type, widened by what is included", () => {
    expectTypeOf(useLiveQuery({ from: "file", where: { size: { gt: 1 } } })).toEqualTypeOf<LiveQueryState<File>>();
    const { data } = useLiveQuery({ from: "file", include: { tags: { orderBy: [{ name: "asc" }] } } });
    expectTypeOf(data).toEqualTypeOf<readonly RowOf<"file", { tags: true }>[]>();
    expectTypeOf(data.flatMap((file) => file.tags)).toEqualTypeOf<Tag[]>();
  });

  test("refuses what does not exist and values that do not fit", () => {
    // @ts-expect-error
    useLiveQuery({ from: "files" });
    // @ts-expect-error
    useLiveQuery({ from: "file", where: { nam: "a" } });
    // @ts-expect-error
    useLiveQuery({ from: "file", where: { size: { gt: "1" } } });
    // @ts-expect-error
    useLiveQuery({ from: "file", orderBy: [{ nam: "asc" }] });
    // @ts-expect-error
    useLiveQuery({ from: "file", include: { tags: true, tag: true } });
    // @ts-expect-error
    useLiveQuery({ from: "file", lmit: 1 });
  });

  test("takes null, and a query or null", () => {
    useLiveQuery(null);
    const on = Math.random() < 2;
    expectTypeOf(useLiveQuery(on ? { from: "tag", where: { id: 5 } } : null).data).toEqualTypeOf<readonly Tag[]>();
    // @ts-expect-error
    useLiveQuery(on ? { from: "tag", where: { id: "5" } } : null);
    expectTypeOf(useLiveQuery(null as QueryOf<"file", { tags: true }> | null).data[0]?.tags).toEqualTypeOf<readonly Tag[] | undefined>();
  });

  test("believes a row type that is written down", () => {
    expectTypeOf(useLiveQuery<{ done: number }>({ from: "job" }).data).toEqualTypeOf<readonly { done: number }[]>();
  });
});

test("useEntity gives the row type and checks the id", () => {
  expectTypeOf(useEntity("file", "f")).toEqualTypeOf<File | undefined>();
  expectTypeOf(useEntity("tag", null)).toEqualTypeOf<Tag | undefined>();
  useEntity("tag", 1 as number | undefined);
  expectTypeOf(useEntity<{ done: number }>("job", "j")).toEqualTypeOf<{ done: number } | undefined>();
  // @ts-expect-error
  useEntity("tags", 1);
  // @ts-expect-error: files have text for ids
  useEntity("file", 1);
});

test("useLarder gives the cache of the registered types, and the provider takes it", async () => {
  expectTypeOf(useLarder().liveQuery({ from: "tag" }).getSnapshot().data).toEqualTypeOf<readonly Tag[]>();
  // @ts-expect-error
  useLarder().liveQuery({ from: "tags" });
  <LarderProvider client={await createCache({ registry })} />;
  <LarderProvider client={await createCache({ registry: { types: [{ name: "file" }] } })} />;
});
