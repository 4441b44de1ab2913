import { type Cache, createCache, type LiveCache } from "@larder/client";
import { readFileSync } from "node:fs";
import type { ReactElement, ReactNode } from "react";
import { LarderProvider } from "../src/index.js";

export interface File {
  readonly id: string;
  readonly name: string;
  readonly size: number;
}

export const file = (id: string, name = id, size = 1): File => ({ id, name, size });
export const changed = (resource: object, resource_type = "file") => ({ ResourceChanged: { resource_type, resource } });
export const batch = (resources: readonly object[], resource_type = "file") => ({
  ResourceChangedBatch: { resource_type, resources },
});

// Vite gives the module a page's address here, where no server runs.
export const wasm = readFileSync(`${import.meta.dirname}/../../client/wasm/larder_wasm_bg.wasm`);

export const newCache = (): Promise<Cache> => createCache({ registry: { types: [{ name: "file" }, { name: "tag" }] }, wasm });

export function within(cache: LiveCache): ({ children }: { children: ReactNode }) => ReactElement {
  return ({ children }) => <LarderProvider client={cache}>{children}</LarderProvider>;
}

/** Counts how often queries of the cache are subscribed to and left. */
export function countSubscriptions(cache: Cache): { begun: number; ended: number } {
  const counts = { begun: 0, ended: 0 };
  const original = cache.liveQuery.bind(cache);
  const wrapped = new WeakMap<object, object>();
  cache.liveQuery = ((query: never) => {
    const live = original(query);
    let counted = wrapped.get(live);
    if (counted === undefined) {
      counted = {
        ...live,
        query: live.query,
        getSnapshot: live.getSnapshot,
        subscribe: (listener: () => void) => {
          counts.begun++;
          const end = live.subscribe(listener);
          return () => {
            counts.ended++;
            end();
          };
        },
      };
      wrapped.set(live, counted);
    }
    return counted;
  }) as never;
  return counts;
}
