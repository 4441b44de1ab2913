import {
  type Answered,
  type AnyFigures,
  type Asked,
  type Counted,
  EMPTY_RESULT,
  type LiveQuery,
  type Name,
  type Query,
  type Registered,
  type SyncPhase,
} from "@larder/client";
import { useMemo, useSyncExternalStore } from "react";
import { useLarder } from "./provider.js";
import { useSyncPhase } from "./use_sync_status.js";

/** What {@link useLiveQuery} returns; the same object until something in it changes. */
export interface LiveQueryState<T, A = AnyFigures> {
  /** The entities inside the query's window, in order. An entity that did not change is the same object as before. */
  readonly data: readonly T[];
  /** How many entities match, whatever the window. */
  readonly total: number;
  /** Whether that is all of it: false while some of what the query asks for is not here yet. */
  readonly complete: boolean;
  /** What the query's `aggregate` asks of all entities that match, by name; not there where it asks nothing or groups. */
  readonly aggregates?: A;
  /** How the cache stands with the backend: unless it is `"live"`, there may be newer data than this. */
  readonly status: SyncPhase;
}

type Shown<T, A> = Pick<LiveQuery<T, A>, "subscribe" | "getSnapshot">;

/**
 * The result of a query, kept up to date. The query may be written inline: equal queries are one query. It is there at
 * the first render, and when the query changes (another page, another filter), the new result comes with that very
 * render. `null` asks for nothing.
 *
 * Where the app has registered its resource types, names and values in the query are checked, and `data` is of the row's
 * type, widened by what is included. `useLiveQuery<Row>(query)` takes any query and believes what the rows are.
 *
 * A wrong query throws {@link @larder/client!LarderError} during the render.
 *
 * @example
 * ```tsx
 * function Files({ folder }: { folder: string }) {
 *   const { data, total } = useLiveQuery({
 *     from: "file",
 *     where: { parent_id: folder },
 *     orderBy: [{ name: { collate: "natural" } }],
 *     limit: 100,
 *   });
 *   return <ul aria-label={`${total} files`}>{data.map((file) => <li key={file.id}>{file.name}</li>)}</ul>;
 * }
 * ```
 */
export function useLiveQuery<T = unknown, F extends Name<Registered> = never, I = {}, const A = {}, const G = undefined>(
  query: Asked<Registered, F, I, A, G> | null,
): LiveQueryState<Answered<Registered, T, F, I, A, G>, Counted<Registered, F, A, G>> {
  const cache = useLarder();
  const live: Shown<Answered<Registered, T, F, I, A, G>, Counted<Registered, F, A, G>> =
    query === null ? NOTHING : (cache.liveQuery(query as Query) as unknown as Shown<never, never>);
  const result = useSyncExternalStore(live.subscribe, live.getSnapshot, nothing);
  const status = useSyncPhase(cache);
  return useMemo(() => ({ ...result, status }), [result, status]);
}

// On a server, and while a page from a server comes to life, there is nothing: what is there must be the same on both.
const nothing = () => EMPTY_RESULT;
const NOTHING = { subscribe: () => () => undefined, getSnapshot: nothing };
