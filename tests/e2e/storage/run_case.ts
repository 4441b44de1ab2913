import type { Page } from "playwright-core";

import { DAMAGE } from "./damage";
import type { StoragePage } from "./page/main";
import type { StorageSite } from "./site";
import type { Backend, Case, Outcome, Step } from "./suite";

declare global {
  // What page/main.ts puts there.
  // eslint-disable-next-line no-var
  var storagePage: StoragePage;
}

const HAS: Readonly<Record<Backend, readonly string[]>> = {
  opfs: ["disk", "kill", "tear", "flip", "newer", "limit", "room"],
  indexeddb: ["disk", "kill", "flip", "newer", "limit"],
  memory: [],
  auto: ["disk", "kill", "tear", "flip", "newer", "limit", "room"],
  // What is on the disk is not the value that `flip` would look for.
  encrypted: ["disk", "kill", "tear", "newer", "limit", "room"],
};

export function makesSense(backend: Backend, { needs = [] }: Case): boolean {
  return needs.every((need) => HAS[backend].includes(need));
}

/** Runs one case in pages of its own; a step that did not do what it should is an error. */
export async function runCase(site: StorageSite, backend: Backend, { name, steps }: Case): Promise<void> {
  const store = `${backend} ${name}`.replaceAll(/[^a-z0-9]+/g, "_");
  const damage = DAMAGE[backend === "indexeddb" || backend === "memory" ? backend : "opfs"] ?? {};
  let page = await open(site, backend, store);
  // IndexedDB looks at how much room there is when it is first used, and not again for a while.
  const limit = steps.find((step) => step.limit !== undefined)?.limit;
  if (limit !== undefined) await site.limit(page, limit);
  try {
    for (const [at, step] of steps.entries()) {
      if (step.kill === true) {
        await page.close();
        page = await open(site, backend, store);
      }
      if (step.limit !== undefined) await site.limit(page, step.limit);
      if (step.tear !== undefined) await damage.tear?.(page, store, step.tear);
      if (step.flip !== undefined) await damage.flip?.(page, store, step.flip);
      if (step.newer === true) await damage.newer?.(page, store);
      const outcome = step.second === undefined ? await perform(page, step) : await second(site, backend, store);
      const expected = step.fails ?? step.second;
      if (outcome?.kind !== expected) {
        throw new Error(`step ${at}: ${JSON.stringify(outcome)} instead of ${expected ?? "success"}`);
      }
      if (step.at_most_bytes !== undefined) {
        // What is tidied after a commit comes before the next call.
        await perform(page, { read: [], gives: [] });
        const size = (await damage.size?.(page, store)) ?? 0;
        if (size > step.at_most_bytes) throw new Error(`step ${at}: it takes ${size} bytes`);
      }
    }
  } finally {
    await page.close();
  }
}

async function open(site: StorageSite, backend: Backend, store: string): Promise<Page> {
  const page = await site.newPage();
  await page.evaluate(([backend, store]) => storagePage.open(backend, store), [backend, store] as const);
  return page;
}

async function second(site: StorageSite, backend: Backend, store: string): Promise<Outcome> {
  const page = await open(site, backend, store);
  const outcome = await perform(page, { keys: {} });
  await page.close();
  return outcome;
}

function perform(page: Page, step: Step): Promise<Outcome> {
  return page.evaluate((step) => storagePage.perform(step), step);
}
