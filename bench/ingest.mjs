// One batch event of many files, from JSON text to a usable store. Each contender runs in a process of its own:
//   node --expose-gc ingest.mjs larder|plain COUNT
import { createCache } from "@larder/client";
import { batchEvent, files } from "./data.mjs";
import { cpu, median, wall } from "./measure.mjs";

const [contender, countText = "100000"] = process.argv.slice(2);
const text = batchEvent(files(Number(countText)));
const settle = () => {
  globalThis.gc?.();
  globalThis.gc?.();
};

const makers = {
  async larder() {
    const cache = await createCache({ registry: { types: [{ name: "file", version: "version" }] } });
    return () => {
      cache.apply(text);
      return cache;
    };
  },
  async plain() {
    return () => {
      const byId = new Map();
      for (const row of JSON.parse(text).kind.data.resources) byId.set(row.id, row);
      return byId;
    };
  },
};

const runs = [];
for (let round = 0; round < 7; round++) {
  const run = await makers[contender]();
  settle();
  let kept;
  let wall_ms = 0;
  const cpu_ms = cpu(() => (wall_ms = wall(() => (kept = run()))));
  runs.push({ cpu_ms, wall_ms });
  kept?.dispose?.();
}
console.log(
  JSON.stringify({
    bytes: text.length,
    cpu_ms: median(runs.map((run) => run.cpu_ms)),
    wall_ms: median(runs.map((run) => run.wall_ms)),
    first_cpu_ms: runs[0].cpu_ms,
  }),
);
