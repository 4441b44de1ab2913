import { expect, onTestFinished } from "vitest";

import { GuideApp } from "../guide/guide_app";
import { test } from "../scene/scene_test";
import { eventually } from "../wait/eventually";

/** The cache of the page, as the tests use it. */
interface Cache {
  mutate(mutation: object): { settled: Promise<void> };
  liveQuery(query: object): { getSnapshot(): { data: { id: string; name: string }[] } };
  readonly status: { phase: string; storage: string; pending: number };
}
declare const cache: Cache;
declare const kinds: string[];

const FILES = 400;
/** So many bytes are enough to begin with, and too few for so many files. A database takes more before anything is in it. */
const ROOM = { opfsStorage: 40_000, indexedDbStorage: 120_000 };

for (const [kind, room] of Object.entries(ROOM)) {
  test(`a page that the browser gives no more room (${kind}) goes on in memory, says so, and its edits reach the disk`, async ({ scene }) => {
    await scene.folder.write("a.txt", "x");
    const app = await GuideApp.serve();
    onTestFinished(() => app.dispose());
    const engine = await scene.startEngine(scene.token, [app.origin]);
    const storage = `storage: (await import("@larder/client/storage")).${kind}("guide")`;
    const noted = "(cache.onError(({ kind }) => (globalThis.kinds ??= []).push(kind)), (globalThis.cache = cache))";
    await app.write(engine.url, `{ registry, ${storage} }).then((cache) => ${noted}`);

    const page = await scene.openTab(`${app.origin}/@vite/client`);
    const devtools = await page.context().newCDPSession(page);
    await devtools.send("Storage.overrideQuotaForOrigin", { origin: app.origin, quotaSize: room });
    await page.goto(app.origin);
    await page.getByRole("heading", { name: "1 files, live" }).waitFor();
    await eventually("the storage to be open", () => page.evaluate(() => cache.status.storage === "ready"));

    // All at once, because a database looks at how much room there is for one batch, and not how much there was before.
    await scene.engine.kill();
    for (let number = 0; number < FILES; number++) await scene.folder.write(`${"a rather long name ".repeat(10)}${number}.txt`);
    await scene.startEngine(scene.token, [app.origin]);
    await page.getByRole("heading", { name: `${FILES + 1} files, live` }).waitFor();
    await eventually("the storage to be full", () => page.evaluate(() => cache.status.storage === "failed"));
    expect(await page.evaluate(() => [...new Set(kinds)])).toEqual(["storage.quota_exceeded"]);

    await page.evaluate(async () => {
      const live = cache.liveQuery({ from: "file", where: { name: "a.txt" } });
      const [file] = live.getSnapshot().data;
      if (file === undefined) throw new Error("a.txt is not here");
      const optimistic = [{ type: "merge", data: { resource_type: "file", id: file.id, fields: { name: "b.txt" } } }];
      await cache.mutate({ name: "files.rename", args: { id: file.id, name: "b.txt" }, optimistic }).settled;
    });
    expect(await scene.folder.names()).toContain("b.txt");
    await scene.folder.write("one more.txt");
    await page.getByRole("heading", { name: `${FILES + 2} files, live` }).waitFor();

    // With room again, the next run is like any other.
    await devtools.send("Storage.overrideQuotaForOrigin", { origin: app.origin });
    await page.goto(app.origin);
    await page.getByRole("heading", { name: `${FILES + 2} files, live` }).waitFor();
    await eventually("the storage to be used", () => page.evaluate(() => cache.status.storage === "ready"));
    scene.allowAbsentEngine();
  });
}
