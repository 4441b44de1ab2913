import { describe, expect, test } from "vitest";

import { type Cache, createCache, LarderError, upsert } from "../src/index.js";
import { memoryStorage, type Storage } from "../src/storage/index.js";
import { overChannel } from "./over_channel.js";

const registry = { types: [{ name: "tag" }] };
const TAGS = { from: "tag", orderBy: [{ name: "asc" }] } as const;

const open = (storage: Storage): Promise<Cache> => createCache({ registry, storage });

function tell(cache: Cache, id: string, name: string): void {
  cache.apply({ ResourceChanged: { resource_type: "tag", resource: { id, name } } });
}

async function names(cache: Cache): Promise<string[]> {
  await expect.poll(() => cache.status.storage, { timeout: 10_000 }).not.toBe("restoring");
  return cache.liveQuery<{ name: string }>(TAGS).getSnapshot().data.map(({ name }) => name);
}

test("rows and edits that were not sent are there when the cache is opened again", async () => {
  const storage = memoryStorage();
  const first = await open(storage);
  expect(first.status.storage).toBe("ready");
  tell(first, "1", "red");
  tell(first, "2", "blue");
  const { id, settled } = first.mutate({ name: "tags.create", optimistic: [upsert("tag", { id: "3", name: "green" })] });
  settled.catch(() => {});
  await first.close();

  const second = await open(storage);
  expect(await names(second)).toEqual(["blue", "green", "red"]);
  expect(second.pending().map((mutation) => mutation.id)).toEqual([id]);
  await second.close();
});

test("changes are stored by and by, without a connection that would have a timer", async () => {
  const storage = memoryStorage();
  const cache = await open(storage);
  tell(cache, "1", "red");
  await expect.poll(async () => (await storage.keys()).some(({ key }) => key.startsWith("rows/")), { timeout: 10_000 }).toBe(true);
  cache.dispose();
  expect(await names(await open(storage))).toEqual(["red"]);
});

test("what was flushed is there although the cache was never closed", async () => {
  const storage = memoryStorage();
  const cache = await open(storage);
  tell(cache, "1", "red");
  await cache.flush();
  cache.dispose();
  expect(await names(await open(storage))).toEqual(["red"]);
});

test("a cache that is closed and wiped leaves nothing", async () => {
  const storage = memoryStorage();
  const cache = await open(storage);
  tell(cache, "1", "red");
  await cache.flush();
  await cache.close({ wipe: true });
  expect(await storage.keys()).toEqual([]);
  expect(() => cache.stats()).toThrow(LarderError);
});

test("a storage that cannot be opened leaves the cache in memory, which is told", async () => {
  const storage: Storage = { ...unusable, keys: () => Promise.reject(new LarderError("storage.locked", "Another page has it.")) };
  const cache = await open(storage);
  expect(cache.status.storage).toBe("failed");
  tell(cache, "1", "red");
  expect(await names(cache)).toEqual(["red"]);
  await cache.close();
});

test("a storage that is full is told, and nothing is lost while the cache is there", async () => {
  const full = new LarderError("storage.quota_exceeded", "The disk is full.");
  const cache = await open({ ...unusable, commit: () => Promise.reject(full) });
  const errors: string[] = [];
  cache.onError(({ kind }) => errors.push(kind));
  tell(cache, "1", "red");
  cache.mutate({ name: "tags.touch" }).settled.catch(() => {});
  await cache.flush();
  expect(errors).toContain("storage.quota_exceeded");
  expect(cache.status.storage).toBe("failed");
  expect(cache.pending()).toHaveLength(1);
  expect(await names(cache)).toEqual(["red"]);
  await cache.close();
});

const unusable: Storage = {
  kind: undefined,
  keys: () => Promise.resolve([]),
  read: (keys) => Promise.resolve(keys.map(() => undefined)),
  commit: () => Promise.resolve(),
  wipe: () => Promise.resolve(),
  close: () => Promise.resolve(),
};

describe("with its core in a worker", () => {
  const inWorker = (storage: Storage) => createCache({ registry, storage, worker: overChannel });

  test("a cache that is flushed has stored everything, and one that is closed lets go of the storage", async () => {
    const storage = memoryStorage();
    let closed = 0;
    const counted: Storage = Object.assign(Object.create(storage) as Storage, {
      keys: () => storage.keys(),
      read: (keys: readonly string[]) => storage.read(keys),
      commit: (batch: Uint8Array<ArrayBuffer>) => storage.commit(batch),
      close: () => Promise.resolve(void closed++),
    });
    const first = await inWorker(counted);
    await first.apply({ ResourceChanged: { resource_type: "tag", resource: { id: "1", name: "red" } } });
    await first.flush();
    expect((await storage.keys()).some(({ key }) => key.startsWith("rows/"))).toBe(true);
    expect(closed).toBe(0);
    await first.apply({ ResourceChanged: { resource_type: "tag", resource: { id: "2", name: "blue" } } });
    await first.close();
    expect(closed).toBeGreaterThan(0);
    await expect(first.flush()).rejects.toMatchObject({ kind: "cache.disposed" });
    expect(await names(await open(storage))).toEqual(["blue", "red"]);
  });

  test("a cache that is closed and wiped leaves nothing", async () => {
    const storage = memoryStorage();
    const cache = await inWorker(storage);
    await cache.apply({ ResourceChanged: { resource_type: "tag", resource: { id: "1", name: "red" } } });
    await cache.flush();
    await cache.close({ wipe: true });
    expect(await storage.keys()).toEqual([]);
  });

  test("a storage that cannot be opened is told to whoever listens from the start", async () => {
    const cache = await inWorker({ ...unusable, keys: () => Promise.reject(new LarderError("storage.locked", "Another page has it.")) });
    const errors: string[] = [];
    cache.onError(({ kind }) => errors.push(kind));
    await expect.poll(() => cache.status.storage).toBe("failed");
    expect(errors).toEqual(["storage.locked"]);
    await cache.close();
  });
});
