import { expect, onTestFinished } from "vitest";

import { GuideApp } from "../guide/guide_app";
import { test } from "../scene/scene_test";

test("the app of docs/react.md works alike with its core in a worker, through a restart of the engine", async ({ scene }) => {
  await scene.folder.write("small.txt", "x");
  await scene.folder.write("large.txt", "x".repeat(100));
  const app = await GuideApp.serve();
  onTestFinished(() => app.dispose());
  const engine = await scene.startEngine(scene.token, [app.origin]);
  await app.write(engine.url, "{ registry, worker: true }");

  const tab = await scene.openTab(app.origin);
  await tab.getByRole("heading", { name: "2 files, live" }).waitFor();
  expect(tab.workers()).toHaveLength(1);
  expect(await tab.getByRole("listitem").allTextContents()).toEqual(["large.txt, 100 bytes", "small.txt, 1 bytes"]);

  await engine.kill();
  await tab.getByRole("heading", { name: "2 files, offline" }).or(tab.getByRole("heading", { name: "2 files, connecting" })).waitFor();
  await scene.folder.write("larger.txt", "x".repeat(200));
  await scene.startEngine(scene.token, [app.origin]);
  await tab.getByRole("heading", { name: "3 files, live" }).waitFor();
  expect(await tab.getByRole("listitem").first().textContent()).toBe("larger.txt, 200 bytes");
  // That the engine was not there for a moment is for the browser to say, not for the app.
  scene.allowAbsentEngine();
});
