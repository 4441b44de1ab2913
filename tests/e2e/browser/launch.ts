import { chromium } from "playwright-core";
import type { TestProject } from "vitest/node";

import { findChrome } from "./find_chrome";

declare module "vitest" {
  export interface ProvidedContext {
    /** Where the tests reach the one browser of a run. */
    browser: string;
  }
}

export const ARGS = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** Starts the browser that all tests of a run share; each test has its own profile in it. */
export default async function launch(project: TestProject): Promise<() => Promise<void>> {
  const server = await chromium.launchServer({
    executablePath: findChrome(process.env),
    headless: true,
    args: ARGS,
    // On the loopback address only, under a name that cannot be guessed.
    host: "127.0.0.1",
  });
  project.provide("browser", server.wsEndpoint());
  return () => server.close();
}
