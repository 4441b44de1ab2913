import { expect, test, vi } from "vitest";

import { type AsyncCache, type Cache, type CacheOptions, createCache } from "../src/index.js";
import { memoryStorage } from "../src/storage/index.js";
import { overChannel } from "./over_channel.js";

const registry = { types: [{ name: "file" }, { name: "price", ttlMs: 1000 }] };
const files = (count: number) => ({
  ResourceChangedBatch: {
    resource_type: "file",
    resources: Array.from({ length: count }, (_, i) => ({ id: String(i).padStart(4, "0"), folder: i % 10 })),
  },
});

const places = {
  "in the page": (options: CacheOptions): Promise<Cache | AsyncCache> => createCache(options),
  "in a worker": (options: CacheOptions): Promise<Cache | AsyncCache> => createCache({ ...options, worker: overChannel }),
};
const WAIT = { timeout: 10_000 };

test.each(Object.entries(places))("%s, rows go to the storage and come back when a query needs them", async (_, open) => {
  const cache = await open({ registry, storage: memoryStorage(), memory: { entities: 10 } });
  await cache.apply(files(1000));
  await cache.flush();
  await vi.waitFor(async () => expect(await cache.stats()).toMatchObject({ entities: 10, evicted: 990, lost: 0 }), WAIT);

  const live = cache.liveQuery<{ id: string }>({ from: "file", where: { folder: 3 } });
  live.subscribe(() => undefined);
  await vi.waitFor(() => expect(live.getSnapshot()).toMatchObject({ total: 100, complete: true }), WAIT);
  expect((await cache.stats()).referenced).toBe(100);
  await cache.close();
});

test.each(Object.entries(places))("%s, what is pinned stays, and what is unpinned goes", async (_, open) => {
  const cache = await open({ registry, memory: { entities: 0 } });
  await cache.pin("file", "0007");
  await cache.apply(files(100));
  expect(await cache.stats()).toMatchObject({ entities: 1, evicted: 99, overBudget: true });
  await cache.unpin("file", "0007");
  expect(await cache.stats()).toMatchObject({ entities: 0, evicted: 100, overBudget: false });
  cache.dispose();
});

test.each(Object.entries(places))("%s, rows expire without a connection or a storage that would have a timer", async (_, open) => {
  const cache = await open({ registry });
  await cache.apply({ ResourceChanged: { resource_type: "price", resource: { id: "a" } } });
  expect(await cache.stats()).toMatchObject({ entities: 1, types: [{ resourceType: "file", entities: 0 }, { resourceType: "price", entities: 1 }] });
  await vi.waitFor(async () => expect(await cache.stats()).toMatchObject({ entities: 0, lost: 1 }), WAIT);
  cache.dispose();
});

test("a budget that is none is refused", async () => {
  await expect(createCache({ registry, memory: { rows: 1 } as never })).rejects.toMatchObject({ kind: "registry.malformed" });
});
