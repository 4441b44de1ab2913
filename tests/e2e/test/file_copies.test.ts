import { readFile, writeFile } from "node:fs/promises";

import { expect } from "vitest";

import { Devices } from "../engine/devices";
import type { ExplorerPage } from "../page/explorer_page";
import { test as sceneTest } from "../scene/scene_test";
import { eventually } from "../wait/eventually";

/** Large enough that a page sees it come. */
const FILM = 48 << 20;

const test = sceneTest.extend<{ devices: Devices }>({
  devices: async ({ scene }, use) => {
    const devices = await Devices.start(["Laptop", "Desktop"], async (name, folder) => {
      await folder.write(`on-${name}/${name}.txt`, `from ${name}`);
      await folder.write(`on-${name}/taken.txt`);
      if (name === "Desktop") await writeFile(folder.at("on-Desktop/film.bin"), Buffer.alloc(FILM, 7));
    });
    await use(devices);
    // The pages are still open when they end.
    scene.allowAbsentEngine();
    await devices.end();
  },
});

/** Opens a folder of the other device in the tree. */
async function openFolder(page: ExplorerPage, name: string, file: string): Promise<void> {
  const tree = page.tab.getByRole("tree", { name: "Folders" });
  const folder = tree.getByText(name);
  const folded = tree.locator("[aria-level='1'][aria-expanded=false] .tree-toggle");
  const unfold = async (): Promise<number> => {
    if ((await folder.count()) === 0 && (await folded.count()) > 0) await folded.first().click();
    return folder.count();
  };
  await expect.poll(unfold, { timeout: 15_000 }).toBeGreaterThan(0);
  await folder.click();
  await page.row(file).waitFor();
}

/** Says in the open dialog that it goes to a folder at the top of a device. */
async function pick(page: ExplorerPage, device: string, folder: string, act: string): Promise<void> {
  const dialog = page.tab.getByRole("dialog");
  const root = dialog.getByRole("treeitem", { name: new RegExp(`^${device}: `) });
  await root.waitFor();
  if ((await root.getAttribute("aria-expanded")) === "false") await root.locator(".tree-toggle").click();
  await dialog.getByRole("treeitem", { name: folder }).click();
  await dialog.getByRole("button", { name: act }).click();
}

test("a file of another device is copied here through the page, with its progress, and the bytes are on the disk", { timeout: 120_000 }, async ({ scene, devices }) => {
  const [laptop, desktop] = devices.all;
  const page = await scene.openPage(laptop!.engine.url);
  await page.waitForConnection("live");
  await openFolder(page, "on-Desktop", "film.bin");
  await page.row("film.bin").click();
  await page.press("c");
  await pick(page, "Laptop", "on-Laptop", "Copy here");
  const jobs = page.tab.getByRole("list", { name: "Jobs" });
  await jobs.getByRole("progressbar", { name: /^Copying film\.bin from Desktop/ }).waitFor();
  await jobs.getByText(/Copying film\.bin/).waitFor({ state: "detached", timeout: 40_000 });
  const there = await readFile(laptop!.folder.at("on-Laptop/film.bin"));
  expect(there.equals(Buffer.alloc(FILM, 7))).toBe(true);
  await openFolder(page, "on-Laptop", "film.bin");
  expect(await page.alerts()).toEqual([]);

  // The name is taken now: both can be kept.
  await openFolder(page, "on-Desktop", "film.bin");
  await page.row("Desktop.txt").getByRole("button", { name: "Actions for Desktop.txt" }).click();
  await page.tab.getByRole("menuitem", { name: /^Copy to/ }).click();
  await pick(page, "Laptop", "on-Laptop", "Copy here");
  await eventually("the copy to be there", async () => (await laptop!.folder.names("on-Laptop")).includes("Desktop.txt"));
  await page.row("taken.txt").click();
  await page.press("c");
  await pick(page, "Laptop", "on-Laptop", "Copy here");
  const alert = page.tab.getByRole("alert").filter({ hasText: "“taken.txt” was not copied" });
  await alert.getByText("“taken.txt” is there already").waitFor();
  await alert.getByRole("button", { name: "Keep both" }).click();
  await eventually("both to be there", async () => (await laptop!.folder.names("on-Laptop")).includes("taken (2).txt"));

  // The other way it is the other device that copies, and this page shows it.
  await openFolder(page, "on-Laptop", "Laptop.txt");
  await page.row("film.bin").click();
  await page.press("c");
  await pick(page, "Desktop", "on-Desktop", "Copy here");
  await page.tab.getByRole("alert").filter({ hasText: "“film.bin” was not copied" }).getByRole("button", { name: "Keep both" }).click();
  await jobs.getByRole("progressbar", { name: /^Copying film\.bin to Desktop/ }).waitFor();
  await eventually("it to be on the other disk", async () => (await desktop!.folder.names("on-Desktop")).includes("film (2).bin"), 40_000);
});

test("files of another device are renamed, moved and deleted there; what is refused is taken back and says why", async ({ scene, devices }) => {
  const [laptop, desktop] = devices.all;
  const page = await scene.openPage(laptop!.engine.url);
  await page.waitForConnection("live");
  await openFolder(page, "on-Desktop", "Desktop.txt");
  await page.rename("Desktop.txt", "renamed.txt");
  await page.waitForNames("film.bin", "renamed.txt", "taken.txt");
  await eventually("the new name on its disk", async () => (await desktop!.folder.names("on-Desktop")).includes("renamed.txt"));

  await page.rename("renamed.txt", "taken.txt");
  const alert = page.tab.getByRole("alert");
  await alert.filter({ hasText: "“renamed.txt” was not renamed" }).getByText("“taken.txt” is there already").waitFor();
  await page.waitForNames("film.bin", "renamed.txt", "taken.txt");
  await alert.getByRole("button", { name: "Dismiss" }).click();

  await page.row("taken.txt").click();
  await page.press("Delete");
  await page.tab.getByRole("dialog", { name: "Delete “taken.txt”?" }).getByRole("button", { name: "Delete" }).click();
  await page.waitForNames("film.bin", "renamed.txt");
  await eventually("it to be gone from its disk", async () => !(await desktop!.folder.names("on-Desktop")).includes("taken.txt"));

  // Where its device is away, the edit is shown, refused, and taken back.
  await page.tab.getByRole("switch", { name: "Laptop is online" }).click();
  await page.tab.locator(".device").filter({ hasText: "Desktop" }).getByText("Away").waitFor();
  await page.rename("renamed.txt", "again.txt");
  await alert.getByText("Desktop is not there. Nothing was changed.").waitFor();
  await page.waitForNames("film.bin", "renamed.txt");

  // A copy waits for it, until it is called off.
  await page.row("film.bin").click();
  await page.press("c");
  await pick(page, "Laptop", "on-Laptop", "Copy here");
  const job = page.tab.getByRole("list", { name: "Jobs" }).getByRole("listitem").filter({ hasText: "film.bin" });
  await job.getByText(/waits for Desktop/).waitFor();
  await job.getByRole("button", { name: "Call off the copy of film.bin" }).click();
  await job.waitFor({ state: "detached" });
  expect(await laptop!.folder.names("on-Laptop")).toEqual(["Laptop.txt", "taken.txt"]);
});
