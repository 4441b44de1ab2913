import type { Page } from "playwright-core";

import type { Backend, Content } from "./suite";

/** What can be done to a storage behind its back, while no page has it open. */
export interface Damage {
  tear?(page: Page, name: string, bytes: number): Promise<void>;
  flip?(page: Page, name: string, value: Content): Promise<void>;
  newer?(page: Page, name: string): Promise<void>;
  size?(page: Page, name: string): Promise<number>;
}

/** Changes the newest file, as bytes. */
function edit(page: Page, name: string, change: { cut?: number; flip?: number[]; set?: number }): Promise<void> {
  return page.evaluate(
    async ([name, change]) => {
      let folder = await navigator.storage.getDirectory();
      for (const part of ["larder", name]) folder = await folder.getDirectoryHandle(part);
      const names: string[] = [];
      for await (const entry of (folder as unknown as { keys(): AsyncIterable<string> }).keys()) if (entry !== "lock") names.push(entry);
      const newest = names.sort((a, b) => parseInt(b) - parseInt(a))[0] ?? "";
      const handle = await folder.getFileHandle(newest);
      let bytes = new Uint8Array(await (await handle.getFile()).arrayBuffer());
      if (change.cut !== undefined) bytes = bytes.slice(0, -change.cut);
      if (change.set !== undefined) bytes[4] = change.set;
      if (change.flip !== undefined) {
        const needle = change.flip;
        const at = bytes.findIndex((_, i) => needle.every((byte, j) => bytes[i + j] === byte));
        if (at < 0) throw new Error("the value is nowhere");
        bytes[at + 20] = (bytes[at + 20] ?? 0) ^ 1;
      }
      const file = await handle.createWritable();
      await file.write(bytes);
      await file.close();
    },
    [name, change] as const,
  );
}

/** The first bytes of a value, to find it by. */
function beginning(value: Content): number[] {
  if ("text" in value) throw new Error("a value that is found by its beginning is a made one");
  return Array.from({ length: Math.min(64, value.bytes) }, (_, i) => (value.seed + 31 * i) & 255);
}

export const DAMAGE: Readonly<Partial<Record<Backend, Damage>>> = {
  opfs: {
    tear: (page, name, bytes) => edit(page, name, { cut: bytes }),
    flip: (page, name, value) => edit(page, name, { flip: beginning(value) }),
    newer: (page, name) => edit(page, name, { set: 2 }),
    size: (page, name) =>
      page.evaluate(async (name) => {
        let folder = await navigator.storage.getDirectory();
        for (const part of ["larder", name]) folder = await folder.getDirectoryHandle(part);
        let bytes = 0;
        for await (const entry of (folder as unknown as { values(): AsyncIterable<FileSystemFileHandle> }).values()) {
          bytes += (await entry.getFile()).size;
        }
        return bytes;
      }, name),
  },
  indexeddb: {
    flip: (page, name) =>
      page.evaluate(
        (name) =>
          new Promise<void>((resolve, reject) => {
            const opening = indexedDB.open(`larder/${name}`);
            opening.onsuccess = () => {
              const database = opening.result;
              const transaction = database.transaction("values", "readwrite");
              const values = transaction.objectStore("values");
              const asking = values.get("a") as IDBRequest<Uint8Array>;
              asking.onsuccess = () => {
                asking.result[20] = (asking.result[20] ?? 0) ^ 1;
                values.put(asking.result, "a");
              };
              transaction.oncomplete = () => {
                database.close();
                resolve();
              };
              transaction.onabort = () => reject(transaction.error);
            };
          }),
        name,
      ),
    newer: (page, name) =>
      page.evaluate(
        (name) =>
          new Promise<void>((resolve, reject) => {
            const opening = indexedDB.open(`larder/${name}`, 2);
            opening.onerror = () => reject(opening.error);
            opening.onsuccess = () => {
              opening.result.close();
              resolve();
            };
          }),
        name,
      ),
  },
};
