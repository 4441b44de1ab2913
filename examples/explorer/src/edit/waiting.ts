import { useSyncExternalStore } from "react";

const waiting = new Map<string, string>();
const listeners = new Set<() => void>();

/** What an engine has been asked to do with a file and has not answered: `Renaming`. */
export function useWaiting(fileId: string): string | undefined {
  return useSyncExternalStore(subscribe, () => waiting.get(fileId));
}

/** Says of a file that it waits until this is settled. */
export function waitsFor(fileId: string, doing: string, settled: Promise<unknown>): void {
  set(fileId, doing);
  const end = (): void => set(fileId, undefined);
  settled.then(end, end);
}

function set(fileId: string, doing: string | undefined): void {
  if (doing === undefined) waiting.delete(fileId);
  else waiting.set(fileId, doing);
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
