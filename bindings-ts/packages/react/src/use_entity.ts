import type { Answered, Id, Name, Named, Registered } from "@larder/client";
import { useSyncExternalStore } from "react";
import { useLarder } from "./provider.js";

/**
 * One entity, kept up to date; `undefined` while the cache has none with this id, or the id is `null`.
 *
 * @example
 * ```tsx
 * function Name({ id }: { id: string }) {
 *   const file = useEntity("file", id);
 *   return <b>{file?.name ?? "gone"}</b>;
 * }
 * ```
 */
export function useEntity<T = unknown, F extends Name<Registered> = never>(
  type: Named<F>,
  id: Id<Registered, F> | null | undefined,
): Answered<Registered, T, F, {}> | undefined {
  const cache = useLarder();
  const live = id === null || id === undefined ? NOTHING : cache.entity<T, F>(type, id);
  return useSyncExternalStore<Answered<Registered, T, F, {}> | undefined>(live.subscribe, live.getSnapshot, nothing);
}

const nothing = () => undefined;
const NOTHING = { subscribe: () => nothing, getSnapshot: nothing };
