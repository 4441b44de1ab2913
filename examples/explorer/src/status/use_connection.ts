import { useSyncStatus } from "@larder/react";

/** How the page stands with the engine, in the reader's terms. */
export type ConnectionState = "starting" | "live" | "syncing" | "offline";

export interface ConnectionInfo {
  readonly state: ConnectionState;
  /** Edits that the engine has not answered yet. */
  readonly pending: number;
}

/** While there is something to show and no connection one is offline, also during each attempt to come back. */
export function useConnection(): ConnectionInfo {
  const { phase, cursor, pending } = useSyncStatus();
  if (cursor === null) return { state: "starting", pending };
  return { state: phase === "connecting" ? "offline" : phase, pending };
}
