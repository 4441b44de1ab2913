/**
 * Where what is cached is kept across reloads: keys and values, written in whole batches.
 *
 * What an implementation must hold, and what the suite in `tests/storage` checks:
 *
 * - A batch is there as a whole or not at all, whatever happens in between. When `commit` has resolved, it is there.
 * - Within a batch, later operations win. Deleting what is not there is no error. An empty value is a value.
 * - A value that comes back is the one that was stored; otherwise reading fails with `storage.damaged`.
 * - Whoever opens it while another page has it open gets `storage.locked`; the first goes on undisturbed.
 * - After a commit that failed, the store is as before that commit.
 * - Calls are carried out in the order in which they are made, without waiting for the one before.
 *
 * Every failure is a `LarderError` with one of {@link StorageErrorKind} as its kind.
 */
export interface Storage {
  /** What it is, once it is open. */
  readonly kind: StorageKind | undefined;
  /** Every key with the length of its value in bytes, in no particular order. Opens the storage if that has not been done. */
  keys(): Promise<StoredKey[]>;
  /**
   * Opens it although another page has it, as one that is frozen: what that one wrote is here, and what it commits from now on fails
   * with `storage.locked` and counts for nothing. Whoever calls this sees to it that the other is not to go on. A storage that has no
   * such call stays locked.
   */
  takeOver?(): Promise<void>;
  /** The values of these keys, in their order; `undefined` for a key that there is not. */
  read(keys: readonly string[]): Promise<(Uint8Array | undefined)[]>;
  /** Stores all of a batch, in the form of PROTOCOL.md; the bytes are the storage's from now on. */
  commit(batch: Uint8Array<ArrayBuffer>): Promise<void>;
  /** Forgets everything; also where the storage cannot be opened because it is damaged or of a newer format. */
  wipe(): Promise<void>;
  /** Lets go of the storage, so that another may open it. The next call opens it again. */
  close(): Promise<void>;
}

/** A key, and the length of its value in bytes. */
export interface StoredKey {
  readonly key: string;
  readonly bytes: number;
}

/** Which kind of storage there is: the origin's private files, a database of the browser, or none that lasts. */
export type StorageKind = "opfs" | "indexeddb" | "memory";
