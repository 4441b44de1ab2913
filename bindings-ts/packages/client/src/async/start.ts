import { LarderError } from "../errors.js";
import type { Open, Opened } from "./messages.js";
import type { WorkerLike } from "./worker_like.js";

/** Bundlers look for exactly this form. */
export function newWorker(): WorkerLike {
  if (typeof Worker !== "function") {
    throw new LarderError("worker.no_worker", "There are no workers here. Leave `worker` out, or give a function that makes one.");
  }
  return new Worker(new URL("../worker/main.js", import.meta.url), { type: "module", name: "larder" });
}

/** Resolves when the cache in the worker is ready. */
export function started(worker: WorkerLike, open: Open): Promise<void> {
  return new Promise((resolve, reject) => {
    worker.onmessage = ({ data: { error } }: MessageEvent<Opened>) =>
      error === undefined ? resolve() : reject(new LarderError(error.kind, error.message));
    worker.onerror = (event) => reject(new LarderError("worker.failed", `The worker could not be started: ${messageOf(event)}`, { cause: event }));
    worker.postMessage(open, open.storage === undefined ? [] : [open.storage]);
  });
}

export function messageOf(event: unknown): string {
  const { message } = event as { message?: unknown };
  return typeof message === "string" ? message : "its script was not found, or is not allowed here";
}

/** What crosses is data; a registry may have more about it, such as types for the compiler. */
export function plain<T>(value: T): T {
  return JSON.parse(JSON.stringify(value)) as T;
}
