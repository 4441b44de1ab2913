import { Alarm } from "../alarm.js";
import type { Call } from "../core.js";
import { now_ms } from "../transport.js";
import { numberOf, type Op, writeBatch } from "./batch.js";
import { asStorageError } from "./errors.js";
import type { Storage, StoredKey } from "./storage.js";
import { takeOver } from "./take_over.js";

/** How soon a storage that another has open is tried again. */
const AGAIN_MS = 50;

/** What the storage of a core does to it. */
export interface DiskSteps {
  /** Makes a step and brings in what it led to; nothing if the core is gone. */
  readonly step: (call: Call, first?: number, second?: number, third?: number) => void;
  /** Puts the text of the next step where the core finds it. */
  readonly write: (text: string | Uint8Array) => number;
}

/** What carries out a core's wishes for its storage, and has a timer for it, as there may be no connection that has one. */
export class Disk {
  readonly #storage: Storage;
  readonly #steps: DiskSteps;
  readonly #isOver = new AbortController();
  readonly #alarm: Alarm;
  /** Resolves when the batch under way is stored, or is not, and the core knows. */
  #committing: Promise<void> = Promise.resolve();

  constructor(storage: Storage, steps: DiskSteps) {
    this.#storage = storage;
    this.#steps = steps;
    this.#alarm = new Alarm((at_ms) => steps.step("tick", at_ms));
  }

  /**
   * Opens the storage, and has the core begin to read what is in it. Without a storage that can be opened, it goes on in memory; one
   * that another has open is waited for so long, in milliseconds, or taken over.
   */
  async open(patience: number | "take over" = 0): Promise<void> {
    const { step, write } = this.#steps;
    const { signal } = this.#isOver;
    try {
      if (patience === "take over") await takeOver(this.#storage);
      if (signal.aborted) return;
      const patience_ms = patience === "take over" ? 0 : patience;
      const keys = await this.#keys(now_ms() + patience_ms);
      if (signal.aborted) return;
      step("restore", write(keys.map(({ key }) => key).join("\n")), now_ms());
    } catch (error) {
      if (signal.aborted) return;
      step("load_failed", write(textOf(error)), now_ms());
    }
    const { document } = globalThis as { document?: Document };
    // The last moment that a page is sure to have.
    document?.addEventListener("visibilitychange", () => document.visibilityState === "hidden" && this.#flush(), { signal });
    if (document !== undefined) addEventListener("pagehide", () => this.#flush(), { signal });
  }

  async #keys(until_ms: number): Promise<StoredKey[]> {
    for (;;) {
      try {
        return await this.#storage.keys();
      } catch (error) {
        if (asStorageError(error).kind !== "storage.locked" || now_ms() >= until_ms) throw error;
        await new Promise((resolve) => setTimeout(resolve, AGAIN_MS));
        // To ask once more would be to open it again.
        if (this.#isOver.signal.aborted) throw error;
      }
    }
  }

  /** Stores a batch of the core, and tells it. */
  commit(batch: Uint8Array<ArrayBuffer>): void {
    const number = numberOf(batch);
    this.#committing = this.#storage.commit(batch).then(
      () => this.#tell("persisted", number),
      (error: unknown) => this.#tell("persisted", number, error),
    );
  }

  /** Reads values for the core. */
  load(keys: readonly string[]): void {
    const { step, write } = this.#steps;
    const asked = this.#storage.read(keys).then((values) => {
      if (this.#isOver.signal.aborted) return;
      const ops = keys.map((key, i): Op => ({ key, value: values[i] as Op["value"] }));
      step("loaded", write(writeBatch(0, ops)), now_ms());
    });
    asked.catch((error: unknown) => {
      if (!this.#isOver.signal.aborted) step("load_failed", write(textOf(error)), now_ms());
    });
  }

  /** Makes a step at this time; one too many does no harm. */
  wakeAt(at_ms: number): void {
    this.#alarm.set(at_ms);
  }

  /** Stores what is not stored yet. Resolves when it is, or cannot be. */
  async flush(): Promise<void> {
    await this.#settled();
    this.#flush();
    await this.#settled();
  }

  /** Stores what is left and lets go of the storage; the core is needed until then. */
  async close(wipes = false): Promise<void> {
    if (!wipes) await this.flush();
    this.#isOver.abort();
    this.#alarm.stop();
    await this.#settled();
    if (wipes) await this.#storage.wipe();
    await this.#storage.close();
  }

  /** The core is gone: what was on its way is stored, and nothing more. */
  abandon(): void {
    this.#isOver.abort();
    this.#alarm.stop();
    this.#storage.close().catch(() => {});
  }

  #flush(): void {
    this.#steps.step("flush", now_ms());
  }

  async #settled(): Promise<void> {
    // What follows a batch may be another.
    for (let last; last !== this.#committing; ) {
      last = this.#committing;
      await last;
    }
  }

  #tell(call: Call, number: number, error?: unknown): void {
    if (this.#isOver.signal.aborted) return;
    const { step, write } = this.#steps;
    step(call, number, error === undefined ? 0 : write(textOf(error)), now_ms());
  }
}

/** An error as the core reads it. */
function textOf(error: unknown): string {
  const { kind, message } = asStorageError(error);
  return `${kind}\n${message}`;
}
