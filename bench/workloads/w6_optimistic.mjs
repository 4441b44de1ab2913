// W6: the user's edit of a shown row, shown at once, and taken back when the backend refuses it.
import { evenly, files, folderCount, folders } from "../data.mjs";
import { batchEvent } from "../events.mjs";
import { filled, mountAll } from "../material.mjs";
import { perStep } from "../measure.mjs";
import { mustShow } from "../model.mjs";

export const title = "optimistic edit and rollback";
export const cases = (rows) => [rows[1] ?? rows[0]].map((count) => ({ name: `${count} rows`, rows: count }));

export function build({ rows }) {
  const folderIds = folders(folderCount(rows));
  const query = { where: { parent_id: folderIds[0] }, orderBy: "name", limit: 100 };
  return { batches: [batchEvent("file", files(rows, evenly(folderIds.length), folderIds))], queries: [query] };
}

export async function measure(peer, material) {
  const store = await filled(peer, material);
  const shown = mountAll(store, material.queries);
  await store.settle?.();
  const [query] = material.queries;
  const before = material.model().query(query);
  // Each edit must show and go away again; this is looked at once, beside the timing.
  const undoOne = store.optimistic(before[3].id, { size: -1 });
  await store.settle?.();
  mustShow("edited", shown[0], before.map((row, i) => (i === 3 ? { ...row, size: -1 } : row)));
  undoOne();
  await store.settle?.();
  mustShow("taken back", shown[0], before);

  const ids = before.map((row) => row.id);
  const step = (i) => {
    const undo = store.optimistic(ids[i % ids.length], { size: i });
    undo();
  };
  const settling = async (i) => {
    const undo = store.optimistic(ids[i % ids.length], { size: i });
    await store.settle();
    undo();
    await store.settle();
  };
  let index = 0;
  const { cpu_us, wall_us, steps } = store.settle
    ? await perStep(16_000, () => {}, { settle: () => settling(index++) })
    : await perStep(16_000, step);
  mustShow("at the end", shown[0], before);
  return { pair: { cpu: cpu_us, wall: wall_us, unit: "µs" }, steps };
}
