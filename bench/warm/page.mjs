// What the browser does in a measurement; `run.mjs` calls it. One page saves, later ones start with what is there.
import { createCache } from "@larder/client";
import { indexedDbStorage, opfsStorage } from "@larder/client/storage";
import { loadFloor, saveFloor } from "./floor.mjs";

const STORAGES = { opfs: () => opfsStorage("warm"), indexeddb: () => indexedDbStorage("warm") };
const registry = { types: [{ name: "file", version: "version" }] };
const query = { from: "file", where: { kind: "image" }, orderBy: [{ name: "asc" }], limit: 100 };
const open = (how) => createCache({ registry, storage: STORAGES[how]() });

/** What a page leaves behind that has loaded the rows at `address` and shows a window over them. */
globalThis.save = async ({ how, address }) => {
  const response = await fetch(address);
  if (how === "floor") return saveFloor(await response.text());
  const cache = await open(how);
  await cache.load("file", response);
  const live = cache.liveQuery(query);
  live.subscribe(() => {});
  await cache.flush();
  if (cache.status.storage !== "ready") throw new Error(`the storage is ${cache.status.storage}`);
  await cache.dispose();
};

const ids = (rows) => rows.map((row) => row.id).join();

/** From nothing to the first window; then until all rows are there. Only what is between the two marks is traced. */
globalThis.start = async ({ how }) => {
  performance.mark("begin");
  const began = performance.now();
  if (how === "floor") {
    const { files, first } = await loadFloor((row) => row.kind === "image", "name", 100);
    performance.mark("end");
    const first_ms = performance.now() - began;
    return { first_ms, whole_ms: first_ms, rows: files.size, shown: ids(first), wasRestoring: false };
  }
  const cache = await open(how);
  const live = cache.liveQuery(query);
  await new Promise((resolve) => {
    const look = () => live.getSnapshot().data.length === 100 && resolve();
    live.subscribe(look);
    look();
  });
  performance.mark("end");
  const first_ms = performance.now() - began;
  const wasRestoring = cache.status.storage === "restoring";
  const shown = ids(live.getSnapshot().data);
  await new Promise((resolve) => {
    const look = () => cache.status.storage !== "restoring" && resolve();
    cache.onStatus(look);
    look();
  });
  const whole_ms = performance.now() - began;
  if (ids(live.getSnapshot().data) !== shown) throw new Error("the window is another with all rows there");
  const rows = cache.stats().entities;
  await cache.dispose();
  return { first_ms, whole_ms, rows, shown, wasRestoring };
};
globalThis.ready = true;
