import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";

import { eventually } from "../wait/eventually";

/** The program: `LARDER_LS`, which `cargo xtask test` builds. Without it there is no Swift to test. */
export const larderLs = process.env["LARDER_LS"];

/** What a run of the program came to. */
export interface Outcome {
  readonly code: number | null;
  readonly output: readonly string[];
  readonly errors: readonly string[];
}

/** A Swift client of the engine, in a process of its own. */
export class LarderLs {
  readonly output: string[] = [];
  readonly errors: string[] = [];
  readonly #process: ChildProcess;
  readonly #ended: Promise<unknown>;

  constructor(engine: URL, ...args: string[]) {
    if (!larderLs) throw new Error("LARDER_LS is not set");
    const url = `ws://${engine.host}/ws${engine.search}`;
    this.#process = spawn(larderLs, [url, ...args], { stdio: ["ignore", "pipe", "pipe"] });
    this.#ended = once(this.#process, "close");
    createInterface({ input: this.#process.stdout! }).on("line", (line) => this.output.push(line));
    createInterface({ input: this.#process.stderr! }).on("line", (line) => this.errors.push(line));
  }

  /** Runs it to its end. */
  static run(engine: URL, ...args: string[]): Promise<Outcome> {
    return new LarderLs(engine, ...args).ended();
  }

  async ended(): Promise<Outcome> {
    await this.#ended;
    return { code: this.#process.exitCode, output: this.output, errors: this.errors };
  }

  /** As Ctrl-C does. */
  interrupt(): Promise<Outcome> {
    this.#process.kill("SIGINT");
    return this.ended();
  }

  async waitForLine(line: string): Promise<void> {
    await eventually(`the line “${line}”`, () => this.output.some((said) => said.trim() === line)).catch((error: Error) => {
      throw new Error(`${error.message}; it said:\n${[...this.output, ...this.errors].join("\n")}`);
    });
  }
}
