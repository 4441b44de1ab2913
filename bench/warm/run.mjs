// A warm start in Chromium: from opening the page's cache to the first window, and until all rows are there, against plain JavaScript that
// reads the same rows as one JSON text from IndexedDB and parses it.
//   node bench/warm/run.mjs [--rows 100000] [--rounds 5]        CHROME=<path> names the browser
import { openBrowser } from "../chromium.mjs";
import { format } from "../bars.mjs";
import { send } from "../load/rows.mjs";
import { tasks, traced } from "../load/trace.mjs";
import { median } from "../measure.mjs";

const option = (name, otherwise) => (process.argv.includes(name) ? Number(process.argv[process.argv.indexOf(name) + 1]) : otherwise);
const rows = option("--rows", 100_000);
const rounds = option("--rounds", 5);
const WAYS = { floor: "plain JavaScript, IndexedDB", opfs: "Larder, OPFS", indexeddb: "Larder, IndexedDB" };
const BAR = 0.3;

const browser = await openBrowser(import.meta.dirname, (url, response) => url === "/rows" && (send(response, rows), true));
const figures = Object.fromEntries(Object.keys(WAYS).map((how) => [how, []]));
for (const how of Object.keys(WAYS)) await browser.page((page) => page.evaluate((how) => globalThis.save({ how, address: "/rows" }), how));
let expected;
for (let round = 0; round < rounds; round++) {
  for (const how of Object.keys(WAYS)) {
    const { result, events } = await browser.page((page) => traced(page, () => page.evaluate((how) => globalThis.start({ how }), how)));
    expected ??= result.shown;
    if (result.rows !== rows || result.shown !== expected) throw new Error(`${WAYS[how]}: not the rows that were saved (${result.rows})`);
    if (how !== "floor" && !result.wasRestoring) console.error(`${WAYS[how]}: the first window was not there before the rest`);
    const { threads } = tasks(events);
    const cpu_ms = Object.values(threads).reduce((sum, thread) => sum + thread.cpu_ms, 0);
    figures[how].push({ ...result, cpu_ms });
  }
}
await browser.close();

const of = (how, figure) => median(figures[how].map((run) => run[figure]));
const floor = { first_ms: of("floor", "first_ms"), cpu_ms: of("floor", "cpu_ms") };
console.log(`\nWarm start in Chromium ${browser.version}, ${rows} rows: medians of ${rounds}, ms (against plain JavaScript)`);
for (const [how, title] of Object.entries(WAYS)) {
  const [first, cpu, whole] = [of(how, "first_ms"), of(how, "cpu_ms"), of(how, "whole_ms")];
  const bar = how === "floor" ? "" : `  first window ≤ ${BAR}×: ${first <= BAR * floor.first_ms ? "met" : "not met"}`;
  console.log(`  ${title.padEnd(28)} first window ${format(first).padStart(6)} (${format(first / floor.first_ms)}×), CPU until then ${format(cpu).padStart(6)} (${format(cpu / floor.cpu_ms)}×), all rows ${format(whole).padStart(6)} (${format(whole / floor.first_ms)}×)${bar}`);
}
