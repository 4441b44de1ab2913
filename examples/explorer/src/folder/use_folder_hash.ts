import { useSyncExternalStore } from "react";

import { folderOfHash, hashOfFolder } from "./hash";

/** The folder of the page's address. Back and forward go through the folders one has been in. */
export function useFolderHash(): string | null {
  return folderOfHash(useSyncExternalStore(subscribe, () => window.location.hash));
}

/** Opens a folder; `null` is the served folder itself. */
export function goToFolder(id: string | null): void {
  window.location.hash = hashOfFolder(id);
}

function subscribe(changed: () => void): () => void {
  window.addEventListener("hashchange", changed);
  return () => window.removeEventListener("hashchange", changed);
}
