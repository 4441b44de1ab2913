import { afterAll, beforeAll, expect, test } from "vitest";

import { StorageSite } from "../storage/site";

let site: StorageSite;
beforeAll(async () => {
  site = await StorageSite.open();
});
afterAll(() => site.close());

declare global {
  // What page/cache.ts puts there.
  // eslint-disable-next-line no-var
  var edit: (id: string) => void;
}

test.each(["page", "worker"])("a page that is closed offline shows its edits when it is opened again, with its core in the %s", async (core) => {
  const address = `${site.origin}/cache.html?core=${core}`;
  for (const id of ["1", "2"]) {
    const page = await site.browser.newPage();
    await page.goto(address);
    await page.waitForFunction(() => "edit" in globalThis);
    await page.evaluate((id) => edit(id), id);
    await page.getByRole("listitem").filter({ hasText: `tag ${id}` }).waitFor();
    // Longer than a commit takes; a page that is closed within that time may lose the edit.
    await expect.poll(() => stored(core, Number(id)), { timeout: 10_000 }).toBe(true);
    await page.close();
  }
  const page = await site.browser.newPage();
  await page.goto(address);
  await page.getByText("tag 2").waitFor();
  expect(await page.getByRole("listitem").allTextContents()).toEqual(["tag 1", "tag 2"]);
  await page.close();
});

/** Whether so many edits are in the file. */
async function stored(core: string, edits: number): Promise<boolean> {
  const page = await site.browser.newPage();
  await page.goto(site.origin);
  const text = await page.evaluate(async (core) => {
    let folder = await navigator.storage.getDirectory();
    for (const name of ["larder", `reload_${core}`]) folder = await folder.getDirectoryHandle(name);
    return (await (await folder.getFileHandle("1.log")).getFile()).text();
  }, core);
  await page.close();
  return text.split(/out\/[0-9a-f]{16}/).length > edits;
}
