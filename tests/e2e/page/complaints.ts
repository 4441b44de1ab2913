import type { Page } from "playwright-core";

/** What a browser logs by itself when a server is not there; a page cannot keep it from doing so. */
const ABSENT_ENGINE = /net::ERR_|WebSocket connection to .* failed/;

/** What it logs when a server says no. */
const REFUSAL = /status of 403|WebSocket connection to .* failed/;

/** Everything that a page should not have said: errors, warnings, exceptions, breaches of the content security policy. */
export class Complaints {
  readonly #found: string[] = [];
  readonly #allowed: RegExp[] = [];

  /** Listens from now on; the page must not have been opened yet. */
  static async of(page: Page): Promise<Complaints> {
    const complaints = new Complaints();
    page.on("pageerror", (error) => complaints.#found.push(`exception: ${error.stack ?? error.message}`));
    page.on("crash", () => complaints.#found.push("the page crashed"));
    page.on("console", (message) => {
      if (message.type() !== "error" && message.type() !== "warning") return;
      complaints.#found.push(`${message.type()}: ${message.text()}`);
    });
    await page.exposeFunction("reportViolation", (text: string) => complaints.#found.push(`policy: ${text}`));
    await page.addInitScript(() => {
      const report = (window as unknown as { reportViolation: (text: string) => void }).reportViolation;
      document.addEventListener("securitypolicyviolation", (event) => {
        report(`${event.violatedDirective} refused ${event.blockedURI}`);
      });
    });
    return complaints;
  }

  /** The browser may say that it cannot reach the engine. */
  allowAbsentEngine(): void {
    this.#allowed.push(ABSENT_ENGINE);
  }

  /** The browser may say that the engine refuses it. */
  allowRefusal(): void {
    this.#allowed.push(REFUSAL);
  }

  get all(): readonly string[] {
    return this.#found.filter((complaint) => !this.#allowed.some((allowed) => allowed.test(complaint)));
  }
}
