import { expect } from "vitest";

import { test } from "../scene/scene_test";
import { eventually } from "../wait/eventually";

test("a rename in the page renames the file on disk", async ({ scene }) => {
  await scene.folder.write("draft.txt", "the text");
  const page = await scene.begin();
  await page.rename("draft.txt", "final.txt");

  await page.waitForNames("final.txt");
  await eventually("the file on disk", async () => (await scene.folder.names()).join() === "final.txt");
  expect(await scene.folder.read("final.txt")).toBe("the text");
  await page.waitForConnection("live");
  await page.waitForActive("final.txt");
});

test("a rename of a folder moves what is in it", async ({ scene }) => {
  await scene.folder.write("Old/inner/file.txt");
  const page = await scene.begin();
  await page.rename("Old", "New");

  await eventually("the folder on disk", async () => (await scene.folder.names()).join() === "New");
  await page.row("New").dblclick();
  await page.row("inner").dblclick();
  await page.waitForNames("file.txt");
  await page.tab.getByText(`${scene.folder.path}/New/inner`).waitFor();
});

test("the field starts with the stem selected, and Escape leaves the name as it is", async ({ scene }) => {
  await scene.folder.write("photo.jpeg");
  const page = await scene.begin();
  await page.row("photo.jpeg").click();
  await page.press("F2");
  const field = page.tab.getByLabel("New name of photo.jpeg");
  await field.waitFor();
  expect(await field.evaluate((input: HTMLInputElement) => input.value.slice(input.selectionStart ?? 0, input.selectionEnd ?? 0))).toBe("photo");

  await page.tab.keyboard.type("other");
  await page.press("Escape");
  await page.waitForNames("photo.jpeg");
  expect(await scene.folder.names()).toEqual(["photo.jpeg"]);
});

test("a refused rename shows at once, then rolls back with the engine's reason", async ({ scene }) => {
  await scene.folder.write("mine.txt", "mine");
  await scene.folder.write("taken.txt", "theirs");
  const page = await scene.begin();
  await page.waitForNames("mine.txt", "taken.txt");
  // Every name that the first row ever shows, as it is drawn.
  await page.tab.evaluate(() => {
    const seen = new Set<string>();
    (window as unknown as { seen: Set<string> }).seen = seen;
    const note = () => seen.add([...document.querySelectorAll(".file-name")].map((name) => name.textContent).join(" | "));
    new MutationObserver(note).observe(document.body, { subtree: true, childList: true, characterData: true });
  });
  await page.rename("mine.txt", "taken.txt");

  await eventually("the message", async () => (await page.alerts()).some((text) => text.includes("“mine.txt” was not renamed")));
  expect((await page.alerts()).join()).toMatch(/taken\.txt/);
  await page.waitForNames("mine.txt", "taken.txt");
  expect(await page.tab.evaluate(() => [...(window as unknown as { seen: Set<string> }).seen])).toContain("taken.txt | taken.txt");
  expect(await scene.folder.read("mine.txt")).toBe("mine");
  expect(await scene.folder.read("taken.txt")).toBe("theirs");
  await page.waitForConnection("live");
});
