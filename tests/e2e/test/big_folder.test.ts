import { expect } from "vitest";

import { test } from "../scene/scene_test";

const FILES = 20_000;
/** 20 rows fit in the view; some are kept ready on both sides. */
const MOST_ROWS = 45;

test("a folder of 20,000 files scrolls to its end with few rows in the document", async ({ scene }) => {
  await scene.folder.makeFolder("bulk");
  for (let from = 0; from < FILES; from += 500) {
    const some = Array.from({ length: 500 }, (_, i) => scene.folder.write(`bulk/file ${from + i}.txt`, ""));
    await Promise.all(some);
  }
  const page = await scene.begin();
  await page.row("bulk").dblclick();
  await page.waitForTotal(FILES, 40_000);
  expect((await page.names()).slice(0, 3)).toEqual(["file 0.txt", "file 1.txt", "file 2.txt"]);
  expect(await page.rows.count()).toBeLessThan(MOST_ROWS);

  await page.press("End");
  await page.waitForActive(`file ${FILES - 1}.txt`);
  expect(await page.rows.count()).toBeLessThan(MOST_ROWS);
  expect((await page.names()).at(-1)).toBe(`file ${FILES - 1}.txt`);

  // Jumps of many pages: no frame may show fewer rows than fit in the view.
  const fewest = await page.tab.evaluate(async () => {
    const list = document.querySelector(".list-scroll");
    if (!list) return -1;
    let fewest = Number.POSITIVE_INFINITY;
    for (let jump = 0; jump < 60; jump++) {
      list.scrollTop = ((jump * 7919) % 60) * (list.scrollHeight / 60);
      // The scroll event and what React does on it come before the next frame is drawn.
      await new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)));
      const view = list.getBoundingClientRect();
      const inView = [...list.querySelectorAll("[role=row]")].filter((row) => {
        const place = row.getBoundingClientRect();
        return place.bottom > view.top && place.top < view.bottom;
      });
      fewest = Math.min(fewest, inView.length);
    }
    return fewest;
  });
  const fit = await page.tab.evaluate(() => Math.floor((document.querySelector(".list-scroll")?.clientHeight ?? 0) / 36));
  expect(fewest).toBeGreaterThanOrEqual(fit);

  await scene.folder.write(`bulk/file ${FILES}.txt`);
  await page.waitForTotal(FILES + 1);
  await page.press("End");
  await page.waitForActive(`file ${FILES}.txt`);
});
