import { asStorageError, storageError } from "./errors.js";
import { Log, type LogFile } from "./log.js";
import { Snapshot } from "./snapshot.js";
import type { Storage, StoredKey } from "./storage.js";

/** What a dedicated worker has, and the types of a page do not. */
interface FileHandle extends FileSystemFileHandle {
  createSyncAccessHandle(): Promise<LogFile>;
}

/** Another page that is just closing may have the files so many times this long. */
const PATIENCE = 10;
const WAIT_MS = 30;

/**
 * A log in a folder of the origin's private files, `larder/<name>`. Each copy of it is a file of its own, named by its number; the
 * newest finished one counts, and holding it open keeps everybody else out. Whoever takes over begins a newer one before he reads
 * the last: a commit counts only if there is no newer one after it. Only in a dedicated worker.
 */
export class PrivateFiles implements Storage {
  readonly kind = "opfs";
  readonly #name: string;
  #folder: FileSystemDirectoryHandle | undefined;
  #log: Log | undefined;
  #number = 0;
  /** After a copy that failed, none is tried below this size. */
  #copyFrom = 0;
  /** Another took over: nothing that happens here counts any more, until it is opened anew. */
  #isOver = false;

  constructor(name: string) {
    this.#name = name;
  }

  async keys(): Promise<StoredKey[]> {
    return (await this.#open(PATIENCE)).keys();
  }

  async read(keys: readonly string[]): Promise<(Uint8Array<ArrayBuffer> | undefined)[]> {
    return (await this.#open(PATIENCE)).read(keys);
  }

  async commit(batch: Uint8Array<ArrayBuffer>): Promise<void> {
    (await this.#open(PATIENCE)).commit(batch);
    await this.#check();
  }

  async takeOver(): Promise<void> {
    try {
      await this.#open(0);
    } catch (error) {
      if (asStorageError(error).kind !== "storage.locked" || this.#isOver) throw error;
      await this.#supersede();
    }
  }

  /** Gives room back, if there is much to be gained; the old file goes when the new one is on the disk. */
  async afterCommit(): Promise<void> {
    const [log, folder] = [this.#log, this.#folder];
    if (this.#isOver || log === undefined || folder === undefined || !log.isWasteful || log.bytes < this.#copyFrom) return;
    const number = this.#number + 1;
    let file: LogFile | undefined;
    try {
      file = await open(folder, number, "new");
      this.#log = log.copyInto(file);
    } catch {
      // There may be no room for two. What was committed is safe where it is.
      this.#copyFrom = 2 * log.bytes;
      if (file !== undefined) await discard(folder, file, number);
      return;
    }
    await discard(folder, log, this.#number);
    this.#number = number;
  }

  async wipe(): Promise<void> {
    const folder = await this.#enter();
    this.#log?.close();
    this.#log = undefined;
    const [newest, ...older] = await numbers(folder);
    if (newest === undefined) return;
    // Whatever is in it; whoever has it open is not to lose it.
    const file = await openSoon(folder, newest, PATIENCE);
    try {
      for (const number of older) await folder.removeEntry(`${number}.log`);
    } catch (error) {
      // A page that does nothing has an old one open, which must not count again.
      Log.empty(file);
      file.close();
      throw error;
    }
    await discard(folder, file, newest);
  }

  async close(): Promise<void> {
    this.#log?.close();
    this.#log = this.#folder = undefined;
    this.#isOver = false;
  }

  async #enter(): Promise<FileSystemDirectoryHandle> {
    if (this.#isOver) throw over();
    if (this.#folder !== undefined) return this.#folder;
    const { storage } = navigator as { storage?: StorageManager };
    if (storage?.getDirectory === undefined) throw new DOMException("no private files", "NotSupportedError");
    let folder = await storage.getDirectory();
    for (const name of ["larder", encodeURIComponent(this.#name)]) folder = await folder.getDirectoryHandle(name, { create: true });
    return (this.#folder = folder);
  }

  async #open(patience: number): Promise<Log> {
    const folder = await this.#enter();
    if (this.#log !== undefined) return this.#log;
    for (;;) {
      const [newest] = await numbers(folder);
      const number = newest ?? 1;
      const file = await openSoon(folder, number, patience);
      let log: Log | undefined;
      try {
        log = Log.open(file) ?? (newest === undefined ? Log.empty(file) : undefined);
      } catch (error) {
        file.close();
        throw error;
      }
      if (log === undefined) {
        // It was never finished; the one before it counts.
        await discard(folder, file, number);
        continue;
      }
      const [last, ...older] = await numbers(folder);
      if (last !== number) {
        // Whoever had it has just put a newer one in its place.
        log.close();
        continue;
      }
      for (const number of older) await remove(folder, number);
      this.#number = number;
      return (this.#log = log);
    }
  }

  /** Puts a newer log in the place of one that another has open. */
  async #supersede(): Promise<void> {
    const folder = await this.#enter();
    const number = ((await numbers(folder))[0] ?? 0) + 1;
    // From here on the other's commits fail, so that what is read now is all that counts.
    const file = await open(folder, number, "new");
    try {
      this.#log = (await this.#last(folder, number))?.copyInto(file) ?? Log.empty(file);
      this.#number = number;
      await this.#check();
    } catch (error) {
      this.#log = undefined;
      await discard(folder, file, number);
      throw error;
    }
  }

  /** The newest finished log before this number, as it is now, whoever has it open. */
  async #last(folder: FileSystemDirectoryHandle, before: number): Promise<Log | undefined> {
    for (let left = PATIENCE; ; left--) {
      try {
        for (const number of await numbers(folder)) {
          if (number >= before) continue;
          const log = Log.open(await Snapshot.of(await folder.getFileHandle(`${number}.log`)));
          if (log !== undefined) return log;
        }
        return undefined;
      } catch (error) {
        // It may have been written to, or replaced, in the middle of reading: the last time.
        if (left === 0 || !(error instanceof DOMException)) throw error;
      }
    }
  }

  /** What was written counts, unless another has taken over. */
  async #check(): Promise<void> {
    const newest = (await numbers(this.#folder as FileSystemDirectoryHandle))[0];
    if (newest === this.#number) return;
    this.#isOver = true;
    this.#log?.close();
    this.#log = undefined;
    throw over();
  }
}

function over(): Error {
  return storageError("storage.locked", "Another page has taken this storage over, as this one did nothing for a while.");
}

async function open(folder: FileSystemDirectoryHandle, number: number, which: "new" | "any"): Promise<LogFile> {
  const handle = (await folder.getFileHandle(`${number}.log`, { create: true })) as FileHandle;
  if (handle.createSyncAccessHandle === undefined) throw new DOMException("no files that can be kept open", "NotSupportedError");
  const file = await handle.createSyncAccessHandle();
  if (which === "any" || file.getSize() === 0) return file;
  file.close();
  throw storageError("storage.locked", "Another page is just writing this storage anew.");
}

async function openSoon(folder: FileSystemDirectoryHandle, number: number, patience: number): Promise<LogFile> {
  for (let left = patience; ; left--) {
    try {
      return await open(folder, number, "any");
    } catch (error) {
      if (left === 0 || asStorageError(error).kind !== "storage.locked") throw error;
    }
    await new Promise((resolve) => setTimeout(resolve, WAIT_MS));
  }
}

async function discard(folder: FileSystemDirectoryHandle, file: LogFile | Log, number: number): Promise<void> {
  file.close();
  await remove(folder, number);
}

/** Removes a file, unless another has it open: then he or the next does. */
async function remove(folder: FileSystemDirectoryHandle, number: number): Promise<void> {
  await folder.removeEntry(`${number}.log`).catch(() => {});
}

/** The numbers of the logs in a folder, newest first. */
async function numbers(folder: FileSystemDirectoryHandle): Promise<number[]> {
  const found: number[] = [];
  const { keys } = folder as FileSystemDirectoryHandle & { keys(): AsyncIterable<string> };
  for await (const name of keys.call(folder)) {
    const number = /^(\d+)\.log$/.exec(name)?.[1];
    if (number !== undefined) found.push(Number(number));
  }
  return found.sort((a, b) => b - a);
}
