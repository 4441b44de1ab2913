import { readBatch } from "./batch.js";
import { checksum } from "./checksum.js";
import { asStorageError, storageError } from "./errors.js";
import { hold } from "./lock.js";
import type { Storage, StoredKey } from "./storage.js";
import { Turns } from "./turns.js";

/** The newest form of the database that this version can read. */
const FORMAT = 1;
const VALUES = "values";
/**
 * Of each value its length and checksum, so that listing the keys does not read the values. And who may write: under {@link TAKEN} how
 * often it was taken over, and a note under each number below that.
 */
const NOTES = "notes";
const TAKEN = -1;
/** All keys that are texts, which come after all numbers. */
const TEXTS = () => IDBKeyRange.lowerBound("");

interface Note {
  readonly bytes: number;
  readonly sum: number;
}

/** Keeps values in the IndexedDB database `larder/<name>`, one transaction for each batch. */
export function indexedDbStorage(name: string): Storage {
  return new IndexedDbStorage(`larder/${name}`);
}

class IndexedDbStorage implements Storage {
  readonly kind = "indexeddb";
  readonly #name: string;
  readonly #turns = new Turns();
  #database: IDBDatabase | undefined;
  #unlock: (() => void) | undefined;
  /** How often it had been taken over when it was opened. */
  #taken = 0;
  /** Another took over: nothing that happens here counts any more, until it is opened anew. */
  #isOver = false;

  constructor(name: string) {
    this.#name = name;
  }

  keys(): Promise<StoredKey[]> {
    return this.#with("readonly", (transaction) => {
      const notes = transaction.objectStore(NOTES);
      const [keys, all] = [notes.getAllKeys(TEXTS()), notes.getAll(TEXTS()) as IDBRequest<Note[]>];
      return () => all.result.map(({ bytes }, i) => ({ key: keys.result[i] as string, bytes }));
    });
  }

  read(keys: readonly string[]): Promise<(Uint8Array | undefined)[]> {
    return this.#with("readonly", (transaction) => {
      const [values, notes] = [transaction.objectStore(VALUES), transaction.objectStore(NOTES)];
      const asked = keys.map((key) => ({ key, value: values.get(key) as IDBRequest<Uint8Array | undefined>, note: notes.get(key) }));
      return () => asked.map(({ key, value, note }) => this.#checked(key, value.result, note.result as Note | undefined));
    });
  }

  commit(batch: Uint8Array<ArrayBuffer>): Promise<void> {
    return this.#with("readwrite", (transaction) => {
      const [values, notes] = [transaction.objectStore(VALUES), transaction.objectStore(NOTES)];
      for (const { key, value } of readBatch(batch)) {
        if (value === undefined) {
          values.delete(key);
          notes.delete(key);
        } else {
          // A copy: cloning a view stores all of the buffer behind it.
          values.put(value.slice(), key);
          notes.put({ bytes: value.length, sum: checksum(value) } satisfies Note, key);
        }
      }
      // All of it fails where the note is there already, as another took over. Nobody has to be awake for that.
      notes.add(null, this.#taken);
      notes.delete(this.#taken);
      transaction.commit();
      return () => {};
    });
  }

  takeOver(): Promise<void> {
    return this.#turns.take(async () => {
      try {
        await this.#open(true);
      } catch (error) {
        throw asStorageError(error);
      }
    });
  }

  wipe(): Promise<void> {
    return this.#turns.take(async () => {
      try {
        await this.#lock(false);
        this.#database?.close();
        this.#database = undefined;
        await settled(indexedDB.deleteDatabase(this.#name));
      } catch (error) {
        throw asStorageError(error);
      }
    });
  }

  close(): Promise<void> {
    return this.#turns.take(() => {
      this.#letGo();
      this.#isOver = false;
    });
  }

  #letGo(): void {
    this.#database?.close();
    this.#database = undefined;
    this.#unlock?.();
    this.#unlock = undefined;
  }

  #checked(key: string, value: Uint8Array | undefined, note: Note | undefined): Uint8Array | undefined {
    if (value === undefined && note === undefined) return undefined;
    if (value === undefined || note === undefined || checksum(value) !== note.sum) {
      throw storageError("storage.damaged", `The value of ${key} is not what was stored; wipe the storage, and the cache is filled anew.`);
    }
    return value;
  }

  /** Makes the requests of one transaction, and takes what they came to when it is complete. */
  #with<T>(mode: IDBTransactionMode, ask: (transaction: IDBTransaction) => () => T): Promise<T> {
    return this.#turns.take(async () => {
      try {
        const database = await this.#open();
        const transaction = database.transaction([VALUES, NOTES], mode, { durability: "strict" });
        const complete = completed(transaction);
        let take: () => T;
        try {
          take = ask(transaction);
        } catch (error) {
          transaction.abort();
          await complete.catch(() => {});
          throw error;
        }
        await complete;
        return take();
      } catch (error) {
        if ((error as Partial<DOMException>).name === "ConstraintError") this.#isOver = true;
        throw this.#isOver ? over() : asStorageError(error);
      }
    });
  }

  async #lock(steal: boolean): Promise<void> {
    if (this.#isOver) throw over();
    this.#unlock ??= await hold(this.#name, steal);
  }

  async #open(takesOver = false): Promise<IDBDatabase> {
    if (this.#isOver) throw over();
    if (this.#database !== undefined) return this.#database;
    const { indexedDB } = globalThis as { indexedDB?: IDBFactory };
    if (indexedDB == null) throw storageError("storage.denied", "There is no IndexedDB here.");
    await this.#lock(takesOver);
    try {
      const request = indexedDB.open(this.#name, FORMAT);
      request.onupgradeneeded = () => {
        request.result.createObjectStore(VALUES);
        request.result.createObjectStore(NOTES);
      };
      const database = await settled(request);
      // The browser may close it, as when the user clears the site's data; the next call opens it anew.
      database.onclose = () => (this.#database = undefined);
      database.onversionchange = () => this.#letGo();
      this.#taken = await enter(database, takesOver);
      return (this.#database = database);
    } catch (error) {
      this.#letGo();
      throw error;
    }
  }
}

function over(): Error {
  return storageError("storage.locked", "Another page has taken this storage over, as this one did nothing for a while.");
}

/** How often it was taken over, this time included if it is now: who opened it before that writes no more. */
async function enter(database: IDBDatabase, takesOver: boolean): Promise<number> {
  const transaction = takesOver ? database.transaction(NOTES, "readwrite", { durability: "strict" }) : database.transaction(NOTES);
  const notes = transaction.objectStore(NOTES);
  const asked = notes.get(TAKEN) as IDBRequest<number | undefined>;
  let taken = 0;
  asked.onsuccess = () => {
    taken = asked.result ?? 0;
    if (!takesOver) return;
    notes.put(null, taken++);
    notes.put(taken, TAKEN);
  };
  await completed(transaction);
  return taken;
}

function settled<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

function completed(transaction: IDBTransaction): Promise<void> {
  return new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve();
    transaction.onabort = () => reject(transaction.error ?? new DOMException("the transaction was aborted", "AbortError"));
  });
}
