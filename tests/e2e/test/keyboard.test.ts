import { expect } from "vitest";

import { test } from "../scene/scene_test";

test("the list is used by keyboard alone: move, open, go up, rename, favourite", async ({ scene }) => {
  for (const name of ["a.txt", "b.txt", "c.txt"]) await scene.folder.write(name);
  await scene.folder.write("Folder/inside.txt");
  await scene.folder.write("Folder/second.txt");
  const page = await scene.begin();
  await page.waitForNames("Folder", "a.txt", "b.txt", "c.txt");

  await page.press("ArrowDown");
  await page.waitForActive("Folder");
  await page.press("End");
  await page.waitForActive("c.txt");
  await page.press("ArrowUp");
  await page.waitForActive("b.txt");
  await page.press("s");
  expect(await page.row("b.txt").getByRole("button", { name: "Favourite" }).getAttribute("aria-pressed")).toBe("true");
  await page.press("Home", "Enter");
  await page.waitForNames("inside.txt", "second.txt");

  await page.press("ArrowDown", "ArrowDown", "F2");
  await page.tab.keyboard.type("renamed");
  await page.press("Enter");
  await page.waitForNames("inside.txt", "renamed.txt");
  await page.waitForActive("renamed.txt");

  await page.press("Backspace");
  await page.waitForNames("Folder", "a.txt", "b.txt", "c.txt");
  await page.waitForActive("Folder");
});

test("the active row is announced and stays in view", async ({ scene }) => {
  for (let i = 0; i < 120; i++) await scene.folder.write(`file ${i}.txt`);
  const page = await scene.begin();
  await page.press("PageDown", "PageDown", "PageDown");
  const active = page.grid.locator("[role=row][aria-selected=true]");
  await active.waitFor();
  expect(await page.grid.getAttribute("aria-activedescendant")).toBe(await active.getAttribute("id"));
  const row = await active.boundingBox();
  const grid = await page.grid.boundingBox();
  if (!row || !grid) throw new Error("the list is not drawn");
  expect(row.y).toBeGreaterThanOrEqual(grid.y);
  // Scrolling stops at whole pixels.
  expect(row.y + row.height).toBeLessThanOrEqual(grid.y + grid.height + 1);
});

test("the tree is folded and unfolded by keyboard", async ({ scene }) => {
  await scene.folder.write("Photos/2026/beach.jpg");
  const page = await scene.begin();
  const item = (name: string) => page.tab.getByRole("treeitem", { name });
  await item("Photos").focus();
  await page.press("ArrowRight", "ArrowRight", "Enter");
  await page.waitForNames("beach.jpg");
  await page.press("ArrowLeft", "ArrowLeft");
  expect(await item("2026").count()).toBe(0);
  expect(await item("Photos").getAttribute("aria-expanded")).toBe("false");
});

test("slash goes to the filter, Escape empties it and comes back to the list", async ({ scene }) => {
  await scene.folder.write("one.txt");
  await scene.folder.write("two.txt");
  const page = await scene.begin();
  await page.press("/");
  await page.tab.keyboard.type("two");
  await page.waitForNames("two.txt");
  await page.press("Escape");
  await page.waitForNames("one.txt", "two.txt");
  expect(await page.grid.evaluate((grid) => grid === document.activeElement)).toBe(true);
});

test("a file that a filter hides is no longer the one that keys act on: they go to the first match", async ({ scene }) => {
  await scene.folder.write("hidden.txt");
  await scene.folder.write("shown.txt");
  const page = await scene.begin();
  await page.row("hidden.txt").click();
  await page.press("/");
  await page.tab.keyboard.type("shown");
  await page.waitForNames("shown.txt");
  expect(await page.activeName()).toBeNull();
  await page.press("Enter");
  await page.waitForActive("shown.txt");
  await page.press("s");
  await page.tab.getByRole("button", { name: "Favourites 1" }).waitFor();
  await page.press("/", "Escape");
  await page.waitForNames("hidden.txt", "shown.txt");
  expect(await page.row("hidden.txt").getByRole("button", { name: "Favourite" }).getAttribute("aria-pressed")).toBe("false");
});
