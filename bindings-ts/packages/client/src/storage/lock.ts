import { storageError } from "./errors.js";

/**
 * Takes the one right to use the storage of this name in this origin; fails with `storage.locked` if another page has it. Returns
 * what gives it back; the browser does when the page is closed. Where there are no Web Locks nobody is kept out.
 */
export function hold(name: string): Promise<() => void> {
  const { locks } = globalThis.navigator as { locks?: LockManager };
  if (locks === undefined) return Promise.resolve(() => {});
  return new Promise((resolve, reject) => {
    const options = { mode: "exclusive", ifAvailable: true } as const;
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
