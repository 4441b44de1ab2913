/**
 * Where a cache is kept across reloads. Apart from `@larder/client`, so that apps without it do not download it.
 *
 * ```ts
 * import { createCache } from "@larder/client";
 * import { autoStorage } from "@larder/client/storage";
 *
 * const cache = await createCache({ registry, storage: autoStorage("library") });
 * ```
 *
 * @packageDocumentation
 */
export { autoStorage } from "./auto.js";
export { encrypted, type EncryptedStorage } from "./encrypted.js";
export { type StorageErrorKind } from "./errors.js";
export { indexedDbStorage } from "./indexed_db.js";
export { memoryStorage } from "./memory.js";
export { type OpfsOptions, opfsStorage, type StorageWorker } from "./opfs.js";
export type { Storage, StorageKind, StoredKey } from "./storage.js";
