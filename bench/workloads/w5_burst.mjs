// W5: 10,000 events at once, each a step of its own, with 20 mounted windows.
import { evenly, files, folderCount, folders } from "../data.mjs";
import { batchEvent, mixedChanges } from "../events.mjs";
import { filled, mountAll } from "../material.mjs";
import { once } from "../measure.mjs";
import { mustShow } from "../model.mjs";

export const title = "burst";
const BUDGET_MS = 10_000;
export const cases = (rows, { quick }) =>
  rows.filter((count) => quick || count >= 10_000).map((count) => ({ name: `${count} rows, 20 queries`, rows: count, events: quick ? 500 : 10_000 }));

export function build({ rows, events }) {
  const folderIds = folders(folderCount(rows));
  const all = files(rows, evenly(folderIds.length), folderIds);
  const mounted = new Set(folderIds.slice(0, 20));
  return {
    batches: [batchEvent("file", all)],
    queries: [...mounted].map((parent_id) => ({ where: { parent_id }, orderBy: "name", limit: 100 })),
    events: mixedChanges(all, all.filter((row) => mounted.has(row.parent_id)), events),
  };
}

export async function measure(peer, material) {
  const { events, queries } = material;
  const store = await filled(peer, material);
  const shown = mountAll(store, queries);
  await store.settle?.();
  let done = 0;
  const deadline = performance.now() + BUDGET_MS;
  // Whoever would take too long is measured by as many as fit.
  const { cpu_ms, wall_ms } = await once(async () => {
    while (done < events.length && (done % 16 !== 0 || performance.now() < deadline)) {
      store.apply(events[done++]);
      if (store.settle) await store.settle();
    }
  });
  const model = material.model(done);
  queries.forEach((query, i) => mustShow(`query ${i}`, shown[i], model.query(query)));
  return { event: { cpu: (cpu_ms * 1000) / done, wall: (wall_ms * 1000) / done, unit: "µs" }, steps: done };
}
