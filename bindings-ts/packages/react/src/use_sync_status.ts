import { type LiveCache, OFFLINE, type Status, type SyncPhase } from "@larder/client";
import { useCallback, useSyncExternalStore } from "react";
import { useLarder } from "./provider.js";

/**
 * How the cache stands with the backend, and how many edits it has not answered yet.
 *
 * @example
 * ```tsx
 * function Connection() {
 *   const { phase, pending } = useSyncStatus();
 *   return <span>{phase}{pending > 0 && `, ${pending} edits waiting`}</span>;
 * }
 * ```
 */
export function useSyncStatus(): Status {
  const cache = useLarder();
  const subscribe = useCallback((listener: () => void) => cache.onStatus(listener), [cache]);
  return useSyncExternalStore(subscribe, () => cache.status, () => OFFLINE);
}

/** Only the phase, so that nothing renders because of the rest. */
export function useSyncPhase(cache: LiveCache): SyncPhase {
  const subscribe = useCallback((listener: () => void) => cache.onStatus(listener), [cache]);
  return useSyncExternalStore(subscribe, () => cache.status.phase, () => OFFLINE.phase);
}
