import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";

import { StorageSite } from "../storage/site";
import type { Backend, Outcome, Step } from "../storage/suite";

let site: StorageSite;
beforeAll(async () => {
  site = await StorageSite.open();
});
afterAll(() => site.close());

async function open(backend: Backend, name: string): Promise<Page> {
  const page = await site.newPage();
  await page.evaluate(([backend, name]) => storagePage.open(backend, name), [backend, name] as const);
  return page;
}

const perform = (page: Page, step: Step): Promise<Outcome> => page.evaluate((step) => storagePage.perform(step), step);
const takeOver = (page: Page): Promise<Outcome> => page.evaluate(() => storagePage.takeOver());
const put = (key: string, text: string): Step => ({ commit: [{ put: key, text }] });
const gives = (text: string | null): Step => ({ read: ["a"], gives: [text === null ? null : { text }] });

const LOCKED = { kind: "storage.locked" };
const BACKENDS = ["opfs", "indexeddb", "encrypted", "auto"] as const;

test.each(BACKENDS)("%s: what a page had stored is there for the one that takes over, and what it commits later counts for nothing", async (backend) => {
  const name = `taken_${backend}`;
  const first = await open(backend, name);
  expect(await perform(first, put("a", "first"))).toBeNull();
  const second = await open(backend, name);
  expect(await perform(second, { keys: {} })).toMatchObject(LOCKED);
  expect(await takeOver(second)).toBeNull();
  expect(await perform(second, gives("first"))).toBeNull();

  expect(await perform(first, put("a", "too late"))).toMatchObject(LOCKED);
  expect(await perform(first, put("a", "again"))).toMatchObject(LOCKED);
  expect(await perform(second, gives("first"))).toBeNull();
  expect(await perform(second, put("a", "second"))).toBeNull();

  // A third takes over from the second; the first, which is still there, is of no importance.
  const third = await open(backend, name);
  expect(await takeOver(third)).toBeNull();
  expect(await perform(second, put("a", "too late"))).toMatchObject(LOCKED);
  expect(await perform(third, put("a", "third"))).toBeNull();
  await third.close();

  const fourth = await open(backend, name);
  await expect.poll(() => perform(fourth, { reopen: true }), { timeout: 10_000 }).toBeNull();
  expect(await perform(fourth, gives("third"))).toBeNull();
  for (const page of [first, second, fourth]) await page.close();
  const last = await open(backend, name);
  await expect.poll(() => perform(last, { reopen: true }), { timeout: 10_000 }).toBeNull();
  expect(await perform(last, gives("third"))).toBeNull();
  await last.close();
});

test.each(BACKENDS)("%s: taking over what nobody has is opening it, and one that was closed and opened again writes again", async (backend) => {
  const name = `free_${backend}`;
  const first = await open(backend, name);
  expect(await takeOver(first)).toBeNull();
  expect(await perform(first, put("a", "1"))).toBeNull();
  const second = await open(backend, name);
  expect(await takeOver(second)).toBeNull();
  expect(await perform(second, { ...put("a", "2"), reopen: true })).toBeNull();
  expect(await perform(first, put("a", "too late"))).toMatchObject(LOCKED);
  await second.close();
  expect(await perform(first, gives("2"))).toMatchObject(LOCKED);
  // Reading what it had would be an old state to go on from; opened anew, when the other is gone, it is like any other.
  await expect.poll(() => perform(first, { reopen: true }), { timeout: 10_000 }).toBeNull();
  expect(await perform(first, gives("2"))).toBeNull();
  expect(await perform(first, put("a", "3"))).toBeNull();
  await first.close();
});

test.each(["opfs", "indexeddb"] as const)("%s: what one that was wiped after it was taken over leaves behind does not count", async (backend) => {
  const name = `wiped_${backend}`;
  const first = await open(backend, name);
  expect(await perform(first, put("a", "first"))).toBeNull();
  const second = await open(backend, name);
  expect(await takeOver(second)).toBeNull();
  await perform(second, { wipe: true });
  await second.close();
  await first.close();
  const third = await open(backend, name);
  await expect.poll(() => perform(third, { keys: {} }), { timeout: 10_000 }).toBeNull();
  await third.close();
});
