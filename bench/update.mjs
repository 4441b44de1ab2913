// One event into a mounted window of 100 of many files, until the subscriber has the new list:
//   node update.mjs larder|plain COUNT
// Plain JavaScript keeps a Map and one array sorted by hand, and hands out a new window when it changed.
import { createCache } from "@larder/client";
import { batchEvent, changeEvent, files, random } from "./data.mjs";
import { cpu, median } from "./measure.mjs";

const [contender, countText = "100000"] = process.argv.slice(2);
const rows = files(Number(countText));
const WINDOW = 100;
const EVENTS = 4000;
const byName = (a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : a.id < b.id ? -1 : a.id > b.id ? 1 : 0);

/** Events as a backend would send them: changes of shown rows, moves into and out of the window, and changes elsewhere. */
function events() {
  const next = random(7);
  const current = new Map(rows.map((row) => [row.id, row]));
  const shown = [...rows].sort(byName).slice(0, WINDOW);
  return Array.from({ length: EVENTS }, (_, index) => {
    const source = index % 4 === 3 ? rows[Math.floor(next() * rows.length)] : shown[Math.floor(next() * shown.length)];
    const old = current.get(source.id);
    const row = { ...old, version: old.version + 1, size: Math.floor(next() * 1e9) };
    if (index % 4 === 2) row.name = `${next() < 0.5 ? "backup" : "zebra"} ${Math.floor(next() * 10000)}.jpg`;
    current.set(row.id, row);
    return changeEvent(row);
  });
}

const makers = {
  async larder() {
    const cache = await createCache({ registry: { types: [{ name: "file", version: "version" }] } });
    cache.apply(batchEvent(rows));
    const query = cache.liveQuery({ from: "file", orderBy: [{ name: "asc" }], limit: WINDOW });
    let list = query.getSnapshot().data;
    query.subscribe(() => (list = query.getSnapshot().data));
    return { apply: (text) => cache.apply(text), list: () => list };
  },
  async plain() {
    const byId = new Map();
    for (const row of JSON.parse(batchEvent(rows)).kind.data.resources) byId.set(row.id, row);
    const sorted = [...byId.values()].sort(byName);
    let list = sorted.slice(0, WINDOW);
    const place = (row) => {
      let low = 0;
      let high = sorted.length;
      while (low < high) {
        const middle = (low + high) >> 1;
        if (byName(sorted[middle], row) < 0) low = middle + 1;
        else high = middle;
      }
      return low;
    };
    const apply = (text) => {
      const row = JSON.parse(text).kind.data.resource;
      const old = byId.get(row.id);
      byId.set(row.id, row);
      const from = place(old);
      if (old.name === row.name) {
        sorted[from] = row;
        if (from < WINDOW) list = sorted.slice(0, WINDOW);
        return;
      }
      sorted.splice(from, 1);
      const to = place(row);
      sorted.splice(to, 0, row);
      if (from < WINDOW || to < WINDOW) list = sorted.slice(0, WINDOW);
    };
    return { apply, list: () => list };
  },
};

const store = await makers[contender]();
const texts = events();
for (const text of texts.slice(0, EVENTS / 4)) store.apply(text);
const perEvent = [];
const SLICE = 250;
for (let from = EVENTS / 4; from < EVENTS; from += SLICE) {
  perEvent.push(cpu(() => texts.slice(from, from + SLICE).forEach((text) => store.apply(text))) / SLICE);
}
const names = store.list().map((row) => `${row.name} ${row.version}`);
console.log(JSON.stringify({ cpu_us: median(perEvent) * 1000, check: names.join("|") }));
