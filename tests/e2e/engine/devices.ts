import { TempFolder } from "../folder/temp_folder";
import { eventually } from "../wait/eventually";
import { RunningEngine } from "./running_engine";

/** A device of a library: an engine with a folder of its own. */
export interface Device {
  readonly folder: TempFolder;
  readonly engine: RunningEngine;
}

/** Several engines that hold one library together, each paired with the first. */
export class Devices {
  readonly all: readonly Device[];
  readonly #state: TempFolder;

  private constructor(all: readonly Device[], state: TempFolder) {
    this.all = all;
    this.#state = state;
  }

  /** One for each name; `fill` puts files into its folder. */
  static async start(names: readonly string[], fill: (name: string, folder: TempFolder) => Promise<void>): Promise<Devices> {
    const state = await TempFolder.create();
    const start = async (name: string): Promise<Device> => {
      const folder = await TempFolder.create();
      await fill(name, folder);
      const options = { folder: folder.path, database: state.at(`${name}.db`), token: name, port: 0, allowOrigins: [], device: name };
      return { folder, engine: await RunningEngine.start(options) };
    };
    const all = await Promise.all(names.map(start));
    const [first, ...others] = all;
    for (const other of others) if (first) await pair(first.engine.url, other.engine.url);
    return new Devices(all, state);
  }

  async end(): Promise<void> {
    await Promise.all(this.all.map(({ engine }) => engine.kill()));
    await Promise.all([this.#state.dispose(), ...this.all.map(({ folder }) => folder.dispose())]);
  }
}

/** As two people would, one with the code and one who agrees. */
async function pair(host: URL, guest: URL): Promise<void> {
  const { code, addresses } = await ask<{ code: string; addresses: readonly string[] }>(host, "/devices/invite", {});
  const joining = ask<{ library: string }>(guest, "/devices/join", { address: addresses[0], code });
  await eventually("the code to arrive", async () => (await ask<{ stage: string }>(host, "/devices/invitation", {})).stage === "asking");
  await ask(host, "/devices/decide", { agree: true });
  const { library } = await joining;
  await eventually("the engine to be part of the library", async () => {
    const now = await ask<{ library: string }>(guest, "/devices/library", {}).catch(() => null);
    return now?.library === library;
  });
}

async function ask<T>(engine: URL, path: string, body: unknown): Promise<T> {
  const answer = await fetch(new URL(`${path}${engine.search}`, engine), { method: "POST", body: JSON.stringify(body) });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${text}`);
  return (text === "" ? undefined : JSON.parse(text)) as T;
}
