import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

import { type Browser, type BrowserContext, chromium, type Page } from "playwright-core";
import { inject } from "vitest";

import { RunningEngine } from "../engine/running_engine";
import { TempFolder } from "../folder/temp_folder";
import { Complaints } from "../page/complaints";
import { ExplorerPage } from "../page/explorer_page";

/** One test's own folder, engine and browser profile. */
export class Scene {
  readonly folder: TempFolder;
  readonly token = randomBytes(16).toString("hex");
  readonly #state: TempFolder;
  readonly #browser: Browser;
  readonly #context: BrowserContext;
  readonly #complaints: Complaints[] = [];
  #engine: RunningEngine | undefined;

  private constructor(folder: TempFolder, state: TempFolder, browser: Browser, context: BrowserContext) {
    this.folder = folder;
    this.#state = state;
    this.#browser = browser;
    this.#context = context;
  }

  static async set(): Promise<Scene> {
    const [folder, state, browser] = await Promise.all([TempFolder.create(), TempFolder.create(), chromium.connect(inject("browser"))]);
    const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, locale: "en-GB" });
    context.setDefaultTimeout(15_000);
    return new Scene(folder, state, browser, context);
  }

  get engine(): RunningEngine {
    if (!this.#engine) throw new Error("the scene's engine was not started");
    return this.#engine;
  }

  /** Starts the engine; again at the same address and over the same database, if it ran before. */
  async startEngine(token = this.token, allowOrigins: readonly string[] = []): Promise<RunningEngine> {
    const port = this.#engine?.port ?? 0;
    this.#engine = await RunningEngine.start({
      folder: this.folder.path,
      database: this.#state.at("larder.db"),
      token,
      port,
      allowOrigins,
    });
    return this.#engine;
  }

  /** Opens the explorer in another tab. */
  async openPage(url = this.engine.url): Promise<ExplorerPage> {
    const page = await ExplorerPage.open(await this.#context.newPage(), url);
    this.#complaints.push(page.complaints);
    return page;
  }

  /** Starts the engine and opens the explorer, live. */
  async begin(): Promise<ExplorerPage> {
    await this.startEngine();
    const page = await this.openPage();
    await page.waitForConnection("live");
    return page;
  }

  /** Opens a page that is not the explorer. */
  async openTab(url: string): Promise<Page> {
    const tab = await this.#context.newPage();
    this.#complaints.push(await Complaints.of(tab));
    await tab.goto(url);
    return tab;
  }

  /** Runs `visit` in a page of a server that is not the engine. */
  async fromAnotherOrigin<A, R>(visit: (argument: A) => R | Promise<R>, argument: A): Promise<R> {
    const other = createServer((_, response) => response.end("<!doctype html><title>Elsewhere</title>"));
    other.listen(0, "127.0.0.1");
    await once(other, "listening");
    try {
      const tab = await this.#context.newPage();
      await tab.goto(`http://127.0.0.1:${(other.address() as AddressInfo).port}/`);
      return (await tab.evaluate(visit as never, argument as never)) as R;
    } finally {
      other.closeAllConnections();
      other.close();
    }
  }

  /** The browser may say that it could not reach the engine. */
  allowAbsentEngine(): void {
    for (const complaints of this.#complaints) complaints.allowAbsentEngine();
  }

  /** What the pages had to complain about. */
  get complaints(): readonly string[] {
    return this.#complaints.flatMap((complaints) => complaints.all);
  }

  async strike(): Promise<void> {
    await this.#context.close();
    await this.#browser.close();
    await this.#engine?.kill();
    await Promise.all([this.folder.dispose(), this.#state.dispose()]);
  }
}
