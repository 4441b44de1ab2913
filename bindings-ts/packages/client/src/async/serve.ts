import { Core } from "../core.js";
import { LarderError } from "../errors.js";
import type { Wasm } from "../wasm.js";
import { Keeper } from "./keeper.js";
import type { Notice, Open, Opened, Request } from "./messages.js";

/** The inner end of a worker's channel. */
export interface Inner {
  onmessage: ((event: MessageEvent) => void) | null;
  postMessage(message: unknown, transfer: ArrayBuffer[]): void;
}

/** Waits to be told what cache to keep, and keeps it for the one page at the other end. */
export function serve(inner: Inner, load: (source: Open["wasm"]) => Promise<Wasm>): void {
  inner.onmessage = async ({ data }: MessageEvent<Open>) => {
    // What comes next has to wait for the core.
    const early: Request[] = [];
    inner.onmessage = (event: MessageEvent<Request[]>) => void early.push(...event.data);
    let opened: Opened = {};
    try {
      const keeper = await open(data, inner, load);
      inner.onmessage = (event: MessageEvent<Request[]>) => keeper.take("", event.data);
      keeper.take("", early);
    } catch (error) {
      const { kind, message } = error instanceof LarderError ? error : new LarderError("worker.failed", String(error));
      opened = { error: { kind, message } };
    }
    inner.postMessage(opened, []);
  };
}

async function open({ registry, config, wasm }: Open, inner: Inner, load: (source: Open["wasm"]) => Promise<Wasm>): Promise<Keeper> {
  const core = new Core(await load(wasm));
  return new Keeper(core, registry, config, (notices) => inner.postMessage(notices, patchesOf(notices)));
}

/** Patches move over instead of being copied. */
function patchesOf(notices: readonly Notice[]): ArrayBuffer[] {
  const patches: ArrayBuffer[] = [];
  for (const { patch } of notices) if (patch !== undefined) patches.push(patch);
  return patches;
}
