import type { Storage } from "./storage.js";

/** Opens a storage although another page has it, if it is of a kind that can be taken over. */
export async function takeOver(storage: Storage): Promise<void> {
  if (storage.takeOver !== undefined) return storage.takeOver();
  // Opening says that it is locked, if it is.
  await storage.keys();
}
