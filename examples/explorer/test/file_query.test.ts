import { createCache } from "@larder/client";
import { expect, test } from "vitest";

import { type Filters, isNarrowed, NO_FILTERS } from "../src/filter/filters";
import { BY_NAME, nextSort } from "../src/list/columns";
import { fileQuery, type ListedFile } from "../src/list/file_query";
import { registry } from "../src/resource/library";

const FILES = [
  { id: "root", parent_id: null, name: "root", is_dir: true, kind: "folder", size: 0, favorite: false, tag_ids: [] },
  { id: "dir", parent_id: "root", name: "zebra", is_dir: true, kind: "folder", size: 0, favorite: false, tag_ids: [] },
  { id: "a10", parent_id: "root", name: "a10.jpg", is_dir: false, kind: "image", size: 5, favorite: true, tag_ids: ["t"] },
  { id: "a2", parent_id: "root", name: "A2.txt", is_dir: false, kind: "text", size: 9, favorite: false, tag_ids: [] },
  { id: "deep", parent_id: "dir", name: "a1.jpg", is_dir: false, kind: "image", size: 7, favorite: false, tag_ids: ["t", "u"] },
];

const TAGS = [{ id: "t", name: "Holiday", color: "#ff0000", version: 1 }, { id: "u", name: "Urgent", color: "#00ff00", version: 1 }];

async function listed(filters: Partial<Filters>, sort = BY_NAME): Promise<readonly ListedFile[]> {
  const cache = await createCache({ registry });
  cache.apply({ ResourceChangedBatch: { resource_type: "tag", resources: TAGS } });
  cache.apply({ ResourceChangedBatch: { resource_type: "file", resources: FILES.map((file) => ({ ...file, version: 1 })) } });
  return cache.liveQuery(fileQuery("root", { ...NO_FILTERS, ...filters }, sort)).getSnapshot().data;
}

async function ids(filters: Partial<Filters>, sort = BY_NAME): Promise<string[]> {
  return (await listed(filters, sort)).map((file) => file.id);
}

test("a folder lists what is in it, folders first, in natural order", async () => {
  expect(await ids({})).toEqual(["dir", "a2", "a10"]);
  expect(await ids({}, { column: "name", dir: "desc" })).toEqual(["dir", "a10", "a2"]);
  expect(await ids({}, { column: "size", dir: "desc" })).toEqual(["dir", "a2", "a10"]);
});

test("filters narrow together; the whole library leaves out the served folder itself", async () => {
  expect(await ids({ everywhere: true })).toEqual(["dir", "deep", "a2", "a10"]);
  expect(await ids({ text: "  a1 " })).toEqual(["a10"]);
  expect(await ids({ text: "JPG", everywhere: true })).toEqual(["deep", "a10"]);
  expect(await ids({ kind: "image", everywhere: true, favorites: true })).toEqual(["a10"]);
  expect(await ids({ tagId: "u", everywhere: true })).toEqual(["deep"]);
  expect(await ids({ tagId: "u" })).toEqual([]);
});

test("each file comes with its tags", async () => {
  const files = await listed({ kind: "image", everywhere: true });
  expect(files.map((file) => [file.id, file.tags.map((tag) => tag.name)])).toEqual([["deep", ["Holiday", "Urgent"]], ["a10", ["Holiday"]]]);
});

test("a wider scope alone leaves nothing out", () => {
  expect(isNarrowed({ ...NO_FILTERS, everywhere: true, text: "  " })).toBe(false);
  expect(isNarrowed({ ...NO_FILTERS, favorites: true })).toBe(true);
});

test("a column starts with the order that is asked for most and then turns round", () => {
  expect(nextSort(BY_NAME, "name")).toEqual({ column: "name", dir: "desc" });
  expect(nextSort(BY_NAME, "size")).toEqual({ column: "size", dir: "desc" });
  expect(nextSort({ column: "size", dir: "desc" }, "size")).toEqual({ column: "size", dir: "asc" });
  expect(nextSort({ column: "size", dir: "desc" }, "kind")).toEqual({ column: "kind", dir: "asc" });
});
