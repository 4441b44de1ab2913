import { fileURLToPath } from "node:url";

import { type BrowserContext, chromium, type Page } from "playwright-core";
import { createServer, type ViteDevServer } from "vite";

import { findChrome } from "../browser/find_chrome";
import { ARGS } from "../browser/launch";
import { TempFolder } from "../folder/temp_folder";

/** A browser with a profile on the disk, and a site whose pages store something. */
export class StorageSite {
  readonly origin: string;
  readonly browser: BrowserContext;
  readonly #profile: TempFolder;
  readonly #server: ViteDevServer;

  private constructor(origin: string, browser: BrowserContext, profile: TempFolder, server: ViteDevServer) {
    this.origin = origin;
    this.browser = browser;
    this.#profile = profile;
    this.#server = server;
  }

  static async open(): Promise<StorageSite> {
    const profile = await TempFolder.create();
    const server = await createServer({
      root: fileURLToPath(new URL("page", import.meta.url)),
      configFile: false,
      cacheDir: profile.at("vite"),
      logLevel: "error",
      server: { host: "127.0.0.1", port: 0, fs: { strict: false } },
    });
    await server.listen();
    const address = server.resolvedUrls?.local[0];
    if (address === undefined) throw new Error("Vite listens nowhere");
    // A context that is not persistent is a private window, which stores nothing on the disk.
    const browser = await chromium.launchPersistentContext(profile.at("chrome"), {
      executablePath: findChrome(process.env),
      headless: true,
      args: ARGS,
    });
    return new StorageSite(new URL(address).origin, browser, profile, server);
  }

  async newPage(): Promise<Page> {
    const page = await this.browser.newPage();
    await page.goto(this.origin);
    await page.waitForFunction(() => "storagePage" in globalThis);
    return page;
  }

  /** From now on the site may store so many bytes more than it does. */
  async limit(page: Page, bytes: number): Promise<void> {
    const devtools = await this.browser.newCDPSession(page);
    const used = await page.evaluate(async () => (await navigator.storage.estimate()).usage ?? 0);
    await devtools.send("Storage.overrideQuotaForOrigin", { origin: this.origin, quotaSize: used + bytes });
  }

  async close(): Promise<void> {
    await this.browser.close();
    await this.#server.close();
    await this.#profile.dispose();
  }
}
