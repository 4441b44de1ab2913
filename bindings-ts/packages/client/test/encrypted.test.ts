import { readFileSync } from "node:fs";

import { expect, test } from "vitest";

import { writeBatch } from "../src/storage/batch.js";
import { encrypted, memoryStorage, type Storage } from "../src/storage/index.js";

const encoder = new TextEncoder();
const decoder = new TextDecoder();
const keyOf = (seed: number) => importKey(new Uint8Array(32).fill(seed));
const importKey = (bytes: Uint8Array<ArrayBuffer>) => crypto.subtle.importKey("raw", bytes, "AES-GCM", false, ["encrypt", "decrypt"]);
const put = (storage: Storage, values: Record<string, string | Uint8Array<ArrayBuffer>>) =>
  storage.commit(writeBatch(1, Object.entries(values).map(([key, value]) => ({ key, value: typeof value === "string" ? encoder.encode(value) : value }))));
const texts = async (storage: Storage, ...keys: string[]) => (await storage.read(keys)).map((value) => value && decoder.decode(value));

test("a wrong key opens nothing, changes nothing, and may wipe", async () => {
  const disk = memoryStorage();
  const right = encrypted(disk, await keyOf(1));
  await put(right, { a: "secret" });
  const wrong = encrypted(disk, await keyOf(2));
  await expect(wrong.keys()).rejects.toMatchObject({ kind: "storage.wrong_key" });
  await expect(wrong.read(["a"])).rejects.toMatchObject({ kind: "storage.wrong_key" });
  await expect(put(wrong, { a: "other" })).rejects.toMatchObject({ kind: "storage.wrong_key" });
  expect(await texts(right, "a")).toEqual(["secret"]);
  await wrong.wipe();
  await put(wrong, { a: "anew" });
  expect(await wrong.keys()).toEqual([{ key: "a", bytes: 4 }]);
});

test("a storage that is not encrypted is not taken for one that is", async () => {
  const disk = memoryStorage();
  await put(disk, { a: "plain" });
  await expect(encrypted(disk, await keyOf(1)).keys()).rejects.toMatchObject({ kind: "storage.wrong_key" });
});

test("equal values look different, and none can take the place of another", async () => {
  const disk = memoryStorage();
  const storage = encrypted(disk, await keyOf(1));
  await put(storage, { a: "the same text", b: "the same text" });
  const [a, b] = await disk.read(["a", "b"]);
  expect(a).not.toEqual(b);
  expect(decoder.decode(a)).not.toContain("same");
  await put(disk, { b: a as Uint8Array<ArrayBuffer> });
  await expect(storage.read(["b"])).rejects.toMatchObject({ kind: "storage.damaged" });
  expect(await texts(storage, "a")).toEqual(["the same text"]);
});

test.each([false, true])("a rotation that is cut short leaves all values under one of the keys (stored: %s)", async (stores) => {
  const disk = memoryStorage();
  const storage = encrypted(disk, await keyOf(1));
  await put(storage, { a: "1", b: "2" });
  let commits = 0;
  const dying: Storage = {
    kind: "memory",
    keys: () => disk.keys(),
    read: (keys) => disk.read(keys),
    wipe: () => disk.wipe(),
    close: () => disk.close(),
    commit: async (batch) => {
      commits++;
      if (stores) await disk.commit(batch);
      throw new Error("the page is gone");
    },
  };
  await expect(encrypted(dying, await keyOf(1)).rotate(await keyOf(2))).rejects.toThrow("the page is gone");
  expect(commits).toBe(1);
  const [right, wrong] = stores ? [2, 1] : [1, 2];
  expect(await texts(encrypted(disk, await keyOf(right)), "a", "b")).toEqual(["1", "2"]);
  await expect(encrypted(disk, await keyOf(wrong)).keys()).rejects.toMatchObject({ kind: "storage.wrong_key" });
});

test("after a rotation the new key opens it, and the same object goes on", async () => {
  const disk = memoryStorage();
  const storage = encrypted(disk, await keyOf(1));
  await put(storage, { a: "1" });
  await storage.rotate(await keyOf(2));
  await put(storage, { b: "2" });
  expect(await texts(encrypted(disk, await keyOf(2)), "a", "b")).toEqual(["1", "2"]);
});

test("the sample that other languages read is read here", async () => {
  interface Sample {
    readonly encryption_key: string;
    readonly stored: readonly (readonly [string, string])[];
    readonly values: readonly (readonly [string, string])[];
  }
  const text = readFileSync(new URL("../../../../tests/storage/encrypted.json", import.meta.url), "utf8");
  const sample = JSON.parse(text) as Sample;
  const bytes = (hex: string) => Uint8Array.from(hex.match(/../g) ?? [], (byte) => parseInt(byte, 16));
  const disk = memoryStorage();
  await put(disk, Object.fromEntries(sample.stored.map(([key, value]) => [key, bytes(value)])));
  const storage = encrypted(disk, await importKey(bytes(sample.encryption_key)));
  expect(await texts(storage, ...sample.values.map(([key]) => key))).toEqual(sample.values.map(([, value]) => value));
});
