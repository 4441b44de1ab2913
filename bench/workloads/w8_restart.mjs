// W8: save what is cached; in a fresh process, load it and show the first window.
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { evenly, files, folderCount, folders } from "../data.mjs";
import { batchEvent } from "../events.mjs";
import { filled, mountAll } from "../material.mjs";
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
    // What an earlier round saved.
    rmSync(saved, { recursive: true, force: true });
    const store = await filled(peer, material, material.queries, { saved });
    // What the user looks at when the app ends.
    const shown = mountAll(store, material.queries);
    await store.settle?.();
    mustShow("before it", shown[0], material.model().query(query));
    settleMemory();
    const { cpu_ms, wall_ms } = await once(async () => {
      const text = await store.save();
      if (text !== undefined) writeFileSync(saved, text);
    });
    return { save: { cpu: cpu_ms, wall: wall_ms, unit: "ms" } };
  }
  let list;
  const window = (store, expected) =>
    new Promise((resolve) => {
      store.mount(query, (rows) => {
        list = rows;
        if (rows.length === expected) resolve();
      });
    });
  const expected = material.model().query(query);
  // The modules are loaded, and what they compile is compiled, by a store that is empty.
  const empty = await peer.open();
  const began = once(async () => {
    if (empty.restored !== undefined) {
      // A store of its own opens with what its storage has.
      const store = await peer.open({ saved });
      await window(store, expected.length);
      return store;
    }
    empty.restore(readFileSync(saved, "utf8"));
    await Promise.race([window(empty, expected.length), empty.settle?.()].filter(Boolean));
    return empty;
  });
  const first = await began;
  mustShow("restored", list, expected);
  const restore = { cpu: first.cpu_ms, wall: first.wall_ms, unit: "ms" };
  if (first.result.restored === undefined) return { restore };
  const rest = await once(() => first.result.restored());
  mustShow("with all of it back", list, expected);
  return { restore, whole: { cpu: first.cpu_ms + rest.cpu_ms, wall: first.wall_ms + rest.wall_ms, unit: "ms" } };
}
