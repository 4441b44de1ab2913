// W4: many mounted queries, one folder each, over the same 10,000 files, and one event at a time that concerns one of them.
// The same ten folders change whatever the number of queries, so that only that number makes a difference.
import { files, folders, skewed } from "../data.mjs";
import { batchEvent, sizeChanges } from "../events.mjs";
import { filled, mountAll } from "../material.mjs";
import { once, perStep } from "../measure.mjs";
import { mustShow } from "../model.mjs";

export const title = "fan-out";
export const cases = (_rows, { quick }) =>
  (quick ? [10, 50] : [10, 100, 1000, 10_000]).map((queries) => ({ name: `${queries} queries`, queries, rows: quick ? 1000 : 10_000 }));

export function build({ rows, queries }) {
  const folderIds = folders(10_000);
  const all = files(rows, skewed(10_000), folderIds);
  return {
    batches: [batchEvent("file", all)],
    queries: folderIds.slice(0, queries).map((parent_id) => ({ where: { parent_id }, orderBy: "name", limit: 100 })),
    events: sizeChanges(all.slice(0, 1000), 24_000),
  };
}

export async function measure(peer, material) {
  const { events, queries } = material;
  const store = await filled(peer, material);
  let shown;
  const mounting = await once(() => ((shown = mountAll(store, queries)), store.settle?.()));
  const { cpu_us, wall_us, steps } = await perStep(events.length, (i) => store.apply(events[i]), { settle: store.settle });
  const model = material.model(steps);
  // The reference scans everything for each query: the ten that change, and a sample of the rest.
  const step = Math.max(1, Math.floor(queries.length / 50));
  queries.forEach((query, i) => {
    if (i < 10 || i % step === 0) mustShow(`query ${i}`, shown[i], model.query(query));
  });
  return {
    update: { cpu: cpu_us, wall: wall_us, unit: "µs" },
    mount: { cpu: mounting.cpu_ms, wall: mounting.wall_ms, unit: "ms" },
    steps,
  };
}
