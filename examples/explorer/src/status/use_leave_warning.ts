import { useEffect } from "react";

import { useConnection } from "./use_connection";

/** Edits that wait for the engine live in this page only, so leaving it asks first. */
export function useLeaveWarning(): void {
  const { pending, state } = useConnection();
  const atRisk = pending > 0 && state === "offline";
  useEffect(() => {
    if (!atRisk) return undefined;
    const ask = (event: BeforeUnloadEvent) => event.preventDefault();
    window.addEventListener("beforeunload", ask);
    return () => window.removeEventListener("beforeunload", ask);
  }, [atRisk]);
}
