import { expect } from "vitest";

import { test } from "../scene/scene_test";
import { LarderLs, larderLs } from "../swift/larder_ls";
import { eventually } from "../wait/eventually";

const swiftTest = test.skipIf(!larderLs);

swiftTest("a Swift client and a page see each other's renames and tags", async ({ scene }) => {
  await scene.folder.write("photo2.jpg", "four");
  await scene.folder.write("photo10.jpg", "four");
  await scene.folder.makeFolder("Raw");
  const page = await scene.begin();
  await page.waitForNames("Raw", "photo2.jpg", "photo10.jpg");
  const watch = new LarderLs(scene.engine.url, "--watch");
  await watch.waitForLine("4 B  photo10.jpg");
  expect(watch.output.map((line) => line.trim())).toEqual(["Raw/", "4 B  photo2.jpg", "4 B  photo10.jpg"]);

  await page.rename("photo2.jpg", "cover.jpg");
  await watch.waitForLine("renamed  photo2.jpg -> cover.jpg");
  await page.row("cover.jpg").click();
  await page.press("t");
  await page.tab.keyboard.type("Holiday");
  await page.press("Enter");
  await watch.waitForLine("changed       4 B  cover.jpg  [Holiday]");
  await page.press("Escape");

  const edit = await LarderLs.run(scene.engine.url, "--rename", "photo10.jpg", "back.jpg", "--tag", "back.jpg", "Holiday", "--tag", "back.jpg", "Print");
  expect(edit).toEqual({ code: 0, errors: [], output: ["          Raw/", "     4 B  back.jpg  [Holiday]  [Print]", "     4 B  cover.jpg  [Holiday]"] });
  await page.waitForNames("Raw", "back.jpg", "cover.jpg");
  await page.row("back.jpg").getByText("Print").waitFor();
  await page.row("back.jpg").getByText("Holiday").waitFor();
  await watch.waitForLine("renamed  photo10.jpg -> back.jpg");
  await watch.waitForLine("changed       4 B  back.jpg  [Holiday]  [Print]");
  expect(await scene.folder.names()).toEqual(["Raw", "back.jpg", "cover.jpg"]);

  await scene.folder.remove("back.jpg");
  await watch.waitForLine("removed  back.jpg");
  expect(await watch.interrupt()).toMatchObject({ code: 0, errors: [] });
});

swiftTest("a Swift client says what it was refused, and ends with a code that tells so", async ({ scene }) => {
  await scene.folder.write("mine.txt");
  await scene.folder.write("inner/taken.txt", "theirs");
  await scene.folder.write("inner/mine.txt", "mine");
  const page = await scene.begin();
  await page.waitForNames("inner", "mine.txt");

  const { url } = scene.engine;
  const taken = await LarderLs.run(url, "inner", "--rename", "mine.txt", "taken.txt");
  expect(taken).toEqual({ code: 1, output: [], errors: [expect.stringMatching(/^larder-ls: target_exists: .*taken\.txt/)] });
  expect(await scene.folder.read("inner/taken.txt")).toBe("theirs");

  expect(await LarderLs.run(url, "nowhere")).toEqual({ code: 1, output: [], errors: ["larder-ls: there is no folder `nowhere`"] });
  expect(await LarderLs.run(url, "mine.txt")).toEqual({ code: 1, output: [], errors: ["larder-ls: `mine.txt` is a file and not a folder"] });
  expect(await LarderLs.run(new URL("?token=wrong", url))).toMatchObject({ code: 1, errors: [expect.stringContaining("403")] });
  expect(await LarderLs.run(url, "--wach")).toMatchObject({ code: 2, errors: expect.arrayContaining(["larder-ls: there is no option `--wach`"]) });
});

swiftTest("a Swift client outlives its engine and catches up", async ({ scene }) => {
  await scene.folder.write("before.txt");
  const page = await scene.begin();
  await page.waitForNames("before.txt");
  page.complaints.allowAbsentEngine();
  const watch = new LarderLs(scene.engine.url, "--watch");
  await watch.waitForLine("1 B  before.txt");

  await scene.engine.kill();
  await eventually("word of the loss", () => watch.errors.length > 0);
  await scene.folder.write("after.txt");
  await scene.startEngine();
  await watch.waitForLine("added         1 B  after.txt");
  expect(watch.errors).toEqual(["larder-ls: the connection is lost; trying again", "larder-ls: connected again, and up to date"]);
  expect((await watch.interrupt()).code).toBe(0);
});
