import { describe, expectTypeOf, test } from "vitest";
import type { Cache, ResourcesOf } from "../../src/index.js";
import type { defined, File, generated } from "./library.js";

declare const byHand: Cache<ResourcesOf<typeof defined>>;
declare const cache: Cache<ResourcesOf<typeof generated>>;

test("rows are of the resource type's row type, by either registry", () => {
  expectTypeOf(cache.liveQuery({ from: "file" }).getSnapshot().data).toEqualTypeOf<readonly File[]>();
  expectTypeOf(byHand.liveQuery({ from: "file" }).getSnapshot().data).toEqualTypeOf<readonly File[]>();
  expectTypeOf(byHand.liveQuery({ from: "file", where: { name: "a" } }).getSnapshot().data).toEqualTypeOf<readonly File[]>();
});

test("a resource type that is not registered is refused", () => {
  // @ts-expect-error: it is called `file`
  cache.liveQuery({ from: "fil" });
  // @ts-expect-error: it is called `file`
  byHand.liveQuery({ from: "fil" });
  // @ts-expect-error: nothing says what is asked for
  cache.liveQuery({ where: { name: "a" } });
});

describe("fields", () => {
  test("that exist may be asked for, alone and inside and, or and not", () => {
    cache.liveQuery({
      from: "file",
      where: { name: "a", and: [{ size: 1 }, { or: [{ favorite: true }, { not: { kind: "image" } }] }], or: [{ size: 2 }], not: { size: 3 } },
    });
    byHand.liveQuery({ from: "file", where: { name: "a", or: [{ size: 2 }], not: { size: 3 } } });
  });

  test("that do not exist are refused, also beside ones that do", () => {
    // @ts-expect-error
    cache.liveQuery({ from: "file", where: { nam: "a" } });
    // @ts-expect-error
    cache.liveQuery({ from: "file", where: { name: "a", nam: "a" } });
    // @ts-expect-error
    byHand.liveQuery({ from: "file", where: { name: "a", nam: "a" } });
    // @ts-expect-error
    cache.liveQuery({ from: "file", where: { name: "a", or: [{ size: 1, siz: 2 }] } });
    // @ts-expect-error
    cache.liveQuery({ from: "file", where: { and: [{ size: 1 }, { siz: 2 }] } });
    // @ts-expect-error
    cache.liveQuery({ from: "file", where: { not: { or: [{ not: { siz: 2 } }] } } });
    // @ts-expect-error: tags have no size
    cache.liveQuery({ from: "tag", where: { size: 1 } });
  });

  test("beside and, or and not are checked as well", () => {
    // @ts-expect-error
    cache.liveQuery({ from: "file", where: { size: "1", or: [{ name: "a" }] } });
    // @ts-expect-error
    cache.liveQuery({ from: "file", where: { size: 1, or: [{ name: "a" }], not: { name: 1 } } });
  });
});

describe("values", () => {
  test("are those that the field can have", () => {
    cache.liveQuery({ from: "file", where: { name: "a", size: 1, kind: "image", favorite: false, parent_id: null, note: null } });
    // @ts-expect-error
    cache.liveQuery({ from: "file", where: { name: 1 } });
    // @ts-expect-error
    byHand.liveQuery({ from: "file", where: { name: 1 } });
    // @ts-expect-error
    cache.liveQuery({ from: "file", where: { kind: "imag" } });
    // @ts-expect-error: it is never null
    cache.liveQuery({ from: "file", where: { name: null } });
    // @ts-expect-error: an array equals nothing
    cache.liveQuery({ from: "file", where: { tag_ids: "t1" } });
  });

  test("in tests for being equal are as well", () => {
    cache.liveQuery({ from: "file", where: { kind: { in: ["image", "text"] }, parent_id: { ne: null }, size: { eq: 1, isNull: false } } });
    // @ts-expect-error
    cache.liveQuery({ from: "file", where: { kind: { in: ["image", "txt"] } } });
    // @ts-expect-error
    cache.liveQuery({ from: "file", where: { size: { eq: "1" } } });
    // @ts-expect-error
    cache.liveQuery({ from: "file", where: { favorite: { ne: 0 } } });
    // @ts-expect-error
    cache.liveQuery({ from: "file", where: { size: { isNull: 1 } } });
  });
});

describe("operators", () => {
  test("that compare are for numbers and text, with values of the same sort", () => {
    cache.liveQuery({ from: "file", where: { size: { gt: 1, lte: 5 }, name: { gte: "a", lt: "b" } } });
    // @ts-expect-error
    cache.liveQuery({ from: "file", where: { size: { gt: "1" } } });
    // @ts-expect-error
    cache.liveQuery({ from: "file", where: { name: { lt: 1 } } });
    // @ts-expect-error: booleans have no order
    cache.liveQuery({ from: "file", where: { favorite: { gt: false } } });
  });

  test("of text are for text", () => {
    cache.liveQuery({ from: "file", where: { name: { startsWith: "a", ignoreCase: true }, parent_id: { includes: "b" }, note: { under: "/a" } } });
    // @ts-expect-error
    cache.liveQuery({ from: "file", where: { size: { startsWith: "1" } } });
    // @ts-expect-error
    cache.liveQuery({ from: "file", where: { name: { childOf: 1 } } });
  });

  test("that do not exist are refused", () => {
    // @ts-expect-error
    cache.liveQuery({ from: "file", where: { name: { gtt: "a" } } });
    // @ts-expect-error
    cache.liveQuery({ from: "file", where: { size: { gt: 1, greaterThan: 1 } } });
  });

  test("of arrays take their elements", () => {
    cache.liveQuery({ from: "file", where: { tag_ids: { contains: "t1" }, sizes: { contains: 1 } } });
    // @ts-expect-error
    cache.liveQuery({ from: "file", where: { tag_ids: { contains: 1 } } });
    // @ts-expect-error
    cache.liveQuery({ from: "file", where: { sizes: { contains: "1" } } });
    // @ts-expect-error: numbers have no fields
    cache.liveQuery({ from: "file", where: { sizes: { some: { length: 1 } } } });
    // @ts-expect-error: text is no array
    cache.liveQuery({ from: "file", where: { name: { contains: "a" } } });
  });

  test("some, every and none take conditions on the elements", () => {
    cache.liveQuery({
      from: "file",
      where: { paths: { some: { path: { childOf: "/a" }, "device.name": "x" }, none: { or: [{ path: "/b" }] }, every: { not: { path: "/c" } } } },
    });
    // @ts-expect-error
    cache.liveQuery({ from: "file", where: { paths: { some: { pat: "/a" } } } });
    // @ts-expect-error
    cache.liveQuery({ from: "file", where: { paths: { every: { path: "/a", or: [{ "device.nam": "x" }] } } } });
    // @ts-expect-error
    cache.liveQuery({ from: "file", where: { paths: { none: { path: 1 } } } });
    // @ts-expect-error: objects equal nothing
    cache.liveQuery({ from: "file", where: { paths: { contains: "/a" } } });
  });
});

describe("paths", () => {
  test("lead into nested objects", () => {
    cache.liveQuery({ from: "file", where: { "meta.camera.model": { startsWith: "X" }, "meta.camera.iso": { gt: 100 }, "meta.width": 5 } });
    byHand.liveQuery({ from: "file", where: { "meta.camera.iso": { gt: 100 } } });
    // @ts-expect-error
    cache.liveQuery({ from: "file", where: { "meta.camera.mode": "X" } });
    // @ts-expect-error
    byHand.liveQuery({ from: "file", where: { "meta.camera.mode": "X" } });
    // @ts-expect-error
    cache.liveQuery({ from: "file", where: { "meta.camera.iso": "100" } });
  });

  test("end at null where an object on the way may be missing", () => {
    cache.liveQuery({ from: "file", where: { "meta.camera.model": null, "meta.width": null, meta: null } });
    // @ts-expect-error: a device always has a name
    cache.liveQuery({ from: "file", where: { paths: { some: { "device.name": null } } } });
  });

  test("lead through maps by any name, and into JSON of any kind", () => {
    cache.liveQuery({ from: "file", where: { "meta.labels.place": { startsWith: "B" }, raw: { gt: 1 }, "raw.a.b": "x" } });
    // @ts-expect-error: labels are text
    cache.liveQuery({ from: "file", where: { "meta.labels.place": 1 } });
  });
});

describe("enums of Rust", () => {
  test("with a tag and content are asked by path, whichever variants have the field", () => {
    cache.liveQuery({ from: "file", where: { "source.type": "cloud", "source.data.quota": { gt: 1 }, "source.data.mount": null } });
    cache.liveQuery({ from: "file", where: { source: { isNull: true } } });
    // @ts-expect-error
    cache.liveQuery({ from: "file", where: { "source.type": "clud" } });
    // @ts-expect-error
    cache.liveQuery({ from: "file", where: { "source.data.service": 1 } });
    // @ts-expect-error
    cache.liveQuery({ from: "file", where: { "source.data.bucket": "a" } });
  });

  test("of text and objects are asked as either, also as elements of arrays", () => {
    cache.liveQuery({ from: "file", where: { places: { contains: "nowhere", some: { "Physical.path": { childOf: "/a" }, "Physical.device": "x" } } } });
    cache.liveQuery({ from: "file", where: { places: { none: { "Cloud.bucket": { startsWith: "b" } } } } });
    // @ts-expect-error
    cache.liveQuery({ from: "file", where: { places: { contains: "everywhere" } } });
    // @ts-expect-error
    cache.liveQuery({ from: "file", where: { places: { some: { "Physical.pth": "a" } } } });
    // @ts-expect-error
    cache.liveQuery({ from: "file", where: { places: { some: { "Cloud.bucket": 1 } } } });
  });
});

describe("relations", () => {
  test("are asked by what holds for the rows that they lead to, as far as they lead", () => {
    cache.liveQuery({ from: "file", where: { tags: { some: { name: "red" } }, parent: { some: { name: { startsWith: "a" } } } } });
    cache.liveQuery({ from: "file", where: { children: { none: { tags: { every: { color: "red", owner: { some: { email: "x" } } } } } } } });
    byHand.liveQuery({ from: "file", where: { or: [{ tags: { some: { name: "red" } } }] } });
  });

  test("that are embedded are asked as fields, too", () => {
    cache.liveQuery({ from: "tag", where: { owner: 1 } });
    cache.liveQuery({ from: "tag", where: { owner: { some: { email: { includes: "@" } } } } });
    // @ts-expect-error: it holds an id
    cache.liveQuery({ from: "tag", where: { owner: "1" } });
  });

  test("take no conditions that do not fit", () => {
    // @ts-expect-error
    cache.liveQuery({ from: "file", where: { tags: { some: { nam: "red" } } } });
    // @ts-expect-error
    byHand.liveQuery({ from: "file", where: { tags: { some: { name: "red", nam: "red" } } } });
    // @ts-expect-error
    cache.liveQuery({ from: "file", where: { tags: { some: { name: 1 } } } });
    // @ts-expect-error
    cache.liveQuery({ from: "file", where: { children: { some: { tags: { some: { size: 1 } } } } } });
    // @ts-expect-error: it is no field
    cache.liveQuery({ from: "file", where: { tags: { contains: "t1" } } });
    // @ts-expect-error: it is no field
    cache.liveQuery({ from: "file", where: { parent: null } });
  });
});

describe("words", () => {
  test("may be looked for in fields that have text, alone or together", () => {
    cache.liveQuery({ from: "file", where: { name: { match: "vac pho" }, favorite: true }, orderBy: ["relevance", { name: "asc" }] });
    cache.liveQuery({
      from: "file",
      where: { match: { text: "vac", fields: ["name", "note"] }, or: [{ size: 1 }, { not: { match: { text: "x", fields: ["name"] } } }] },
    });
    byHand.liveQuery({ from: "file", where: { match: { text: "vac", fields: ["name"] } }, orderBy: ["relevance"] });
  });

  test("are refused elsewhere", () => {
    // @ts-expect-error: a number has no words
    cache.liveQuery({ from: "file", where: { size: { match: "1" } } });
    // @ts-expect-error
    cache.liveQuery({ from: "file", where: { match: { text: "vac", fields: ["size"] } } });
    // @ts-expect-error
    cache.liveQuery({ from: "file", where: { match: { text: "vac", fields: ["nam"] } } });
    // @ts-expect-error: which fields?
    cache.liveQuery({ from: "file", where: { match: { text: "vac" } } });
    // @ts-expect-error
    cache.liveQuery({ from: "file", orderBy: ["relevanc"] });
  });
});
