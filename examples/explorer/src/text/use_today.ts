import { useSyncExternalStore } from "react";

import { startOfDay } from "./date";

/** Midnight of the current day; components that show "Today" follow it over midnight. */
export function useToday(): number {
  return useSyncExternalStore(subscribe, () => startOfDay(new Date()));
}

function subscribe(changed: () => void): () => void {
  const timer = setInterval(changed, 60_000);
  return () => clearInterval(timer);
}
