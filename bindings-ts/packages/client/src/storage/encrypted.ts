import { LarderError } from "../errors.js";
import { numberOf, type Op, readBatch, writeBatch } from "./batch.js";
import { storageError } from "./errors.js";
import { open, OVERHEAD_BYTES, seal } from "./seal.js";
import type { Storage, StorageKind, StoredKey } from "./storage.js";
import { takeOver } from "./take_over.js";
import { Turns } from "./turns.js";

/** The name of the record that tells whether a key is the right one. The cache has no key of this name. */
const CHECK = "key";
const CHECKED = new TextEncoder().encode("larder");

/** A storage that {@link encrypted} has made. */
export interface EncryptedStorage extends Storage {
  /**
   * Encrypts everything anew with another key, all of it in one batch: whatever happens in between, either the old key opens it or
   * the new one. Keep the old key until this has resolved. All values are in memory meanwhile. Before the storage is given to a cache.
   */
  rotate(key: CryptoKey): Promise<void>;
}

/**
 * Encrypts every value before it reaches `storage`: AES-256-GCM, with a random nonce for each and the value's own key name as
 * associated data, so that values cannot be exchanged for each other. The names of keys and the lengths of values are not hidden, and
 * that an older copy of the whole storage was put in its place is not noticed.
 *
 * @example
 * ```ts
 * const key = await crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
 * const storage = encrypted(autoStorage("library"), key);
 * ```
 */
export function encrypted(storage: Storage, key: CryptoKey): EncryptedStorage {
  return new Encrypted(storage, key);
}

class Encrypted implements EncryptedStorage {
  readonly #storage: Storage;
  readonly #turns = new Turns();
  #key: CryptoKey;
  /** Whether the key fits, and so need not be tried again, and whether the record that tells is there. */
  #checked: "yes" | "not yet" | undefined;

  constructor(storage: Storage, key: CryptoKey) {
    this.#storage = storage;
    this.#key = key;
  }

  get kind(): StorageKind | undefined {
    return this.#storage.kind;
  }

  keys(): Promise<StoredKey[]> {
    return this.#turns.take(() => this.#keys());
  }

  takeOver(): Promise<void> {
    return this.#turns.take(() => takeOver(this.#storage));
  }

  read(keys: readonly string[]): Promise<(Uint8Array | undefined)[]> {
    return this.#turns.take(() => this.#read(keys));
  }

  commit(batch: Uint8Array<ArrayBuffer>): Promise<void> {
    return this.#turns.take(async () => {
      const ops = readBatch(batch);
      if ((await this.#check()) === "not yet") ops.unshift({ key: CHECK, value: CHECKED });
      await this.#storage.commit(writeBatch(numberOf(batch), await sealed(this.#key, ops)));
      this.#checked = "yes";
    });
  }

  wipe(): Promise<void> {
    return this.#turns.take(() => {
      this.#checked = undefined;
      return this.#storage.wipe();
    });
  }

  close(): Promise<void> {
    return this.#turns.take(() => {
      this.#checked = undefined;
      return this.#storage.close();
    });
  }

  rotate(key: CryptoKey): Promise<void> {
    return this.#turns.take(async () => {
      const names = (await this.#keys()).map((stored) => stored.key);
      const values = await this.#read(names);
      const ops = names.map((name, i): Op => ({ key: name, value: values[i] as Op["value"] }));
      await this.#storage.commit(writeBatch(0, await sealed(key, [{ key: CHECK, value: CHECKED }, ...ops])));
      this.#key = key;
      this.#checked = "yes";
    });
  }

  async #keys(): Promise<StoredKey[]> {
    await this.#check();
    const found = (await this.#storage.keys()).filter(({ key }) => key !== CHECK);
    return found.map(({ key, bytes }) => ({ key, bytes: Math.max(bytes - OVERHEAD_BYTES, 0) }));
  }

  async #read(keys: readonly string[]): Promise<(Uint8Array | undefined)[]> {
    await this.#check();
    const values = await this.#storage.read(keys);
    return Promise.all(values.map((value, i) => value && open(this.#key, keys[i] as string, value)));
  }

  /** Makes sure that the key is the right one. */
  async #check(): Promise<"yes" | "not yet"> {
    if (this.#checked !== undefined) return this.#checked;
    const [found] = await this.#storage.read([CHECK]);
    if (found !== undefined) {
      try {
        await open(this.#key, CHECK, found);
      } catch (error) {
        if (error instanceof LarderError && error.kind === "storage.newer_format") throw error;
        throw storageError("storage.wrong_key", "This key does not open the storage; give the one that it was written with.", error);
      }
      return (this.#checked = "yes");
    }
    if ((await this.#storage.keys()).length > 0) {
      throw storageError("storage.wrong_key", "This storage is not encrypted; open it as it is, or wipe it.");
    }
    return (this.#checked = "not yet");
  }
}

function sealed(key: CryptoKey, ops: readonly Op[]): Promise<Op[]> {
  return Promise.all(ops.map(async (op) => ({ key: op.key, value: op.value && (await seal(key, op.key, op.value)) })));
}
