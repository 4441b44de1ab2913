import { LarderError } from "../errors.js";
import type { CacheOptions } from "../options.js";
import { lend } from "../storage/channel.js";
import { report } from "../report.js";
import { AsyncCache } from "./async_cache.js";
import type { Notice, Open } from "./messages.js";
import { sendable } from "./sendable.js";
import { messageOf, newWorker, plain, started } from "./start.js";

/** Starts a worker with an empty cache in it. */
export async function openInWorker<R>(options: CacheOptions<R>): Promise<AsyncCache<R>> {
  const { registry, wasm, worker: given, storage, ...config } = options;
  const worker = typeof given === "function" ? given() : newWorker();
  try {
    const lent = storage && { storage: lend(storage) };
    const open: Open = { registry: plain(registry), config: plain(config), wasm: await sendable(wasm), ...lent };
    await started(worker, open);
  } catch (error) {
    worker.terminate();
    throw error;
  }
  const cache = new AsyncCache<R>(registry, {
    send: (requests, transfer) => worker.postMessage(requests, transfer),
    set onNotices(hear: (notices: readonly Notice[]) => void) {
      worker.onmessage = ({ data }: MessageEvent<readonly Notice[]>) => hear(data);
    },
    // The keeper is the same for ever.
    onJoined: () => undefined,
    close() {
      worker.terminate();
      // What was on its way is stored first.
      storage?.close().catch(() => undefined);
    },
  });
  worker.onerror = (event) => report(new LarderError("worker.failed", messageOf(event), { cause: event }));
  return cache;
}
