import { beforeEach, describe, expect, test } from "vitest";
import { type Cache, createCache, defineRegistry, type ResourcesOf, type } from "../src/index.js";
import { batch, changed, deleted } from "./world.js";

interface File {
  readonly id: string;
  readonly name: string;
  readonly folder: string | null;
  readonly tag_ids: readonly string[];
}

interface Tag {
  readonly id: string;
  readonly name: string;
  /** In events the user, in rows the id. */
  readonly owner: string | null;
}

interface User {
  readonly id: string;
  readonly email: string;
}

const registry = defineRegistry({
  file: {
    row: type<File>(),
    relations: {
      tags: { to: "tag", kind: "many", field: "tag_ids" },
      parent: { to: "file", kind: "one", field: "folder" },
      children: { to: "file", kind: "many", field: "folder", holds: "reverse" },
    },
  },
  tag: { row: type<Tag>(), relations: { owner: { to: "user", kind: "one", field: "owner", holds: "resources" } } },
  user: { row: type<User>() },
});

const file = (id: string, tag_ids: string[] = [], folder: string | null = null, name = id): File => ({ id, name, folder, tag_ids });
const tag = (id: string, name = id, owner: User | string | null = null) => ({ id, name, owner });

let cache: Cache<ResourcesOf<typeof registry>>;
beforeEach(async () => {
  cache = await createCache({ registry });
  cache.apply(batch([tag("red"), tag("blue"), tag("green")], "tag"));
  cache.apply(batch([file("dir"), file("a", ["red", "blue"], "dir"), file("b", ["red"], "dir"), file("c", [], "nowhere")]));
});

describe("an included relation", () => {
  test("to many has the rows in the order of their ids, without those that are not there", () => {
    cache.apply(changed(file("a", ["blue", "gone", "red"], "dir")));
    const { data } = cache.liveQuery({ from: "file", where: { id: "a" }, include: { tags: true } }).getSnapshot();
    expect(data).toEqual([{ ...file("a", ["blue", "gone", "red"], "dir"), tags: [tag("blue"), tag("red")] }]);
  });

  test("to many takes a part, in another order", () => {
    const query = { from: "file", where: { id: "a" }, include: { tags: { where: { name: { ne: "green" } }, orderBy: [{ name: "asc" }], limit: 1 } } } as const;
    const files = cache.liveQuery(query);
    expect(files.getSnapshot().data[0]?.tags.map(({ name }) => name)).toEqual(["blue"]);
    cache.apply(changed(tag("red", "a red"), "tag"));
    expect(files.getSnapshot().data[0]?.tags.map(({ name }) => name)).toEqual(["a red"]);
  });

  test("to one is the row, or null when there is none", () => {
    const { data } = cache.liveQuery({ from: "file", orderBy: [{ name: "asc" }], include: { parent: true } }).getSnapshot();
    expect(data.map(({ name, parent }) => [name, parent?.name ?? null])).toEqual([["a", "dir"], ["b", "dir"], ["c", null], ["dir", null]]);
  });

  test("that others hold follows who joins and leaves", () => {
    const dir = cache.liveQuery({ from: "file", where: { id: "dir" }, include: { children: { orderBy: [{ name: "desc" }] } } });
    const names = () => dir.getSnapshot().data[0]?.children.map(({ name }) => name);
    expect(names()).toEqual(["b", "a"]);
    cache.apply(changed(file("c", [], "dir")));
    cache.apply(deleted("a"));
    expect(names()).toEqual(["c", "b"]);
  });

  test("may include others, as deep as they go", () => {
    cache.apply(changed(tag("red", "red", { id: "u", email: "x@y" }), "tag"));
    const { data } = cache
      .liveQuery({ from: "file", where: { id: "dir" }, include: { children: { where: { id: "b" }, include: { tags: { include: { owner: true } } } } } })
      .getSnapshot();
    expect(data[0]?.children[0]?.tags[0]?.owner?.email).toBe("x@y");
    expect(data).toEqual([
      { ...file("dir"), children: [{ ...file("b", ["red"], "dir"), tags: [{ id: "red", name: "red", owner: { id: "u", email: "x@y" } }] }] },
    ]);
  });
});

describe("an embedded resource", () => {
  test("is a row of its own: its holder has the id, and include has it whole", () => {
    cache.apply(changed(tag("red", "red", { id: "u", email: "x@y" }), "tag"));
    expect(cache.entity("tag", "red").getSnapshot()).toEqual({ id: "red", name: "red", owner: "u" });
    const user = cache.entity("user", "u");
    expect(user.getSnapshot()).toEqual({ id: "u", email: "x@y" });
    const red = cache.liveQuery({ from: "tag", where: { id: "red" }, include: { owner: true } });
    expect(red.getSnapshot().data[0]?.owner).toBe(user.getSnapshot());
    cache.apply(changed({ id: "u", email: "new@y" }, "user"));
    expect(red.getSnapshot().data[0]?.owner).toEqual({ id: "u", email: "new@y" });
  });
});

describe("a change", () => {
  const withTags = { from: "file", orderBy: [{ name: "asc" }], include: { tags: true } } as const;

  test("of a tag gives new objects to the rows that show it, and to no other", () => {
    const files = cache.liveQuery(withTags);
    const before = files.getSnapshot().data;
    cache.apply(changed(tag("blue", "navy"), "tag"));
    const after = files.getSnapshot().data;
    expect(after.map((row, i) => row === before[i])).toEqual([false, true, true, true]);
    expect(after[0]?.tags.map(({ name }) => name)).toEqual(["red", "navy"]);
    expect(after[0]?.tags[0]).toBe(before[0]?.tags[0]);
  });

  test("of a row keeps the list of its tags", () => {
    const files = cache.liveQuery(withTags);
    const before = files.getSnapshot().data;
    cache.apply(changed(file("a", ["red", "blue"], null, "aa")));
    const after = files.getSnapshot().data;
    expect(after[0]).toMatchObject({ name: "aa" });
    expect(after[0]?.tags).toBe(before[0]?.tags);
  });

  test("of a tag that no row shows changes nothing and tells nobody", () => {
    const files = cache.liveQuery(withTags);
    const before = files.getSnapshot();
    let told = 0;
    files.subscribe(() => told++);
    cache.apply(changed(tag("green", "lime"), "tag"));
    expect(files.getSnapshot()).toBe(before);
    expect(told).toBe(0);
  });

  test("of one tag costs one new row for each file that shows it, however many files there are", () => {
    cache.apply(batch(Array.from({ length: 1000 }, (_, i) => file(`n${i}`, ["green"]))));
    const files = cache.liveQuery(withTags);
    const before = files.getSnapshot().data;
    cache.apply(changed(tag("blue", "navy"), "tag"));
    const after = files.getSnapshot().data;
    expect(after.filter((row, i) => row !== before[i])).toHaveLength(1);
  });

  test("by an edit shows at once and is taken back when it is refused", () => {
    const files = cache.liveQuery(withTags);
    const before = files.getSnapshot().data[0];
    const { id } = cache.mutate({
      name: "tags.rename",
      optimistic: [{ type: "merge", data: { resource_type: "tag", id: "blue", fields: { name: "navy" } } }],
    });
    expect(files.getSnapshot().data[0]?.tags[1]?.name).toBe("navy");
    cache.reject(id, { kind: "no", message: "No." });
    expect(files.getSnapshot().data[0]).toEqual(before);
  });
});

test("queries with and without an include share rows, and each shows its own", () => {
  const bare = cache.liveQuery({ from: "file", where: { id: "b" } });
  const tagged = cache.liveQuery({ from: "file", where: { id: "b" }, include: { tags: true } });
  const seen = [bare.getSnapshot().data[0], tagged.getSnapshot().data[0]];
  expect(seen[0]).not.toHaveProperty("tags");
  expect(seen[1]?.id).toBe("b");
  cache.apply(changed(tag("red", "pink"), "tag"));
  expect(bare.getSnapshot().data[0]).toBe(seen[0]);
  expect(tagged.getSnapshot().data[0]?.tags[0]?.name).toBe("pink");
});

test("what is wrong in an include is refused by name", () => {
  const wrong = cache.liveQuery<unknown>({ from: "file", include: { tagz: true } });
  expect(() => wrong.getSnapshot()).toThrow(expect.objectContaining({ kind: "query.unknown_relation", message: expect.stringContaining("tagz") }));
});
