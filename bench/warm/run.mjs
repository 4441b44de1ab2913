// A warm start in Chromium: from opening the page's cache to the first window, and until all rows are there, against plain JavaScript that
// reads the same rows as one JSON text from IndexedDB and parses it.
//   node bench/warm/run.mjs        CHROME=<path> names the browser
import { pathToFileURL } from "node:url";
import { openBrowser } from "../chromium.mjs";
import { format } from "../bars.mjs";
import { send } from "../load/rows.mjs";
import { tasks, traced } from "../load/trace.mjs";
import { median } from "../measure.mjs";

const WAYS = { floor: "plain JavaScript, IndexedDB", opfs: "Larder, OPFS", indexeddb: "Larder, IndexedDB" };
const BAR = 0.3;

/** A row for each way: its title, three figures in milliseconds with their ratios to plain JavaScript, and whether the bar is met. */
export async function warmStarts({ rows = 100_000, rounds = 5 } = {}) {
  const browser = await openBrowser(import.meta.dirname, (url, response) => url === "/rows" && (send(response, rows), true));
  const figures = Object.fromEntries(Object.keys(WAYS).map((how) => [how, []]));
  try {
    for (const how of Object.keys(WAYS)) await browser.page((page) => page.evaluate((how) => globalThis.save({ how, address: "/rows" }), how));
    let expected;
    for (let round = 0; round < rounds; round++) {
      for (const how of Object.keys(WAYS)) {
        const { result, events } = await browser.page((page) => traced(page, () => page.evaluate((how) => globalThis.start({ how }), how)));
        expected ??= result.shown;
        if (result.rows !== rows || result.shown !== expected) throw new Error(`${WAYS[how]}: not the rows that were saved (${result.rows})`);
        if (how !== "floor" && !result.wasRestoring) throw new Error(`${WAYS[how]}: the first window was not there before the rest`);
        const cpu_ms = Object.values(tasks(events).threads).reduce((sum, thread) => sum + thread.cpu_ms, 0);
        figures[how].push({ ...result, cpu_ms });
      }
    }
  } finally {
    await browser.close();
  }
  const of = (how, figure) => median(figures[how].map((run) => run[figure]));
  const cell = (how, figure, of_floor = figure) => `${format(of(how, figure))} (${format(of(how, figure) / of("floor", of_floor))}×)`;
  return Object.entries(WAYS).map(([how, title]) => {
    const met = of(how, "first_ms") <= BAR * of("floor", "first_ms") ? "yes" : "**no**";
    return [title, cell(how, "first_ms"), cell(how, "cpu_ms"), cell(how, "whole_ms"), how === "floor" ? "" : `≤ ${BAR}×`, how === "floor" ? "" : met];
  });
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  for (const row of await warmStarts()) console.log(row.map((text) => text.padEnd(28)).join("  "));
}
