import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";

const NAMES = ["google-chrome", "google-chrome-stable", "chromium", "chromium-browser"];

/** The browser of `CHROME`, or the first one on the path. */
export function findChrome(env: NodeJS.ProcessEnv): string {
  const given = env["CHROME"];
  if (given) return given;
  for (const folder of (env["PATH"] ?? "").split(delimiter)) {
    for (const name of NAMES) {
      const path = join(folder, name);
      if (isExecutable(path)) return path;
    }
  }
  throw new Error(`There is no browser. Install Chromium or Chrome, or name one: CHROME=/path/to/chrome.`);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
