import { expectTypeOf, test } from "vitest";
import type { Cache } from "../../src/index.js";
import type { Kind, Resources } from "./library.js";

declare const cache: Cache<Resources>;

test("the figures beside rows are of the types that follow from what is asked", () => {
  const files = cache.liveQuery({
    from: "file",
    orderBy: [{ name: "asc" }],
    limit: 10,
    aggregate: {
      n: "count",
      bytes: { sum: "size" },
      mean: { avg: "size" },
      first: { min: "name" },
      kind: { max: "kind" },
      iso: { max: "meta.camera.iso" },
      kinds: { distinct: "kind" },
    },
  });
  const { data, aggregates } = files.getSnapshot();
  expectTypeOf(data[0]!.name).toEqualTypeOf<string>();
  expectTypeOf(aggregates!.n).toEqualTypeOf<number>();
  expectTypeOf(aggregates!.bytes).toEqualTypeOf<number>();
  expectTypeOf(aggregates!.mean).toEqualTypeOf<number | null>();
  expectTypeOf(aggregates!.first).toEqualTypeOf<string | null>();
  expectTypeOf(aggregates!.kind).toEqualTypeOf<Kind | null>();
  expectTypeOf(aggregates!.iso).toEqualTypeOf<number | null>();
  expectTypeOf(aggregates!.kinds).toEqualTypeOf<number>();
  // @ts-expect-error: it was not asked for
  type _Missing = NonNullable<typeof aggregates>["most"];
});

test("the rows of a query with groupBy are its groups", () => {
  const kinds = cache.liveQuery({
    from: "file",
    groupBy: ["kind", "meta.camera.iso"],
    aggregate: { n: "count", last: { max: "name" } },
    orderBy: [{ n: "desc" }, { kind: "asc" }],
    limit: 5,
  });
  const group = kinds.getSnapshot().data[0]!;
  expectTypeOf(group.kind).toEqualTypeOf<Kind>();
  expectTypeOf(group["meta.camera.iso"]).toEqualTypeOf<number | null>();
  expectTypeOf(group.n).toEqualTypeOf<number>();
  expectTypeOf(group.last).toEqualTypeOf<string | null>();
  // @ts-expect-error: a group has no fields but those
  type _Missing = (typeof group)["size"];
});

test("fields that there are not, or that do not fit, are refused", () => {
  // @ts-expect-error
  cache.liveQuery({ from: "file", aggregate: { n: { sum: "siz" } } });
  // @ts-expect-error: there is no sum of texts
  cache.liveQuery({ from: "file", aggregate: { n: { sum: "name" } } });
  // @ts-expect-error
  cache.liveQuery({ from: "file", aggregate: { n: { median: "size" } } });
  // @ts-expect-error
  cache.liveQuery({ from: "file", aggregate: { n: "sum" } });
  // @ts-expect-error
  cache.liveQuery({ from: "file", groupBy: ["knd"] });
  // @ts-expect-error: groups are ordered by what they show
  cache.liveQuery({ from: "file", groupBy: ["kind"], aggregate: { n: "count" }, orderBy: [{ size: "asc" }] });
  // @ts-expect-error: groups have no relations
  cache.liveQuery({ from: "file", groupBy: ["kind"], include: { tags: true } });
});

test("where the row type is written down, figures are any scalars", () => {
  const files = cache.liveQuery<{ id: string }>({ from: "file", aggregate: { n: "count" } });
  expectTypeOf(files.getSnapshot().aggregates!["n"]).toEqualTypeOf<string | number | boolean | null | undefined>();
});
