import { expect, test } from "vitest";
import { createCache, defineRegistry, type } from "../src/index.js";
import { changed, deleted, seeded } from "./world.js";

interface File {
  readonly id: string;
  readonly name: string;
  readonly folder: string | null;
  readonly tag_ids: readonly string[];
}

interface Tag {
  readonly id: string;
  readonly name: string;
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
  tag: { row: type<Tag>() },
});

const byText = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);
const byName = (a: File | Tag, b: File | Tag) => byText(a.name, b.name) || byText(a.id, b.id);

/** All objects in a result that are rows, by where they are in it. */
function rowsIn(value: unknown, path = "", found = new Map<string, object>()): Map<string, object> {
  if (Array.isArray(value)) for (const row of value) rowsIn(row, `${path}/${(row as { id: string }).id ?? ""}`, found);
  else if (typeof value === "object" && value !== null) {
    found.set(path, value);
    for (const [name, part] of Object.entries(value)) rowsIn(part, `${path}/${name}`, found);
  }
  return found;
}

test("after each of many random events, includes show what looking up shows, by the fewest new objects", async () => {
  const random = seeded(Number(process.env["LARDER_SEED"] ?? 5));
  const below = (end: number) => Math.floor(random() * end);
  const cache = await createCache({ registry });
  const files = new Map<string, File>();
  const tags = new Map<string, Tag>();

  const tagsOf = (file: File) => file.tag_ids.flatMap((id) => tags.get(id) ?? []);
  const all = () => [...files.values()].sort(byName);
  const pairs = [
    {
      live: cache.liveQuery({ from: "file", orderBy: [{ name: "asc" }], limit: 8, include: { tags: true, parent: { include: { tags: true } } } }),
      wanted: () =>
        all().slice(0, 8).map((file) => {
          const parent = files.get(file.folder ?? "");
          return { ...file, tags: tagsOf(file), parent: parent === undefined ? null : { ...parent, tags: tagsOf(parent) } };
        }),
    },
    {
      live: cache.liveQuery({
        from: "file",
        where: { tags: { none: { name: "n0" } } },
        orderBy: [{ name: "asc" }],
        include: { children: { where: { name: { gte: "n2" } }, orderBy: [{ name: "desc" }], limit: 2, include: { tags: { orderBy: [{ name: "asc" }] } } } },
      }),
      wanted: () =>
        all()
          .filter((file) => tagsOf(file).every(({ name }) => name !== "n0"))
          .map((file) => ({
            ...file,
            children: all()
              .filter(({ folder, name }) => folder === file.id && name >= "n2")
              .sort((a, b) => byText(b.name, a.name) || byText(a.id, b.id))
              .slice(0, 2)
              .map((child) => ({ ...child, tags: tagsOf(child).sort(byName) })),
          })),
    },
  ];
  let told = 0;
  for (const { live } of pairs) live.subscribe(() => told++);

  for (let step = 0; step < 600; step++) {
    const before = pairs.map(({ live }) => live.getSnapshot());
    told = 0;
    const [fileId, tagId] = [`f${below(15)}`, `t${below(5)}`];
    const kind = below(12);
    if (kind < 6) {
      const tag_ids = ["t0", "t1", "t2", "t3", "t4"].filter(() => below(3) === 0).sort(() => random() - 0.5);
      const file = { id: fileId, name: `n${below(5)}`, folder: below(3) === 0 ? null : `f${below(15)}`, tag_ids };
      files.set(fileId, file);
      cache.apply(changed(file));
    } else if (kind < 10) {
      const tag = { id: tagId, name: `n${below(4)}` };
      tags.set(tagId, tag);
      cache.apply(changed(tag, "tag"));
    } else if (kind === 10) {
      files.delete(fileId);
      cache.apply(deleted(fileId));
    } else {
      tags.delete(tagId);
      cache.apply(deleted(tagId, "tag"));
    }

    let changes = 0;
    pairs.forEach(({ live, wanted }, index) => {
      const now = live.getSnapshot();
      expect(now.data).toEqual(wanted());
      const was = before[index]!;
      if (JSON.stringify(now) === JSON.stringify(was)) expect(now).toBe(was);
      else changes++;
      const old = rowsIn(was.data);
      for (const [path, row] of rowsIn(now.data)) {
        const previous = old.get(path);
        if (previous !== undefined && JSON.stringify(previous) === JSON.stringify(row)) expect(row).toBe(previous);
      }
    });
    expect(told).toBe(changes);
  }
}, 30_000);
