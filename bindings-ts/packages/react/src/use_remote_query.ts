import {
  type Answered,
  type Asked,
  EMPTY_REMOTE,
  type Name,
  type Query,
  type Registered,
  type RemoteOptions,
  type RemoteQuery,
  type RemoteResult,
} from "@larder/client";
import { useMemo, useSyncExternalStore } from "react";
import { useLarder } from "./provider.js";

/** What {@link useRemoteQuery} returns; the same object until something in it changes. */
export interface RemoteQueryState<T> extends RemoteResult<T> {
  /** Asks the backend again. */
  readonly refetch: () => void;
  /** Asks the backend for what comes next, which is put behind what is there. */
  readonly fetchNextPage: () => void;
}

type Shown<T> = Pick<RemoteQuery<T>, "subscribe" | "getSnapshot" | "refetch" | "fetchNextPage">;

/**
 * What a method of the backend answers, kept up to date. It may be written inline: equal ones are one. `null` asks for nothing.
 *
 * @example
 * ```tsx
 * function Search({ text }: { text: string }) {
 *   const { data, status, hasNextPage, fetchNextPage } = useRemoteQuery({
 *     method: "files.search",
 *     input: { text, limit: 50 },
 *     from: "file",
 *   });
 *   if (status === "pending") return <Spinner />;
 *   return <>
 *     <ul>{data.map((file) => <li key={file.id}>{file.name}</li>)}</ul>
 *     {hasNextPage && <button onClick={fetchNextPage}>More</button>}
 *   </>;
 * }
 * ```
 */
export function useRemoteQuery<T = unknown, F extends Name<Registered> = never, I = {}>(
  query: (Asked<Registered, F, I> & RemoteOptions) | null,
): RemoteQueryState<Answered<Registered, T, F, I>> {
  const cache = useLarder();
  const remote: Shown<Answered<Registered, T, F, I>> =
    query === null ? NOTHING : (cache.remoteQuery(query as Query & RemoteOptions) as RemoteQuery<never>);
  const result = useSyncExternalStore(remote.subscribe, remote.getSnapshot, nothing);
  return useMemo(() => ({ ...result, refetch: remote.refetch, fetchNextPage: remote.fetchNextPage }), [result, remote]);
}

// On a server, and while a page from a server comes to life, there is nothing: what is there must be the same on both.
const nothing = () => EMPTY_REMOTE;
const ignore = () => undefined;
const NOTHING = { subscribe: () => ignore, getSnapshot: nothing, refetch: ignore, fetchNextPage: ignore };
