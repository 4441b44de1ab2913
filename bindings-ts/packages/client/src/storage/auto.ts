import { LarderError } from "../errors.js";
import { indexedDbStorage } from "./indexed_db.js";
import { memoryStorage } from "./memory.js";
import { type OpfsOptions, opfsStorage } from "./opfs.js";
import type { Storage, StorageKind, StoredKey } from "./storage.js";
import { takeOver } from "./take_over.js";

/**
 * The best storage that there is here: the origin's private files, else IndexedDB, else memory. `kind` says which, once it is open.
 *
 * Only what the browser does not have, or does not allow, is passed over. A storage that another page has open, or that is damaged,
 * fails: to go on with an empty one would hide what the first one holds.
 */
export function autoStorage(name: string, options: OpfsOptions = {}): Storage {
  return new AutoStorage([() => opfsStorage(name, options), () => indexedDbStorage(name), memoryStorage]);
}

class AutoStorage implements Storage {
  readonly #left: (() => Storage)[];
  #found: Promise<Storage> | undefined;
  #kind: StorageKind | undefined;

  constructor(all: (() => Storage)[]) {
    this.#left = all;
  }

  get kind(): StorageKind | undefined {
    return this.#kind;
  }

  async keys(): Promise<StoredKey[]> {
    return (await this.#storage()).keys();
  }

  async takeOver(): Promise<void> {
    if (this.#found !== undefined) return takeOver(await this.#found);
    await (this.#found = this.#find(takeOver));
  }

  async read(keys: readonly string[]): Promise<(Uint8Array | undefined)[]> {
    return (await this.#storage()).read(keys);
  }

  async commit(batch: Uint8Array<ArrayBuffer>): Promise<void> {
    return (await this.#storage()).commit(batch);
  }

  async wipe(): Promise<void> {
    return (await this.#storage()).wipe();
  }

  async close(): Promise<void> {
    if (this.#kind !== undefined) return (await this.#storage()).close();
  }

  #storage(): Promise<Storage> {
    return (this.#found ??= this.#find());
  }

  async #find(open: (storage: Storage) => Promise<unknown> = (storage) => storage.keys()): Promise<Storage> {
    for (;;) {
      const storage = (this.#left[0] as () => Storage)();
      try {
        await open(storage);
      } catch (error) {
        await storage.close().catch(() => {});
        const isMissing = error instanceof LarderError && error.kind === "storage.denied";
        if (isMissing && this.#left.length > 1) {
          this.#left.shift();
          continue;
        }
        // It is there, but not now, as when another page has it. Its calls say so, and the next may find it better.
        if (error instanceof LarderError && error.kind === "storage.locked") {
          this.#found = undefined;
          throw error;
        }
      }
      this.#kind = storage.kind;
      return storage;
    }
  }
}
