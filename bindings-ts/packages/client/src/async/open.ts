import { LarderError } from "../errors.js";
import type { CacheOptions } from "../options.js";
import { report } from "../report.js";
import { sendable } from "../wasm.js";
import { AsyncCache } from "./async_cache.js";
import type { Notice, Open, Opened } from "./messages.js";
import type { WorkerLike } from "./worker_like.js";

/** Starts a worker with an empty cache in it. */
export async function openInWorker<R>(options: CacheOptions<R>): Promise<AsyncCache<R>> {
  const { registry, wasm, worker: given, ...config } = options;
  const worker = typeof given === "function" ? given() : newWorker();
  try {
    const open: Open = { registry: plain(registry), config: plain(config), wasm: await sendable(wasm) };
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
    close: () => worker.terminate(),
  });
  worker.onerror = (event) => report(new LarderError("worker.failed", messageOf(event), { cause: event }));
  return cache;
}

/** Bundlers look for exactly this form. */
function newWorker(): WorkerLike {
  if (typeof Worker !== "function") {
    throw new LarderError("worker.no_worker", "There are no workers here. Leave `worker` out, or give a function that makes one.");
  }
  return new Worker(new URL("../worker/main.js", import.meta.url), { type: "module", name: "larder" });
}

function started(worker: WorkerLike, open: Open): Promise<void> {
  return new Promise((resolve, reject) => {
    worker.onmessage = ({ data: { error } }: MessageEvent<Opened>) =>
      error === undefined ? resolve() : reject(new LarderError(error.kind, error.message));
    worker.onerror = (event) => reject(new LarderError("worker.failed", `The worker could not be started: ${messageOf(event)}`, { cause: event }));
    worker.postMessage(open, []);
  });
}

function messageOf(event: unknown): string {
  const { message } = event as { message?: unknown };
  return typeof message === "string" ? message : "its script was not found, or is not allowed here";
}

/** What crosses is data; a registry may have more about it, such as types for the compiler. */
function plain<T>(value: T): T {
  return JSON.parse(JSON.stringify(value)) as T;
}
