// W9: a window of 100 files with their tags in them, and one event at a time that changes a tag some of them show.
import { evenly, files, folderCount, folders, random, tags } from "../data.mjs";
import { batchEvent, changeEvent } from "../events.mjs";
import { filled, mountAll } from "../material.mjs";
import { perStep } from "../measure.mjs";
import { by, mustShow } from "../model.mjs";

export const title = "nested include: one tag changes";
export const cases = (rows) => (rows.length > 1 ? rows.slice(1) : rows).map((count) => ({ name: `${count} rows`, rows: count }));

export function build({ rows }) {
  const folderIds = folders(folderCount(rows));
  const allTags = tags(200);
  const all = files(rows, evenly(folderIds.length), folderIds, allTags.map((tag) => tag.id));
  const inFolder = all.filter((row) => row.parent_id === folderIds[0]).sort(by("name")).slice(0, 100);
  const used = [...new Set(inFolder.flatMap((row) => row.tag_ids))];
  const next = random(9);
  const current = new Map(allTags.map((tag) => [tag.id, tag]));
  const events = Array.from({ length: 16_000 }, (_, i) => {
    const old = current.get(used[Math.floor(next() * used.length)]);
    const tag = { ...old, name: `tag ${i}`, version: old.version + 1 };
    current.set(tag.id, tag);
    return changeEvent("tag", tag);
  });
  const query = { where: { parent_id: folderIds[0] }, orderBy: "name", limit: 100, include: "tags" };
  return { batches: [batchEvent("tag", allTags), batchEvent("file", all)], queries: [query], events };
}

export async function measure(peer, material) {
  const { events, queries } = material;
  const store = await filled(peer, material);
  const shown = mountAll(store, queries);
  await store.settle?.();
  const asApp = store.rowOf ?? ((row) => row);
  mustShow("at first", shown[0].map(asApp), material.model().query(queries[0]));

  // One event by itself: how many rows became new objects, and how many had to.
  const before = shown[0].slice();
  store.apply(events[0]);
  await store.settle?.();
  const changed = JSON.parse(events[0]).kind.data.resource.id;
  const fresh = shown[0].filter((row, i) => row !== before[i]).length;
  const must = material.model().query(queries[0]).filter((row) => row.tag_ids.includes(changed)).length;

  const { cpu_us, wall_us, steps } = await perStep(events.length - 1, (i) => store.apply(events[i + 1]), { settle: store.settle });
  mustShow("the list", shown[0].map(asApp), material.model(steps + 1).query(queries[0]));
  return { update: { cpu: cpu_us, wall: wall_us, unit: "µs" }, fresh: { rows: fresh, needed: must, unit: "rows" }, steps };
}
