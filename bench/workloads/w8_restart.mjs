// W8: save what is cached; in a fresh process, load it and show the first window.
import { readFileSync, writeFileSync } from "node:fs";
import { evenly, files, folderCount, folders } from "../data.mjs";
import { batchEvent } from "../events.mjs";
import { filled } from "../material.mjs";
import { once, settleMemory } from "../measure.mjs";
import { mustShow } from "../model.mjs";

export const title = "save, and restore in a fresh process";
export const phases = ["save", "restore"];
export const cases = (rows) => [rows[1] ?? rows[0]].map((count) => ({ name: `${count} rows`, rows: count }));

export function build({ rows }) {
  const folderIds = folders(folderCount(rows));
  const query = { where: { parent_id: folderIds[0] }, orderBy: "name", limit: 100 };
  return { batches: [batchEvent("file", files(rows, evenly(folderIds.length), folderIds))], queries: [query] };
}

export async function measure(peer, material, { phase, saved }) {
  const [query] = material.queries;
  if (phase === "save") {
    const store = await filled(peer, material);
    settleMemory();
    const { cpu_ms, wall_ms } = await once(() => writeFileSync(saved, store.save()));
    return { save: { cpu: cpu_ms, wall: wall_ms, unit: "ms" } };
  }
  const store = await peer.open();
  let list;
  const { cpu_ms, wall_ms } = await once(() => {
    store.restore(readFileSync(saved, "utf8"));
    store.mount(query, (rows) => (list = rows));
    return store.settle?.();
  });
  mustShow("restored", list, material.model().query(query));
  return { restore: { cpu: cpu_ms, wall: wall_ms, unit: "ms" } };
}
