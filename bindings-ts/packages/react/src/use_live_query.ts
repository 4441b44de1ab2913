import { EMPTY_RESULT, type LiveQuery, type Query, type SyncPhase } from "@larder/client";
import { useMemo, useSyncExternalStore } from "react";
import { useLarder } from "./provider.js";
import { useSyncPhase } from "./use_sync_status.js";

/** What {@link useLiveQuery} returns; the same object until something in it changes. */
export interface LiveQueryState<T> {
  /** The entities inside the query's window, in order. An entity that did not change is the same object as before. */
  readonly data: readonly T[];
  /** How many entities match, whatever the window. */
  readonly total: number;
  /** How the cache stands with the backend: unless it is `"live"`, there may be newer data than this. */
  readonly status: SyncPhase;
}

/**
 * The result of a query, kept up to date. The query may be written inline: equal queries are one query. It is there at
 * the first render, and when the query changes (another page, another filter), the new result comes with that very
 * render. `null` asks for nothing.
 *
 * A wrong query throws {@link @larder/client!LarderError} during the render.
 *
 * @example
 * ```tsx
 * function Files({ folder }: { folder: string }) {
 *   const { data, total } = useLiveQuery<File>({
 *     from: "file",
 *     where: { parent_id: folder },
 *     orderBy: [{ name: { collate: "natural" } }],
 *     limit: 100,
 *   });
 *   return <ul aria-label={`${total} files`}>{data.map((file) => <li key={file.id}>{file.name}</li>)}</ul>;
 * }
 * ```
 */
export function useLiveQuery<T = unknown>(query: Query | null): LiveQueryState<T> {
  const cache = useLarder();
  const live: Pick<LiveQuery<T>, "subscribe" | "getSnapshot"> = query === null ? NOTHING : cache.liveQuery<T>(query);
  const result = useSyncExternalStore(live.subscribe, live.getSnapshot, nothing);
  const status = useSyncPhase(cache);
  return useMemo(() => ({ data: result.data, total: result.total, status }), [result, status]);
}

// On a server, and while a page from a server comes to life, there is nothing: what is there must be the same on both.
const nothing = () => EMPTY_RESULT;
const NOTHING = { subscribe: () => () => undefined, getSnapshot: nothing };
