import type { Locator, Page } from "playwright-core";

import { eventually } from "../wait/eventually";
import { Complaints } from "./complaints";

/** A change on disk or in another tab shows within a second; the rest is for a busy machine. */
const SOON_MS = 5000;

/** What the connection badge says. */
export type Connection = "starting" | "live" | "syncing" | "offline";

/** The explorer in one tab, in the words of its reader. */
export class ExplorerPage {
  readonly tab: Page;
  readonly complaints: Complaints;

  private constructor(tab: Page, complaints: Complaints) {
    this.tab = tab;
    this.complaints = complaints;
  }

  static async open(tab: Page, url: URL): Promise<ExplorerPage> {
    const page = new ExplorerPage(tab, await Complaints.of(tab));
    await tab.goto(url.href);
    return page;
  }

  get grid(): Locator {
    return this.tab.getByRole("grid");
  }

  /** The rows that exist: those in view and a few around. */
  get rows(): Locator {
    return this.grid.locator("[role=row][aria-selected]");
  }

  row(name: string): Locator {
    return this.rows.filter({ has: this.tab.getByTitle(name, { exact: true }) });
  }

  /** The names of the rows that exist, from top to bottom. */
  names(): Promise<string[]> {
    return this.rows.evaluateAll((rows) =>
      rows
        .map((row) => ({ at: Number(row.getAttribute("aria-rowindex")), name: row.querySelector(".file-name")?.textContent ?? "" }))
        .sort((a, b) => a.at - b.at)
        .map((row) => row.name),
    );
  }

  /** Waits until exactly these rows are drawn, in this order. */
  async waitForNames(...expected: string[]): Promise<void> {
    const wanted = JSON.stringify(expected);
    let seen = "";
    const found = eventually(`the rows ${wanted}`, async () => (seen = JSON.stringify(await this.names())) === wanted, SOON_MS);
    await found.catch((error: Error) => {
      throw new Error(`${error.message}; the last ones were ${seen}`);
    });
  }

  /** Waits until the list has this many files, drawn or not. */
  async waitForTotal(total: number, within_ms?: number): Promise<void> {
    // The head of the list counts as a row.
    const rows = String(total + 1);
    await eventually(`${total} files`, async () => (await this.grid.getAttribute("aria-rowcount")) === rows, within_ms);
  }

  /** The name of the row that the keyboard is on. */
  async activeName(): Promise<string | null> {
    const active = this.grid.locator("[role=row][aria-selected=true]");
    return (await active.count()) === 0 ? null : active.locator(".file-name").textContent();
  }

  async waitForActive(name: string): Promise<void> {
    await eventually(`“${name}” to be the active row`, async () => (await this.activeName()) === name);
  }

  async press(...keys: string[]): Promise<void> {
    for (const key of keys) await this.tab.keyboard.press(key);
  }

  /** Edits the name of a row and keeps the edit. */
  async rename(from: string, to: string): Promise<void> {
    await this.row(from).click();
    await this.press("F2", "ControlOrMeta+a");
    await this.tab.keyboard.type(to);
    await this.press("Enter");
  }

  async waitForConnection(state: Connection, pending = 0): Promise<void> {
    await this.tab.locator(`.connection[data-state=${state}][data-pending="${pending}"]`).waitFor();
  }

  /** The messages about what did not work. */
  alerts(): Promise<string[]> {
    return this.tab.getByRole("alert").allInnerTexts();
  }
}
