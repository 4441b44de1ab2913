// W3: one event at a time into one mounted query, until its subscriber has the new list: a window of 100 files of a folder, of
// 100 files of a kind, which one file in seven is of, or all files in order.
import { evenly, files, folderCount, folders } from "../data.mjs";
import { batchEvent, mixedChanges } from "../events.mjs";
import { filled, mountAll } from "../material.mjs";
import { perStep } from "../measure.mjs";
import { by, mustShow } from "../model.mjs";

export const title = "single update";
const SLICE = 100_000;

export const cases = (rows, { quick }) => [
  ...rows.map((count) => ({ name: `window of 100, ${count} rows`, rows: count, kind: "window" })),
  ...(rows.length > 1 ? rows.slice(1) : rows).map((count) => ({ name: `window of 100 of one kind, ${count} rows`, rows: count, kind: "broad" })),
  // The largest is for those that keep the cost of an update apart from the number of rows; the others would take minutes to load it.
  ...(quick ? [] : [{ name: "window of 100, 1000000 rows", rows: 1_000_000, kind: "window", only: ["floor", "larder"] }]),
  { name: `full sorted list, ${rows.at(-1)} rows`, rows: rows.at(-1), kind: "full" },
];

export function build({ rows, kind }) {
  const folderIds = folders(folderCount(rows));
  const all = files(rows, evenly(folderIds.length), folderIds);
  const where = { window: { parent_id: folderIds[0] }, broad: { kind: "image" }, full: undefined }[kind];
  const [field, value] = Object.entries(where ?? {})[0] ?? [];
  const listed = where === undefined ? all : all.filter((row) => row[field] === value);
  const shown = [...listed].sort(by("name")).slice(0, where === undefined ? 1000 : 100);
  const query = { orderBy: "name", ...(where && { where, limit: 100 }) };
  const batches = (function* () {
    for (let from = 0; from < all.length; from += SLICE) yield batchEvent("file", all.slice(from, from + SLICE));
  })();
  return { batches, queries: [query], events: mixedChanges(all, shown, kind === "full" ? 2000 : 24_000) };
}

export async function measure(peer, material) {
  const store = await filled(peer, material);
  const shown = mountAll(store, material.queries);
  await store.settle?.();
  const { events } = material;
  const { cpu_us, wall_us, steps } = await perStep(events.length, (i) => store.apply(events[i]), { settle: store.settle });
  mustShow("the list", shown[0], material.model(steps).query(material.queries[0]));
  return { update: { cpu: cpu_us, wall: wall_us, unit: "µs" }, steps };
}
