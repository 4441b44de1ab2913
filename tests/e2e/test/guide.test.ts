import { expect, onTestFinished } from "vitest";

import { GuideApp } from "../guide/guide_app";
import { test } from "../scene/scene_test";

test("the code of docs/react.md lists the largest files and follows them", async ({ scene }) => {
  await scene.folder.write("small.txt", "x");
  await scene.folder.write("large.txt", "x".repeat(100));
  const app = await GuideApp.serve();
  onTestFinished(() => app.dispose());
  const engine = await scene.startEngine(scene.token, [app.origin]);
  await app.write(engine.url);

  const tab = await scene.openTab(app.origin);
  await tab.getByRole("heading", { name: "2 files, live" }).waitFor();
  expect(await tab.getByRole("listitem").allTextContents()).toEqual(["large.txt, 100 bytes", "small.txt, 1 bytes"]);

  await scene.folder.write("larger.txt", "x".repeat(200));
  await tab.getByRole("heading", { name: "3 files, live" }).waitFor();
  expect(await tab.getByRole("listitem").first().textContent()).toBe("larger.txt, 200 bytes");
});
