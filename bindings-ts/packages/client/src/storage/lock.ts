import { storageError } from "./errors.js";

/**
 * Takes the one right to use the storage of this name in this origin; fails with `storage.locked` if another page has it. Returns
 * what gives it back; the browser does when the page is closed. With `steal` the other page loses it. Where there are no Web Locks nobody
 * is kept out.
 */
export function hold(name: string, steal = false): Promise<() => void> {
  const { locks } = globalThis.navigator as { locks?: LockManager };
  if (locks === undefined) return Promise.resolve(() => {});
  return new Promise((resolve, reject) => {
    const options = steal ? { steal } : { ifAvailable: true };
    const held = locks.request(`storage of ${name}`, options, (lock) => {
      if (lock === null) throw storageError("storage.locked", "Another page has this storage open; close it there first.");
      return new Promise<void>((giveBack) =>
        resolve(() => {
          giveBack();
        }),
      );
    });
    held.catch(reject);
  });
}
