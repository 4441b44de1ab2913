// A storage of Larder for Node: one file for each key in a folder. Whoever needs more than a benchmark needs atomic batches.
import { mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { readBatch } from "../../bindings-ts/packages/client/dist/storage/batch.js";

export function fileStorage(folder) {
  mkdirSync(folder, { recursive: true });
  const file = (key) => join(folder, encodeURIComponent(key));
  const read = async (key) => {
    const bytes = await readFile(file(key)).catch(() => undefined);
    return bytes && new Uint8Array(bytes);
  };
  return {
    kind: "memory",
    keys: async () => readdirSync(folder).map((name) => ({ key: decodeURIComponent(name), bytes: statSync(join(folder, name)).size })),
    read: (keys) => Promise.all(keys.map(read)),
    async commit(batch) {
      for (const { key, value } of readBatch(batch)) {
        if (value === undefined) rmSync(file(key), { force: true });
        else writeFileSync(file(key), value);
      }
    },
    wipe: async () => rmSync(folder, { recursive: true, force: true }),
    close: async () => {},
  };
}
