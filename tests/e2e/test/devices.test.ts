import { expect } from "vitest";

import { Devices } from "../engine/devices";
import type { ExplorerPage } from "../page/explorer_page";
import { test as sceneTest } from "../scene/scene_test";
import { LarderLs, larderLs } from "../swift/larder_ls";

const NAMES = ["Laptop", "Desktop", "Phone"] as const;

const test = sceneTest.extend<{ devices: Devices }>({
  devices: async ({ scene }, use) => {
    const devices = await Devices.start(NAMES, (name, folder) => folder.write(`on-${name}/${name}.txt`));
    await use(devices);
    // The pages are still open when they end.
    scene.allowAbsentEngine();
    await devices.end();
  },
});

async function openFolder(page: ExplorerPage, device: string): Promise<void> {
  const place = page.tab.getByRole("tree");
  const folder = place.getByText(`on-${device}`);
  // Folders of other devices are folded, and come when the devices have met.
  const folded = place.locator("[aria-level='1'][aria-expanded=false] .tree-toggle");
  const unfold = async (): Promise<number> => {
    if ((await folder.count()) === 0 && (await folded.count()) > 0) await folded.first().click();
    return folder.count();
  };
  await expect.poll(unfold, { timeout: 15_000 }).toBeGreaterThan(0);
  await folder.click();
  await page.row(`${device}.txt`).waitFor();
}

test("what is tagged in a page of one device shows in a page of another, also after that was offline", async ({ scene, devices }) => {
  const [laptop, , phone] = devices.all;
  const [here, there] = [await scene.openPage(laptop!.engine.url), await scene.openPage(phone!.engine.url)];
  await Promise.all([here, there].map((page) => page.waitForConnection("live")));
  await openFolder(here, "Laptop");
  await openFolder(there, "Laptop");

  await here.row("Laptop.txt").click();
  await here.press("t");
  await here.tab.keyboard.type("Holiday");
  await here.press("Enter", "Escape");
  await there.row("Laptop.txt").getByText("Holiday").waitFor();

  await there.tab.getByRole("switch", { name: "Phone is online" }).click();
  await here.tab.locator(".device[data-state=paused]").getByText("Phone").waitFor();
  await here.row("Laptop.txt").click();
  await here.press("s");
  await here.tab.locator(".device[data-state=paused]:not([data-pending='0'])").waitFor();
  expect(await there.tab.getByRole("button", { name: "Favourites 1" }).count()).toBe(0);
  await there.tab.getByRole("switch", { name: "Phone is online" }).click();
  await there.tab.getByRole("button", { name: "Favourites 1" }).waitFor();
  await here.tab.locator(".device[data-state=ready][data-online=true]").getByText("Phone").waitFor();
});

test.skipIf(!larderLs)("a tag made in a Swift client of one device shows in a page of another", async ({ scene, devices }) => {
  const [laptop, , phone] = devices.all;
  const page = await scene.openPage(phone!.engine.url);
  await page.waitForConnection("live");
  await openFolder(page, "Laptop");
  const made = await LarderLs.run(laptop!.engine.url, "on-Laptop", "--tag", "Laptop.txt", "Holiday");
  expect(made).toEqual({ code: 0, errors: [], output: ["     1 B  Laptop.txt  [Holiday]"] });
  await page.row("Laptop.txt").getByText("Holiday").waitFor();
});
