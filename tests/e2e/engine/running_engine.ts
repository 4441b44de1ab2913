import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";

import { engineBinary, webApp } from "./paths";

/** What an engine is started with. */
export interface EngineOptions {
  readonly folder: string;
  readonly database: string;
  readonly token: string;
  /** 0 takes a free one. */
  readonly port: number;
  /** Other origins that may connect. */
  readonly allowOrigins: readonly string[];
  /** What the device is called, if it is one of several. */
  readonly device?: string;
}

const START_MS = 20_000;

/** An engine process. */
export class RunningEngine {
  readonly url: URL;
  readonly #process: ChildProcess;
  readonly #log: string[];

  private constructor(process: ChildProcess, url: URL, log: string[]) {
    this.#process = process;
    this.url = url;
    this.#log = log;
  }

  /** Starts an engine and waits for the address that it prints. */
  static async start({ folder, database, token, port, allowOrigins, device }: EngineOptions): Promise<RunningEngine> {
    const args = ["serve", folder, "--db", database, "--port", String(port), "--web", webApp(), "--token", token];
    args.push(...allowOrigins.flatMap((origin) => ["--allow-origin", origin]));
    if (device !== undefined) args.push("--devices", "127.0.0.1:0", "--name", device, "--library-name", "Demo");
    const process = spawn(engineBinary(), args, { stdio: ["ignore", "pipe", "pipe"] });
    const log: string[] = [];
    createInterface({ input: process.stderr }).on("line", (line) => log.push(line));
    const lines = createInterface({ input: process.stdout });
    const address = new Promise<string>((resolve, reject) => {
      const fail = (why: string) => reject(new Error(`the engine ${why}\n${log.join("\n")}`));
      const timer = setTimeout(() => fail("printed no address"), START_MS);
      process.once("exit", (code, signal) => fail(`ended at once (${code ?? signal})`));
      lines.on("line", (line) => {
        const found = /^Larder is serving .* at (http:\S+)$/.exec(line);
        if (!found?.[1]) return;
        clearTimeout(timer);
        resolve(found[1]);
      });
    });
    return new RunningEngine(process, new URL(await address), log);
  }

  get port(): number {
    return Number(this.url.port);
  }

  /** What it said on standard error. */
  get log(): readonly string[] {
    return this.#log;
  }

  /** Ends it without a word of warning, as a crash would. */
  async kill(): Promise<void> {
    if (this.#process.exitCode !== null || this.#process.signalCode !== null) return;
    const gone = once(this.#process, "exit");
    this.#process.kill("SIGKILL");
    await gone;
  }
}
