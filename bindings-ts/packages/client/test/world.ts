import { type Cache, createCache, type RegistrySpec } from "../src/index.js";

export interface File {
  readonly id: string;
  readonly name: string;
  readonly size: number;
}

export const registry: RegistrySpec = { types: [{ name: "file" }, { name: "tag", id: "slug", version: "version" }] };

export const newCache = (): Promise<Cache> => createCache({ registry });

export const file = (id: string, name = id, size = 1): File => ({ id, name, size });

/** An event without envelope, as a backend that does not count sends it. */
export const changed = (resource: object, resource_type = "file") => ({ ResourceChanged: { resource_type, resource } });
export const batch = (resources: readonly object[], resource_type = "file") => ({
  ResourceChangedBatch: { resource_type, resources },
});
export const deleted = (resource_id: string, resource_type = "file") => ({ ResourceDeleted: { resource_type, resource_id } });

/** An event of a counted stream. */
export const event = (sequence: number, type: string, data: object, mutation_id?: string) => ({
  envelope: { id: `e${sequence}`, timestamp: "2026-11-21T10:00:00Z", library_id: "lib", sequence, mutation_id },
  kind: { type, data },
});

/** The same numbers for the same seed (mulberry32). */
export function seeded(seed: number): () => number {
  return () => {
    seed = (seed + 0x6d2b79f5) | 0;
    let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}
