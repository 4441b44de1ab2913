import { type End, FarStorage } from "./channel.js";
import { storageError } from "./errors.js";
import type { Storage, StoredKey } from "./storage.js";

/** The part of the standard class `Worker` that is needed. */
export interface StorageWorker extends End {
  onerror: ((event: ErrorEvent) => void) | null;
  terminate(): void;
}

export interface OpfsOptions {
  /**
   * What starts the storage worker, where a bundler needs that:
   * `() => new Worker(new URL("@larder/client/storage-worker", import.meta.url), { type: "module" })`.
   */
  readonly worker?: () => StorageWorker;
}

/**
 * Keeps values in the origin's private files, in the folder `larder/<name>`: one file that batches are appended to, written by a
 * worker of its own. The quickest storage that browsers have.
 */
export function opfsStorage(name: string, options: OpfsOptions = {}): Storage {
  return new OpfsStorage(name, options.worker ?? startWorker);
}

function startWorker(): StorageWorker {
  if (typeof Worker === "undefined") throw storageError("storage.denied", "There are no workers here.");
  return new Worker(new URL("./opfs_worker.js", import.meta.url), { type: "module", name: "larder storage" });
}

interface Hired {
  readonly worker: StorageWorker;
  readonly storage: FarStorage;
}

class OpfsStorage implements Storage {
  readonly kind = "opfs";
  readonly #name: string;
  readonly #start: () => StorageWorker;
  #hired: Hired | undefined;

  constructor(name: string, start: () => StorageWorker) {
    this.#name = name;
    this.#start = start;
  }

  async keys(): Promise<StoredKey[]> {
    return this.#hire().storage.keys();
  }

  async takeOver(): Promise<void> {
    return this.#hire().storage.takeOver();
  }

  async read(keys: readonly string[]): Promise<(Uint8Array | undefined)[]> {
    return this.#hire().storage.read(keys);
  }

  async commit(batch: Uint8Array<ArrayBuffer>): Promise<void> {
    return this.#hire().storage.commit(batch);
  }

  async wipe(): Promise<void> {
    return this.#hire().storage.wipe();
  }

  async close(): Promise<void> {
    const hired = this.#hired;
    if (hired === undefined) return;
    // Whoever calls from now on gets a worker of his own, which waits until this one has let go.
    this.#hired = undefined;
    await hired.storage.close();
    hired.worker.terminate();
  }

  #hire(): Hired {
    if (this.#hired !== undefined) return this.#hired;
    const worker = this.#start();
    worker.postMessage(this.#name, []);
    const hired: Hired = { worker, storage: new FarStorage(worker) };
    worker.onerror = (event) => {
      event.preventDefault?.();
      worker.terminate();
      if (this.#hired === hired) this.#hired = undefined;
      const reason = event.message ?? "no reason given";
      const remedy = "if your bundler did not find it, see `worker` in OpfsOptions";
      hired.storage.fail(storageError("storage.io", `The storage worker could not be started, or stopped (${reason}); ${remedy}.`));
    };
    return (this.#hired = hired);
  }
}
