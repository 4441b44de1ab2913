import { expect } from "vitest";

import { test } from "../scene/scene_test";

test("the first page shows the folder: folders first, numbers in natural order", async ({ scene }) => {
  await scene.folder.write("IMG10.jpg", "x".repeat(2500));
  await scene.folder.write("img2.jpg");
  await scene.folder.write("apple.txt");
  await scene.folder.write("Zoo/inside.txt");
  const page = await scene.begin();

  await page.waitForNames("Zoo", "apple.txt", "img2.jpg", "IMG10.jpg");
  expect(await page.row("IMG10.jpg").innerText()).toMatch(/Image \(JPG\)\s+2\.5 kB\s+Today/);
  expect(await page.grid.getAttribute("aria-rowcount")).toBe("5");
  await page.tab.getByText("4 items").waitFor();
});

test("folders open by double click, by the tree and by the breadcrumb, and the address keeps the place", async ({ scene }) => {
  await scene.folder.write("Photos/2026/beach.jpg");
  const page = await scene.begin();

  await page.row("Photos").dblclick();
  await page.waitForNames("2026");
  await page.tab.getByRole("treeitem", { name: "Photos" }).dblclick();
  await page.tab.getByRole("treeitem", { name: "2026" }).click();
  await page.waitForNames("beach.jpg");

  await page.tab.reload();
  await page.waitForNames("beach.jpg");

  await page.tab.getByRole("navigation").getByRole("link", { name: "Photos" }).click();
  await page.waitForNames("2026");
  await page.tab.goBack();
  await page.waitForNames("beach.jpg");
});

test("a click on a column's head sorts by it, another turns the order round, and folders stay first", async ({ scene }) => {
  await scene.folder.write("large.txt", "x".repeat(900));
  await scene.folder.write("middle.txt", "x".repeat(500));
  await scene.folder.write("small.txt", "x");
  await scene.folder.makeFolder("folder");
  const page = await scene.begin();
  const size = page.tab.getByRole("columnheader", { name: "Size" });

  await size.getByRole("button").click();
  await page.waitForNames("folder", "large.txt", "middle.txt", "small.txt");
  expect(await size.getAttribute("aria-sort")).toBe("descending");
  await size.getByRole("button").click();
  await page.waitForNames("folder", "small.txt", "middle.txt", "large.txt");
});

test("filters narrow the folder, or the whole library", async ({ scene }) => {
  await scene.folder.write("Report.PDF");
  await scene.folder.write("photo.jpg");
  await scene.folder.write("deep/down/old report.pdf");
  const page = await scene.begin();

  await page.press("/");
  await page.tab.keyboard.type("report");
  await page.waitForNames("Report.PDF");
  await page.tab.getByRole("button", { name: "Everywhere" }).click();
  await page.waitForNames("old report.pdf", "Report.PDF");
  await page.tab.getByRole("button", { name: "deep/down" }).click();
  await page.waitForNames("old report.pdf");

  await page.tab.getByLabel("Kind").selectOption("image");
  await page.tab.getByText("No file matches").waitFor();
  await page.tab.getByRole("button", { name: "Clear the filters" }).click();
  await page.waitForNames("old report.pdf");
});

test("from the whole library a row leads to its folder, even to the one that is open", async ({ scene }) => {
  await scene.folder.write("here.txt");
  await scene.folder.write("deep/there.txt");
  const page = await scene.begin();
  await page.tab.getByRole("button", { name: "Everywhere" }).click();
  await page.waitForNames("deep", "here.txt", "there.txt");
  await page.row("here.txt").locator(".link").click();
  await page.waitForNames("deep", "here.txt");
});
