/** How the cache stands with the backend. */
export type SyncPhase = "offline" | "connecting" | "syncing" | "live";

/** How far the cache has followed its scope's stream. */
export interface Status {
  readonly phase: SyncPhase;
  /** The sequence up to which everything has been applied; `null` before the first copy. */
  readonly cursor: number | null;
  /** How many mutations are not settled yet. */
  readonly pending: number;
  /** The scope, once the backend has named it. */
  readonly library: string | null;
  /** The newest sequence that the backend is known to have. */
  readonly head: number | null;
}

/** The state of a cache that has not heard of a backend. */
export const OFFLINE: Status = { phase: "offline", cursor: null, pending: 0, library: null, head: null };
