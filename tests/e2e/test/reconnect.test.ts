import { expect } from "vitest";

import { test } from "../scene/scene_test";
import { eventually } from "../wait/eventually";

test("the engine is killed while files change: the page shows offline, then catches up with nothing missed", async ({ scene }) => {
  await scene.folder.write("kept.txt");
  await scene.folder.write("old name.txt");
  await scene.folder.write("doomed.txt");
  const page = await scene.begin();
  await page.waitForNames("doomed.txt", "kept.txt", "old name.txt");
  page.complaints.allowAbsentEngine();

  await scene.engine.kill();
  await page.waitForConnection("offline");
  await page.tab.getByText("You see the files as they were.").waitFor();
  await page.waitForNames("doomed.txt", "kept.txt", "old name.txt");

  await scene.folder.remove("doomed.txt");
  await scene.folder.rename("old name.txt", "new name.txt");
  await scene.folder.write("Fresh/inside.txt");
  await scene.startEngine();

  await page.waitForNames("Fresh", "kept.txt", "new name.txt");
  await page.waitForConnection("live");
  await page.row("Fresh").dblclick();
  await page.waitForNames("inside.txt");
});

test("an edit made while offline shows at once and reaches the disk when the engine is back", async ({ scene }) => {
  await scene.folder.write("before.txt", "content");
  const page = await scene.begin();
  await page.waitForNames("before.txt");
  page.complaints.allowAbsentEngine();
  await scene.engine.kill();
  await page.waitForConnection("offline");

  await page.rename("before.txt", "after.txt");
  await page.waitForNames("after.txt");
  await page.press("s");
  await page.waitForConnection("offline", 2);
  await page.tab.getByText("2 edits will be sent when the engine is back").waitFor();
  expect(await scene.folder.names()).toEqual(["before.txt"]);

  await scene.startEngine();
  await page.waitForConnection("live");
  await eventually("the new name on disk", async () => (await scene.folder.names()).join() === "after.txt");
  expect(await scene.folder.read("after.txt")).toBe("content");
  await page.waitForNames("after.txt");
  expect(await page.row("after.txt").getByRole("button", { name: "Favourite" }).getAttribute("aria-pressed")).toBe("true");
});

test("an edit made while offline that the engine then refuses rolls back with its reason", async ({ scene }) => {
  await scene.folder.write("mine.txt");
  const page = await scene.begin();
  await page.waitForNames("mine.txt");
  page.complaints.allowAbsentEngine();
  await scene.engine.kill();
  await page.waitForConnection("offline");
  await page.rename("mine.txt", "wanted.txt");
  await page.waitForConnection("offline", 1);
  await scene.folder.write("wanted.txt", "somebody else's");

  await scene.startEngine();
  await page.waitForNames("mine.txt", "wanted.txt");
  await eventually("the message", async () => (await page.alerts()).some((text) => text.includes("“mine.txt” was not renamed")));
  expect(await scene.folder.read("wanted.txt")).toBe("somebody else's");
});

test("an engine that came back with another token: the page says that it needs the new address", async ({ scene }) => {
  await scene.folder.write("file.txt");
  const page = await scene.begin();
  await page.waitForNames("file.txt");
  page.complaints.allowAbsentEngine();
  page.complaints.allowRefusal();
  await scene.engine.kill();
  await page.waitForConnection("offline");

  await scene.startEngine("another");
  await page.tab.getByText("Open the address it printed.").waitFor();
  await page.waitForNames("file.txt");
});
