import { useSyncExternalStore } from "react";
import { useLarder } from "./provider.js";

/**
 * One entity, kept up to date; `undefined` while the cache has none with this id, or the id is `null`.
 *
 * @example
 * ```tsx
 * function Name({ id }: { id: string }) {
 *   const file = useEntity<File>("file", id);
 *   return <b>{file?.name ?? "gone"}</b>;
 * }
 * ```
 */
export function useEntity<T = unknown>(type: string, id: string | number | null | undefined): T | undefined {
  const cache = useLarder();
  const live = id === null || id === undefined ? NOTHING : cache.entity<T>(type, id);
  return useSyncExternalStore<T | undefined>(live.subscribe, live.getSnapshot, nothing);
}

const nothing = () => undefined;
const NOTHING = { subscribe: () => nothing, getSnapshot: nothing };
