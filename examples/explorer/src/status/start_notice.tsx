import { useLiveQuery, useSyncStatus } from "@larder/react";
import { useEffect, useState } from "react";

import { countOf } from "../text/count";
import { Notice } from "./notice";
import { useRefused } from "./use_refused";

const PATIENCE_MS = 1000;

/** Shown until the first copy of the library is here. */
export function StartNotice() {
  const [slow, setSlow] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setSlow(true), PATIENCE_MS);
    return () => clearTimeout(timer);
  }, []);
  const { phase } = useSyncStatus();
  const connected = phase === "syncing" || phase === "live";
  const refused = useRefused(!connected);
  const files = useLiveQuery({ from: "file", limit: 0 }).total;
  if (refused) {
    return (
      <Notice title="The engine does not know this page">
        <p>Open the address that the engine printed when it started. It ends in “?token=…” and is new with every start.</p>
      </Notice>
    );
  }
  return (
    <Notice title="Opening your library">
      {slow && connected && <p className="notice-count">{countOf(files, "file")} so far</p>}
      {slow && !connected && <p>Waiting for the engine. If it isn’t running, start it: this page goes on by itself.</p>}
    </Notice>
  );
}
