// A browser and a server for pages that measure: bundled with Vite, served beside rows.
import { createServer } from "node:http";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium } from "playwright-core";
import { build } from "vite";

const TYPES = { html: "text/html", js: "text/javascript", wasm: "application/wasm", json: "application/json", txt: "text/plain" };
const ARGS = ["--headless", "--no-sandbox", "--disable-gpu", "--js-flags=--expose-gc", "--enable-precise-memory-info"];

/**
 * Bundles the page `page.html` of a folder and opens a browser whose profile lasts as long as this. `answer(url, response)` may answer a
 * request that no file is for; `settings` are more of Vite's.
 */
export async function openBrowser(folder, answer = () => false, settings = {}) {
  const scratch = mkdtempSync(join(tmpdir(), "larder-page-"));
  const out = join(scratch, "dist");
  await build({ root: folder, configFile: false, logLevel: "error", worker: { format: "es" }, ...settings, build: { outDir: out, target: "es2022", rollupOptions: { input: join(folder, "page.html") } } });
  const entries = readdirSync(out, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const files = new Map(entries.map((entry) => join(entry.parentPath, entry.name)).map((path) => [path.slice(out.length), readFileSync(path)]));
  const server = createServer((request, response) => {
    const file = files.get(request.url);
    response.setHeader("content-type", TYPES[request.url.split(".").at(-1)] ?? "text/plain");
    // What finer clocks need.
    response.setHeader("cross-origin-opener-policy", "same-origin");
    response.setHeader("cross-origin-embedder-policy", "require-corp");
    if (file !== undefined) response.end(file);
    else if (!answer(request.url, response)) response.writeHead(404).end();
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const options = { executablePath: process.env.CHROME ?? "/usr/bin/chromium", headless: true, args: ARGS };
  const context = await chromium.launchPersistentContext(join(scratch, "profile"), options);
  return {
    version: context.browser()?.version() ?? "",
    /** A fresh page, until `work` is done with it. */
    async page(work) {
      const page = await context.newPage();
      try {
        await page.goto(`http://127.0.0.1:${server.address().port}/page.html`);
        await page.waitForFunction(() => globalThis.ready);
        return await work(page);
      } finally {
        await page.close();
      }
    },
    async close() {
      await context.close();
      server.close();
      rmSync(scratch, { recursive: true, force: true });
    },
  };
}
