import { asStorageError } from "./errors.js";
import { Log, type LogFile } from "./log.js";
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
 * newest finished one counts. Only in a dedicated worker.
 */
export class PrivateFiles implements Storage {
  readonly kind = "opfs";
  readonly #name: string;
  #folder: FileSystemDirectoryHandle | undefined;
  /** Holding it open keeps everybody else out. */
  #lock: LogFile | undefined;
  #log: Log | undefined;
  #number = 0;
  /** After a copy that failed, none is tried below this size. */
  #copyFrom = 0;

  constructor(name: string) {
    this.#name = name;
  }

  async keys(): Promise<StoredKey[]> {
    return (await this.#open()).keys();
  }

  async read(keys: readonly string[]): Promise<(Uint8Array<ArrayBuffer> | undefined)[]> {
    return (await this.#open()).read(keys);
  }

  async commit(batch: Uint8Array<ArrayBuffer>): Promise<void> {
    (await this.#open()).commit(batch);
  }

  /** Gives room back, if there is much to be gained; the old file goes when the new one is on the disk. */
  async afterCommit(): Promise<void> {
    const [log, folder] = [this.#log, this.#folder];
    if (log === undefined || folder === undefined || !log.isWasteful || log.bytes < this.#copyFrom) return;
    const number = this.#number + 1;
    let file: LogFile | undefined;
    try {
      file = await open(folder, `${number}.log`);
      this.#log = log.copyInto(file);
    } catch {
      // There may be no room for two. What was committed is safe where it is.
      file?.close();
      this.#copyFrom = 2 * log.bytes;
      await folder.removeEntry(`${number}.log`).catch(() => {});
      return;
    }
    log.close();
    await folder.removeEntry(`${this.#number}.log`).catch(() => {});
    this.#number = number;
  }

  async wipe(): Promise<void> {
    const folder = await this.#enter();
    this.#log?.close();
    this.#log = undefined;
    for (const number of await numbers(folder)) await folder.removeEntry(`${number}.log`);
  }

  async close(): Promise<void> {
    this.#log?.close();
    this.#lock?.close();
    this.#log = this.#lock = this.#folder = undefined;
  }

  async #enter(): Promise<FileSystemDirectoryHandle> {
    if (this.#folder !== undefined) return this.#folder;
    const { storage } = navigator as { storage?: StorageManager };
    if (storage?.getDirectory === undefined) throw new DOMException("no private files", "NotSupportedError");
    let folder = await storage.getDirectory();
    for (const name of ["larder", encodeURIComponent(this.#name)]) folder = await folder.getDirectoryHandle(name, { create: true });
    this.#lock = await openSoon(folder, "lock");
    return (this.#folder = folder);
  }

  async #open(): Promise<Log> {
    if (this.#log !== undefined) return this.#log;
    const folder = await this.#enter();
    for (const number of await numbers(folder)) {
      const name = `${number}.log`;
      if (this.#log !== undefined) {
        // An older copy, which a process that died had no time to remove.
        await folder.removeEntry(name);
        continue;
      }
      const file = await open(folder, name);
      try {
        this.#log = Log.open(file);
        this.#number = number;
      } catch (error) {
        file.close();
        throw error;
      }
      if (this.#log === undefined) {
        file.close();
        await folder.removeEntry(name);
      }
    }
    if (this.#log === undefined) {
      this.#number = 1;
      this.#log = Log.create(await open(folder, "1.log"));
      this.#log.finish();
    }
    return this.#log;
  }
}

async function open(folder: FileSystemDirectoryHandle, name: string): Promise<LogFile> {
  const handle = (await folder.getFileHandle(name, { create: true })) as FileHandle;
  if (handle.createSyncAccessHandle === undefined) throw new DOMException("no files that can be kept open", "NotSupportedError");
  return handle.createSyncAccessHandle();
}

async function openSoon(folder: FileSystemDirectoryHandle, name: string): Promise<LogFile> {
  for (let left = PATIENCE; ; left--) {
    try {
      return await open(folder, name);
    } catch (error) {
      if (left === 0 || asStorageError(error).kind !== "storage.locked") throw error;
    }
    await new Promise((resolve) => setTimeout(resolve, WAIT_MS));
  }
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
