import { LarderError } from "../errors.js";

/** What can go wrong with a storage; the same names in every language. */
export type StorageErrorKind =
  | "storage.quota_exceeded"
  | "storage.locked"
  | "storage.denied"
  | "storage.damaged"
  | "storage.newer_format"
  | "storage.wrong_key"
  | "storage.io";

export function storageError(kind: StorageErrorKind, message: string, cause?: unknown): LarderError {
  return new LarderError(kind, message, { cause });
}

// By the name of the browser's error. InvalidStateError is what Firefox says of databases in private windows.
const KINDS: Readonly<Record<string, readonly [StorageErrorKind, string]>> = {
  QuotaExceededError: ["storage.quota_exceeded", "The browser gives this site no more room."],
  NoModificationAllowedError: ["storage.locked", "Another page has this storage open."],
  SecurityError: ["storage.denied", "The browser lets this page store nothing, as in a private window."],
  NotAllowedError: ["storage.denied", "The browser lets this page store nothing, as in a private window."],
  NotSupportedError: ["storage.denied", "This browser has no such storage."],
  VersionError: ["storage.newer_format", "A newer version of Larder wrote it; load the newest app, or wipe it."],
};

/** What the browser says, in our words. */
export function asStorageError(error: unknown): LarderError {
  if (error instanceof LarderError) return error;
  const { name, message } = error instanceof Error ? error : { name: "Error", message: String(error) };
  const [kind, meaning] = KINDS[name] ?? ["storage.io", "The browser could not do it; the cache goes on without it."];
  return storageError(kind, `${meaning} (${name}: ${message})`, error);
}
