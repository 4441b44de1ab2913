// What the browser does in a measurement; `run.mjs` calls it.
import { createCache } from "@larder/client";

const query = { from: "file", where: { kind: "image" }, orderBy: [{ name: "asc" }], limit: 100 };

/**
 * Loads the rows at `address` as `how` says and returns what a window over them shows. Only what is between the two marks
 * is measured.
 */
globalThis.measure = async ({ worker, how, address }) => {
  const cache = await createCache({ registry: { types: [{ name: "file", version: "version" }] }, worker, limits: { maxEventBytes: 2 ** 30 } });
  const live = cache.liveQuery(query);
  let told = 0;
  live.subscribe(() => told++);
  let steps = 0;
  const options = { onProgress: () => steps++ };
  if (how === "stream") {
    performance.mark("begin");
    await cache.load("file", await fetch(address), options);
  } else {
    const bytes = new Uint8Array(await (await fetch(address)).arrayBuffer());
    // The garbage of fetching is no part of it.
    await new Promise((resolve) => setTimeout(resolve, 300));
    performance.mark("begin");
    if (how === "load") await cache.load("file", bytes, options);
    else await cache.apply(joined('{"ResourceChangedBatch":{"resource_type":"file","resources":', bytes, "}}"));
  }
  performance.mark("end");
  const { entities } = await cache.stats();
  const { total, data } = live.getSnapshot();
  return { entities, total, shown: data.length, told, steps };
};

function joined(head, bytes, tail) {
  const [before, behind] = [head, tail].map((text) => new TextEncoder().encode(text));
  const all = new Uint8Array(before.length + bytes.length + behind.length);
  all.set(before);
  all.set(bytes, before.length);
  all.set(behind, before.length + bytes.length);
  return all;
}
globalThis.ready = true;
