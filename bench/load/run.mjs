// How loading many rows weighs on a page, in Chromium: with the core in the page and in a worker, whole and in slices.
//   node bench/load/run.mjs [rows]        CHROME=<path> names the browser
import { createServer } from "node:http";
import { readFileSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium } from "playwright-core";
import { build } from "vite";
import { send } from "./rows.mjs";
import { tasks, traced } from "./trace.mjs";

const rows = Number(process.argv[2] ?? 100_000);
const out = join(tmpdir(), `larder-load-${process.pid}`);
await build({ root: import.meta.dirname, configFile: false, logLevel: "error", build: { outDir: out, target: "es2022", rollupOptions: { input: join(import.meta.dirname, "page.html") } } });
const files = new Map(readdirSync(out, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name)).map((path) => [path.slice(out.length), readFileSync(path)]));
const TYPES = { html: "text/html", js: "text/javascript", wasm: "application/wasm" };
const server = createServer((request, response) => {
  if (request.url === "/rows") return void send(response, rows);
  const file = files.get(request.url);
  if (file !== undefined) response.setHeader("content-type", TYPES[request.url.split(".").at(-1)] ?? "text/plain");
  response.writeHead(file === undefined ? 404 : 200).end(file);
});
await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
const origin = `http://127.0.0.1:${server.address().port}`;
const browser = await chromium.launch({ executablePath: process.env.CHROME ?? "/usr/bin/chromium", headless: true, args: ["--headless", "--no-sandbox", "--disable-gpu"] });

const ways = rows > 200_000 ? ["stream"] : ["apply", "load"];
for (const how of ways) {
  for (const worker of [false, true]) {
    const page = await browser.newPage();
    await page.goto(`${origin}/page.html`);
    await page.waitForFunction(() => globalThis.ready);
    const { result, events } = await traced(page, () => page.evaluate((how) => globalThis.measure(how), { worker, how, address: "/rows" }));
    if (result.entities !== rows || result.shown !== 100) throw new Error(`loaded ${JSON.stringify(result)} instead of ${rows} rows`);
    const { wall_ms, threads } = tasks(events);
    console.log(JSON.stringify({ rows, how, core: worker ? "worker" : "page", wall_ms: Math.round(wall_ms), slices: result.steps, told: result.told, ...rounded(threads) }));
    await page.close();
  }
}
await browser.close();
server.close();
rmSync(out, { recursive: true });

function rounded(threads) {
  return JSON.parse(JSON.stringify(threads, (_, value) => (typeof value === "number" ? Math.round(value * 10) / 10 : value)));
}
