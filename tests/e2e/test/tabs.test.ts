import { expect, onTestFinished } from "vitest";
import type { Page } from "playwright-core";

import { GuideApp } from "../guide/guide_app";
import type { Scene } from "../scene/scene";
import { test } from "../scene/scene_test";
import { eventually } from "../wait/eventually";

/** The cache of a page, as the tests use it. */
interface Shared {
  mutate(mutation: object): { settled: Promise<void> };
  liveQuery(query: object): { getSnapshot(): { data: { id: string; name: string }[] } };
  flush(): Promise<void>;
  readonly status: { phase: string; pending: number; storage: string };
}
declare const cache: Shared;
declare const hang: string;
declare global {
  // eslint-disable-next-line no-var
  var owned: Promise<number>;
}

const OPTIONS = '{ registry, tabs: "guide" }).then((cache) => (globalThis.cache = cache)';

/** A worker that can be made to do nothing but count for a while, as one does whose process gets no time. */
const HANGING = `import "@larder/client/worker";
new BroadcastChannel(self.name).onmessage = ({ data }) => { for (const end = Date.now() + data; Date.now() < end; ); };`;
const HANGS = '{ registry, tabs: "guide", worker: () => new Worker(new URL("./hanging.ts", import.meta.url), { type: "module", name: (globalThis.hang = crypto.randomUUID()) }) }).then((cache) => (globalThis.cache = cache)';

/** The app of docs/react.md in two tabs that share a cache; the first has the core. */
async function twoTabs(scene: Scene, options = OPTIONS): Promise<{ owner: Page; other: Page; origin: string }> {
  await scene.folder.write("a.txt", "x");
  await scene.folder.write("b.txt", "x".repeat(100));
  const app = await GuideApp.serve();
  onTestFinished(() => app.dispose());
  const engine = await scene.startEngine(scene.token, [app.origin]);
  await app.add("hanging.ts", HANGING);
  await app.write(engine.url, options);
  const owner = await scene.openTab(app.origin);
  await heading(owner, "2 files, live");
  const other = await scene.openTab(app.origin);
  await heading(other, "2 files, live");
  return { owner, other, origin: app.origin };
}

/** Listens from now on; what comes is how long it took until a tab said that it is the owner, in milliseconds. */
async function untilOwned(tab: Page): Promise<() => Promise<number>> {
  await tab.evaluate(() => {
    const begun = performance.now();
    const down = new BroadcastChannel("larder 1/guide/down");
    globalThis.owned = new Promise((resolve) => {
      down.onmessage = ({ data }) => data.notices === undefined && resolve(performance.now() - begun);
    });
  });
  return () => tab.evaluate(() => owned);
}

/** Lets nothing happen in a page, by a dialog that waits for its answer, until the function that is returned is called. */
async function freeze(tab: Page): Promise<() => Promise<void>> {
  const asked = tab.waitForEvent("dialog");
  await tab.evaluate(() => setTimeout(() => alert("frozen")));
  const dialog = await asked;
  return () => dialog.accept();
}

const heading = (tab: Page, name: string) => tab.getByRole("heading", { name }).waitFor();

/** Renames a file in a tab, and returns when that is shown there; not when the engine has done it. */
const rename = (tab: Page, from: string, to: string) =>
  tab.evaluate(
    async ([from, to]) => {
      const live = cache.liveQuery({ from: "file" });
      const named = async (wanted: string | undefined) => {
        for (;;) {
          const found = live.getSnapshot().data.find(({ name }) => name === wanted);
          if (found !== undefined) return found;
          await new Promise((resolve) => setTimeout(resolve, 5));
        }
      };
      const { id } = await named(from);
      cache.mutate({
        name: "files.rename",
        args: { id, name: to },
        optimistic: [{ type: "merge", data: { resource_type: "file", id, fields: { name: to } } }],
      });
      await named(to);
    },
    [from, to],
  );

const shows = (tab: Page, name: string) => tab.getByRole("listitem").filter({ hasText: name }).waitFor();

test("tabs share a cache: what one edits, the others show, and one connection serves them all", async ({ scene }) => {
  const { owner, other } = await twoTabs(scene);
  await rename(other, "a.txt", "from the other.txt");
  await shows(owner, "from the other.txt");
  await rename(owner, "b.txt", "from the owner.txt");
  await shows(other, "from the owner.txt");
  await eventually("both edits on disk", async () => (await scene.folder.names()).join() === "from the other.txt,from the owner.txt");
  await scene.folder.write("c.txt", "x");
  await heading(owner, "3 files, live");
  await heading(other, "3 files, live");
});

test("when the tab that has the core is closed, another has it", async ({ scene }) => {
  const { owner, other } = await twoTabs(scene);
  const took_ms = await untilOwned(other);
  await owner.close();
  console.log(`the core of a tab that was closed was elsewhere after ${Math.round(await took_ms())} ms`);
  await heading(other, "2 files, live");
  await scene.folder.write("c.txt", "x");
  await heading(other, "3 files, live");
});

test("an edit that waits for the engine outlives the tab that had the core, and is made once", async ({ scene }) => {
  const { owner, other } = await twoTabs(scene);
  await scene.engine.kill();
  await eventually("the tabs to notice", () => other.evaluate(() => cache.status.phase !== "live"));
  await rename(other, "a.txt", "offline.txt");
  await shows(owner, "offline.txt");
  await owner.close();
  await scene.startEngine(scene.token, [new URL(other.url()).origin]);
  await eventually("the edit on disk", async () => (await scene.folder.names()).includes("offline.txt"));
  await eventually("the edit to be settled", () => other.evaluate(() => cache.status.phase === "live" && cache.status.pending === 0));
  await shows(other, "offline.txt");
  expect(await scene.folder.names()).toEqual(["b.txt", "offline.txt"]);
  scene.allowAbsentEngine();
});

test("when the tab that has the core is frozen, another takes over, and the first follows when it wakes", async ({ scene }) => {
  const { owner, other } = await twoTabs(scene);
  const wake = await freeze(owner);
  await scene.folder.write("c.txt", "x");
  await heading(other, "3 files, live");
  await rename(other, "c.txt", "meanwhile.txt");
  await eventually("the edit on disk", async () => (await scene.folder.names()).includes("meanwhile.txt"));
  await wake();
  await shows(owner, "meanwhile.txt");
  await rename(owner, "meanwhile.txt", "awake.txt");
  await shows(other, "awake.txt");
});

test("when the core's worker hangs without a word, another takes over before it goes on, and the first follows when it goes on", async ({ scene }) => {
  const { owner, other } = await twoTabs(scene, HANGS);
  const took_ms = await untilOwned(other);
  await owner.evaluate(() => new BroadcastChannel(hang).postMessage(4000));
  // A busy machine takes longer than the usual second; a hanging worker is not waited for on any.
  expect(await took_ms()).toBeLessThan(4000);
  console.log(`the core of a worker that hangs was elsewhere after ${Math.round(await took_ms())} ms`);
  await rename(other, "a.txt", "meanwhile.txt");
  await eventually("the edit on disk", async () => (await scene.folder.names()).includes("meanwhile.txt"));
  // The page that had the core is not the worker, and follows the new owner at once.
  await shows(owner, "meanwhile.txt");
  await rename(owner, "b.txt", "from the first.txt");
  await shows(other, "from the first.txt");
});

const stored = (kind: string) => OPTIONS.replace('tabs: "guide"', `tabs: "guide", storage: (await import("@larder/client/storage")).${kind}("guide")`);
const STORED = stored("autoStorage");
const isStored = (tab: Page) => eventually("the rows to be stored", () => tab.evaluate(() => cache.status.storage === "ready"));

test("with a storage, an edit made offline outlives all tabs, the last screen is there without the engine, and the edit is made once", async ({ scene }) => {
  const { owner, other, origin } = await twoTabs(scene, STORED);
  await isStored(other);
  await scene.engine.kill();
  await eventually("the tabs to notice", () => other.evaluate(() => cache.status.phase !== "live"));
  await rename(other, "a.txt", "offline.txt");
  await shows(owner, "offline.txt");
  // What is on the screen is stored a moment later.
  await other.waitForTimeout(1000);
  await other.close();
  await owner.close();

  const again = await scene.openTab(origin);
  await shows(again, "offline.txt");
  await shows(again, "b.txt");
  expect(await again.evaluate(() => cache.status.pending)).toBe(1);
  const third = await scene.openTab(origin);
  await shows(third, "offline.txt");
  await again.close();
  await shows(third, "offline.txt");

  await scene.startEngine(scene.token, [origin]);
  await eventually("the edit on disk", async () => (await scene.folder.names()).includes("offline.txt"));
  await eventually("the edit to be settled", () => third.evaluate(() => cache.status.phase === "live" && cache.status.pending === 0));
  expect((await scene.folder.names()).sort()).toEqual(["b.txt", "offline.txt"]);
  scene.allowAbsentEngine();
});

for (const kind of ["opfsStorage", "indexedDbStorage"]) {
  test(`a tab that is frozen while it has the storage (${kind}) loses it: what is stored from then on outlives it, and nothing is lost`, async ({ scene }) => {
    const { owner, other, origin } = await twoTabs(scene, stored(kind));
    await isStored(owner);
    const wake = await freeze(owner);
    const took_ms = await untilOwned(other);
    await rename(other, "b.txt", "while frozen.txt");
    console.log(`the storage of a frozen tab was elsewhere ${Math.round(await took_ms())} ms after it was needed`);
    await eventually("the edit on disk", async () => (await scene.folder.names()).includes("while frozen.txt"));
    await eventually("the edit to be settled", () => other.evaluate(() => cache.status.pending === 0));
    await isStored(other);

    await scene.engine.kill();
    await eventually("the tab to notice", () => other.evaluate(() => cache.status.phase !== "live"));
    await rename(other, "a.txt", "offline.txt");
    await other.evaluate(() => cache.flush());
    await other.close();
    const third = await scene.openTab(origin);
    await shows(third, "offline.txt");
    await shows(third, "while frozen.txt");
    await isStored(third);
    expect(await third.evaluate(() => cache.status.pending)).toBe(1);

    await wake();
    await shows(owner, "offline.txt");
    await third.close();
    await rename(owner, "while frozen.txt", "awake.txt");
    await isStored(owner);
    await scene.startEngine(scene.token, [origin]);
    await eventually("the edits to be settled", () => owner.evaluate(() => cache.status.phase === "live" && cache.status.pending === 0));
    expect((await scene.folder.names()).sort()).toEqual(["awake.txt", "offline.txt"]);
    scene.allowAbsentEngine();
  });
}
