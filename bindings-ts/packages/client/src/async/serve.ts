import { Core } from "../core.js";
import { LarderError } from "../errors.js";
import type { Wasm } from "../wasm.js";
import { Candidate } from "../tabs/candidate.js";
import { Owner } from "../tabs/owner.js";
import { Keeper } from "./keeper.js";
import type { Notice, Open, Opened, Request, TabNews } from "./messages.js";

/** The inner end of a worker's channel. */
export interface Inner {
  onmessage: ((event: MessageEvent) => void) | null;
  postMessage(message: unknown, transfer: ArrayBuffer[]): void;
}

/** Loads the core; what it has loaded once it gives again. */
export type Load = (source: Open["wasm"]) => Promise<Wasm>;

/** Waits to be told what cache to keep, and keeps it for the one page at the other end. */
export function serve(inner: Inner, load: Load): void {
  inner.onmessage = async ({ data }: MessageEvent<Open>) => {
    // What comes next has to wait for the core.
    const early: Request[] = [];
    inner.onmessage = (event: MessageEvent<Request[]>) => void early.push(...event.data);
    let opened: Opened = {};
    // The page takes what comes first for the outcome of opening.
    let told: Notice[] | undefined = [];
    const send = (notices: readonly Notice[]) => (told === undefined ? inner.postMessage(notices, patchesOf(notices)) : void told.push(...notices));
    try {
      const core = new Core(await load(data.wasm));
      if (data.tabs !== undefined) {
        await share(data, data.tabs, core, load, inner);
      } else {
        const { registry, config } = data;
        const keeper = new Keeper(core, registry, config, send);
        if (data.storage !== undefined) await keeper.restore(data.storage);
        inner.onmessage = (event: MessageEvent<Request[]>) => keeper.take("", event.data);
        keeper.take("", early);
      }
    } catch (error) {
      const { kind, message } = error instanceof LarderError ? error : new LarderError("worker.failed", String(error));
      opened = { error: { kind, message } };
    }
    inner.postMessage(opened, []);
    const waiting = told;
    told = undefined;
    if (waiting.length > 0) send(waiting);
  };
}

/** Keeps the cache for the pages of all tabs while this tab is the owner. */
async function share(open: Open, { name, tab }: Open["tabs"] & object, first: Core, load: Load, inner: Inner): Promise<void> {
  // What is wrong with the registry is found out now, and the core is at hand when it is wanted.
  new Keeper(first, open.registry, open.config, () => undefined);
  const wasm = await load(open.wasm);
  let next: Core | undefined = first;
  const candidate: Candidate = new Candidate(name, tab, (before) => {
    const core = next ?? new Core(wasm);
    next = undefined;
    return new Owner(name, core, open, before, (patience_ms) => candidate.announce(patience_ms));
  });
  inner.onmessage = ({ data }: MessageEvent<TabNews>) => {
    if (data === "wake") candidate.wake();
    else candidate.rest();
  };
  await candidate.start();
}

/** Patches move over instead of being copied. */
function patchesOf(notices: readonly Notice[]): ArrayBuffer[] {
  const patches: ArrayBuffer[] = [];
  for (const { patch } of notices) if (patch !== undefined) patches.push(patch);
  return patches;
}
