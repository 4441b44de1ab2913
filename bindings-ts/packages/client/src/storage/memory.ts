import { readBatch } from "./batch.js";
import type { Storage, StoredKey } from "./storage.js";

/**
 * A storage that lasts as long as its object: for tests, and as the last resort of {@link autoStorage}. Giving the same object to
 * another cache later gives that what the first one stored.
 */
export function memoryStorage(): Storage {
  return new MemoryStorage();
}

class MemoryStorage implements Storage {
  readonly kind = "memory";
  readonly #values = new Map<string, Uint8Array>();

  keys(): Promise<StoredKey[]> {
    return Promise.resolve(Array.from(this.#values, ([key, value]) => ({ key, bytes: value.length })));
  }

  read(keys: readonly string[]): Promise<(Uint8Array | undefined)[]> {
    return Promise.resolve(keys.map((key) => this.#values.get(key)?.slice()));
  }

  async commit(batch: Uint8Array<ArrayBuffer>): Promise<void> {
    for (const { key, value } of readBatch(batch)) {
      if (value === undefined) this.#values.delete(key);
      // A copy: a small value must not hold on to a large batch.
      else this.#values.set(key, value.slice());
    }
  }

  wipe(): Promise<void> {
    this.#values.clear();
    return Promise.resolve();
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}
