// The contenders of the suite as fresh pages of Chromium.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { openBrowser } from "../chromium.mjs";
import { nodeInAPage } from "./node_in_a_page.mjs";

/** Opens the browser; `work` is then what `../suite.mjs` does with a process in Node. */
export async function openPages(limit_ms, budget_ms) {
  let folder;
  const answer = (url, response) => {
    if (!url.startsWith("/case/")) return false;
    try {
      return response.end(readFileSync(join(folder, url.slice(6)))) !== undefined;
    } catch {
      return false;
    }
  };
  const define = { "process.env.NODE_ENV": '"production"' };
  const browser = await openBrowser(import.meta.dirname, answer, { plugins: [nodeInAPage], define, mode: "production" });
  return {
    version: browser.version,
    async work(contender, workload, from) {
      folder = from;
      const late = new Promise((resolve) => setTimeout(resolve, limit_ms, { failed: `took longer than ${limit_ms / 1000} s` }).unref());
      return browser.page((page) =>
        Promise.race([page.evaluate(([peer, name, ms]) => globalThis.measure(peer, name, ms), [contender, workload, budget_ms]), late]),
      ).catch((error) => ({ failed: String(error) }));
    },
    close: () => browser.close(),
  };
}
