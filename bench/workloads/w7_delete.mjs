// W7: delete a row that 20 queries show; no row takes its place in any of them.
import { files, folders } from "../data.mjs";
import { batchEvent, deleteEvent } from "../events.mjs";
import { filled, mountAll } from "../material.mjs";
import { perStep } from "../measure.mjs";
import { mustShow } from "../model.mjs";

export const title = "delete a row that 20 queries show";
export const cases = (rows) => [rows[1] ?? rows[0]].map((count) => ({ name: `${count} rows`, rows: count }));
const SHOWN = 400;

export function build({ rows }) {
  const folderIds = folders(100);
  const all = files(rows, (index, next) => (index < SHOWN ? 0 : 1 + Math.floor(next() * 99)), folderIds);
  return {
    batches: [batchEvent("file", all)],
    // Twenty queries that differ, and are long enough to show the whole folder.
    queries: Array.from({ length: 20 }, (_, i) => ({ where: { parent_id: folderIds[0] }, orderBy: "name", limit: SHOWN + i })),
    events: all.slice(0, SHOWN - 50).map((row) => deleteEvent("file", row.id)),
  };
}

export async function measure(peer, material) {
  const { events, queries } = material;
  const store = await filled(peer, material);
  const shown = mountAll(store, queries);
  await store.settle?.();
  const { cpu_us, wall_us, steps } = await perStep(events.length, (i) => store.apply(events[i]), { settle: store.settle });
  const model = material.model(steps);
  queries.forEach((query, i) => mustShow(`query ${i}`, shown[i], model.query(query)));
  return { delete: { cpu: cpu_us, wall: wall_us, unit: "µs" }, steps };
}
