import { expect, onTestFinished } from "vitest";
import type { Page } from "playwright-core";

import { GuideApp } from "../guide/guide_app";
import { test } from "../scene/scene_test";
import { eventually } from "../wait/eventually";

/** A page with a search, whose answer is stored. */
const search = (url: string) => `
import { connect, createCache } from "@larder/client";
import { autoStorage } from "@larder/client/storage";

const cache = await createCache({ registry: { types: [{ name: "file", version: "version" }] }, storage: autoStorage("search") });
connect(cache, { url: "${url}" });
const found = cache.remoteQuery({ method: "files.search", input: { text: "note" }, from: "file" });
const show = () => {
  const { data, status, isStale, isFetching } = found.getSnapshot();
  const names = data.map(({ name }) => name).join(", ");
  document.querySelector("#root").textContent = [names, status, isStale ? "stale" : "fresh", isFetching ? "asking" : "quiet"].join(" | ");
};
found.subscribe(show);
show();
globalThis.cache = cache;
`;
declare const cache: { flush(): Promise<void>; readonly status: { phase: string; storage: string } };

const shows = (tab: Page, text: string) =>
  eventually(`“${text}”`, async () => (await tab.locator("#root").textContent()) === text);

test("a search of the engine follows the disk, its answer is there offline after a reload, and it is asked again when the engine is back", async ({ scene }) => {
  for (const name of ["a note.txt", "note.txt", "other.txt"]) await scene.folder.write(name);
  const app = await GuideApp.serve();
  onTestFinished(() => app.dispose());
  const engine = await scene.startEngine(scene.token, [app.origin]);
  await app.add("main.tsx", search(`ws://${engine.url.host}/ws${engine.url.search}`));

  const tab = await scene.openTab(app.origin);
  await shows(tab, "note.txt, a note.txt | ready | fresh | quiet");
  // Nobody asks: the engine says that the answer is another.
  await scene.folder.write("my note.txt");
  await shows(tab, "note.txt, a note.txt, my note.txt | ready | fresh | quiet");
  await scene.folder.remove("a note.txt");
  await shows(tab, "note.txt, my note.txt | ready | fresh | quiet");
  await tab.evaluate(() => cache.flush());

  await scene.engine.kill();
  await scene.folder.write("late note.txt");
  await tab.reload();
  await shows(tab, "note.txt, my note.txt | ready | stale | asking");
  expect(await tab.evaluate(() => cache.status.storage)).toBe("ready");

  await scene.startEngine(scene.token, [app.origin]);
  await shows(tab, "note.txt, my note.txt, late note.txt | ready | fresh | quiet");
  await scene.folder.write("x note.txt");
  await shows(tab, "note.txt, x note.txt, my note.txt, late note.txt | ready | fresh | quiet");
  scene.allowAbsentEngine();
});
