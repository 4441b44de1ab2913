import { expect } from "vitest";

import { test } from "../scene/scene_test";

test("a tag made in one tab shows in another, and goes again", async ({ scene }) => {
  await scene.folder.write("bill.pdf");
  await scene.folder.write("other.pdf");
  const first = await scene.begin();
  const second = await scene.openPage();
  await second.waitForConnection("live");

  await first.row("bill.pdf").click();
  await first.press("t");
  await first.tab.keyboard.type("Finance");
  await first.press("Enter");
  await first.row("bill.pdf").getByText("Finance").waitFor();
  await second.row("bill.pdf").getByText("Finance").waitFor();
  await second.tab.getByRole("button", { name: "Finance 1" }).waitFor();

  await second.tab.getByLabel("Tag", { exact: true }).selectOption("Finance");
  await second.waitForNames("bill.pdf");

  await first.press("Enter", "Escape");
  await second.tab.getByText("No file matches").waitFor();
  expect(await first.row("bill.pdf").getByText("Finance").count()).toBe(0);
});

test("favourites are one list over all folders", async ({ scene }) => {
  await scene.folder.write("plain.txt");
  await scene.folder.write("deep/dear.txt");
  const page = await scene.begin();
  await page.row("deep").dblclick();
  await page.row("dear.txt").click();
  await page.press("s");
  await page.tab.getByRole("button", { name: "Favourites 1" }).click();
  await page.waitForNames("dear.txt");

  await page.tab.reload();
  await page.tab.getByRole("button", { name: "Favourites 1" }).click();
  await page.waitForNames("dear.txt");
});
