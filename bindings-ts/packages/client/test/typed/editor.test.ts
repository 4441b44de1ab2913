import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Editor } from "./editor.js";

const FIELDS = ["favorite", "id", "kind", "meta", "name", "note", "parent_id", "paths", "places", "raw", "size", "sizes", "source", "tag_ids", "version"];
const PATHS = ["meta.camera", "meta.camera.iso", "meta.camera.model", "meta.labels", "meta.width"];

let editor: Editor;
beforeAll(async () => {
  editor = await Editor.open();
});
afterAll(() => editor.close());

const inApp = (text: string) => `
  import { createCache } from "../../src/index.js";
  import { defined, generated } from "./library.js";
  const cache = await createCache({ registry: generated });
  const byHand = await createCache({ registry: defined });
  ${text}`;
const completions = (text: string) => editor.completions(inApp(text));
const hover = (text: string) => editor.hover(inApp(text));

describe("an editor completes", () => {
  test("the names of resource types", async () => {
    expect(await completions('cache.liveQuery({ from: "|" })')).toEqual(["file", "tag", "user"]);
    expect(await completions('byHand.entity("|", "1")')).toEqual(["file", "tag", "user"]);
  });

  test("fields and paths in conditions, at any depth", async () => {
    const found = await completions('cache.liveQuery({ from: "file", where: { | } })');
    expect(found).toEqual(expect.arrayContaining([...FIELDS, ...PATHS, "tags", "parent", "children", "and", "or", "not"]));
    expect(await completions('byHand.liveQuery({ from: "file", where: { name: "a", or: [{ not: { | } }] } })')).toEqual(found);
  });

  test("the operators that a field has, and the values", async () => {
    const forSize = await completions('cache.liveQuery({ from: "file", where: { size: { | } } })');
    expect(forSize).toEqual(["eq", "gt", "gte", "in", "isNull", "lt", "lte", "ne"]);
    expect(await completions('cache.liveQuery({ from: "file", where: { tag_ids: { | } } })')).toEqual(["contains", "isNull"]);
    expect(await completions('cache.liveQuery({ from: "file", where: { kind: "|" } })')).toEqual(["folder", "image", "text"]);
    expect(await completions('cache.liveQuery({ from: "file", where: { paths: { some: { | } } } })')).toEqual(
      ["and", "device", "device.name", "not", "or", "path"],
    );
  });

  test("what rows can be ordered by", async () => {
    const found = await completions('cache.liveQuery({ from: "tag", orderBy: [{ | }] })');
    expect(found).toEqual(["color", "id", "name", "owner"]);
    expect(await completions('cache.liveQuery({ from: "tag", orderBy: [{ name: "|" }] })')).toEqual(["asc", "desc"]);
  });

  test("relations, and what may be said of them", async () => {
    expect(await completions('cache.liveQuery({ from: "file", include: { | } })')).toEqual(["children", "parent", "tags"]);
    expect(await completions('byHand.liveQuery({ from: "file", include: { tags: { | } } })')).toEqual(["include", "limit", "offset", "orderBy", "where"]);
    expect(await completions('cache.liveQuery({ from: "file", include: { parent: { | } } })')).toEqual(["include"]);
    expect(await completions('cache.liveQuery({ from: "file", include: { tags: { include: { | } } } })')).toEqual(["owner"]);
  });

  test("the fields and relations of a registry by hand", async () => {
    const define = (relation: string) =>
      editor.completions(`
        import { defineRegistry, type } from "../../src/index.js";
        import type { File, Tag } from "./library.js";
        defineRegistry({ file: { row: type<File>(), relations: { tags: ${relation} } }, tag: { row: type<Tag>() } });`);
    expect(await define('{ to: "|", kind: "many", field: "tag_ids" }')).toEqual(["file", "tag"]);
    expect(await define('{ to: "tag", kind: "many", field: "|" }')).toEqual(expect.arrayContaining(["tag_ids"]));
  });
});

describe("an editor shows", () => {
  test("rows by the name of their type, and what was included beside it", async () => {
    expect(await hover('const fi|les = cache.liveQuery({ from: "file", where: { size: 1 } }).getSnapshot().data;')).toBe("const files: readonly File[]");
    const tagged = await hover('const fi|les = byHand.liveQuery({ from: "file", include: { tags: true } }).getSnapshot().data;');
    expect(tagged.replace(/\s+/g, " ")).toBe("const files: readonly (File & { readonly tags: readonly Tag[]; })[]");
    expect(await hover('const fi|le = cache.entity("file", "f1").getSnapshot();')).toBe("const file: File | undefined");
  });
});
