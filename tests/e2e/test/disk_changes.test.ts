import { test } from "../scene/scene_test";

test("what happens on disk shows without a reload: created, renamed, deleted", async ({ scene }) => {
  await scene.folder.write("one.txt");
  const page = await scene.begin();
  await page.waitForNames("one.txt");

  await scene.folder.write("two.txt");
  await page.waitForNames("one.txt", "two.txt");
  await scene.folder.rename("two.txt", "zero.txt");
  await page.waitForNames("one.txt", "zero.txt");
  await scene.folder.remove("one.txt");
  await page.waitForNames("zero.txt");
  await scene.folder.write("a/b/deep.txt");
  await page.waitForNames("a", "zero.txt");
});

test("a file that grows shows its new size", async ({ scene }) => {
  await scene.folder.write("log.txt", "x");
  const page = await scene.begin();
  await page.row("log.txt").getByText("1 B", { exact: true }).waitFor();

  await scene.folder.write("log.txt", "x".repeat(4200));
  await page.row("log.txt").getByText("4.2 kB").waitFor();
});

test("the open folder vanishes from disk: the page says so and offers a way out", async ({ scene }) => {
  await scene.folder.write("keep.txt");
  await scene.folder.write("Old/file.txt");
  const page = await scene.begin();
  await page.row("Old").dblclick();
  await page.waitForNames("file.txt");

  await scene.folder.remove("Old");
  await page.tab.getByText("This folder is not there any more").waitFor();
  await page.tab.getByRole("button", { name: "Go to the first folder" }).click();
  await page.waitForNames("keep.txt");
});

test("the selection stays with its file when the list changes around it", async ({ scene }) => {
  await scene.folder.write("m.txt");
  await scene.folder.write("n.txt");
  const page = await scene.begin();
  await page.row("m.txt").click();

  await scene.folder.write("a.txt");
  await page.waitForNames("a.txt", "m.txt", "n.txt");
  await page.waitForActive("m.txt");
  await page.press("ArrowDown");
  await page.waitForActive("n.txt");
});
