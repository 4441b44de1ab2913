import "./connection_badge.css";

import { countOf } from "../text/count";
import { type ConnectionState, useConnection } from "./use_connection";

const LABELS: Readonly<Record<ConnectionState, string>> = {
  starting: "Connecting",
  live: "Live",
  syncing: "Syncing",
  offline: "Offline",
};

/** Whether the page is up to date, and how many edits are on their way. */
export function ConnectionBadge() {
  const { state, pending } = useConnection();
  return (
    <div className="connection" role="status" data-state={state} data-pending={pending}>
      <span className="connection-dot" />
      {LABELS[state]}
      {pending > 0 && <span className="connection-pending">{countOf(pending, "edit")} pending</span>}
    </div>
  );
}
