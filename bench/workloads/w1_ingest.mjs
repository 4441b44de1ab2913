// W1: one batch of files, from JSON text to a store that can be asked; and what it holds in memory afterwards.
import { evenly, files, folderCount, folders } from "../data.mjs";
import { batchEvent } from "../events.mjs";
import { median, once, settleMemory } from "../measure.mjs";
import { held } from "../memory.mjs";
import { mustShow } from "../model.mjs";

export const title = "bulk ingest";
export const cases = (rows) => rows.map((count) => ({ name: `${count} rows`, rows: count }));

export function build({ rows }) {
  const folderIds = folders(folderCount(rows));
  const all = files(rows, evenly(folderIds.length), folderIds);
  return { batches: [batchEvent("file", all)], queries: [{ where: { parent_id: all[0].parent_id }, orderBy: "name", limit: 100 }] };
}

export async function measure(peer, material) {
  // Memory first, in a process that holds nothing else.
  const first = await peer.open();
  const idle = held();
  const ingestAll = async (store) => {
    const [text] = material.batches();
    const figures = await once(() => (store.ingest(text), store.settle?.()));
    return { ...figures, bytes: new TextEncoder().encode(text).length };
  };
  const cold = await ingestAll(first);
  const full = held();
  const grown = (what) => full[what] - idle[what];

  let list;
  const [query] = material.queries;
  first.prepare?.(query, material.model().query(query));
  first.mount(query, (rows) => (list = rows));
  await first.settle?.();
  mustShow("after ingest", list, material.model().query(query));
  first.close?.();

  const runs = [cold];
  const rounds = cold.wall_ms > 8000 ? 0 : cold.wall_ms > 2000 ? 2 : 6;
  for (let round = 0; round < rounds; round++) {
    const store = await peer.open();
    settleMemory();
    runs.push(await ingestAll(store));
    store.close?.();
  }
  return {
    ingest: { cpu: median(runs.map((run) => run.cpu_ms)), wall: median(runs.map((run) => run.wall_ms)), unit: "ms" },
    cold: { cpu: cold.cpu_ms, wall: cold.wall_ms, unit: "ms" },
    memory: { heap: grown("heap"), outside: grown("outside"), linear: grown("linear"), json: cold.bytes / 1e6, unit: "MB" },
  };
}
