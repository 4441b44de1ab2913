import { AsyncCache } from "../async/async_cache.js";
import type { Open, TabNews } from "../async/messages.js";
import { sendable } from "../async/sendable.js";
import { newWorker, plain, started } from "../async/start.js";
import type { WorkerLike } from "../async/worker_like.js";
import { LarderError } from "../errors.js";
import type { CacheOptions } from "../options.js";
import { randomId } from "../random_id.js";
import { lend } from "../storage/channel.js";
import { TabWire } from "./tab_wire.js";

/** Joins the cache that the tabs of this origin share under a name, or begins it. */
export async function openInTabs<R>(options: CacheOptions<R> & { readonly tabs: string }): Promise<AsyncCache<R>> {
  const { registry, wasm, worker: given, tabs: name, storage, ...config } = options;
  if (typeof navigator === "undefined" || navigator.locks === undefined) {
    throw new LarderError("tabs.no_locks", "Tabs share a cache with Web Locks, which are there on https and localhost only. Leave `tabs` out here.");
  }
  const tab = randomId();
  const worker = typeof given === "function" ? given() : newWorker();
  try {
    const lent = storage && { storage: lend(storage) };
    const open: Open = { registry: plain(registry), config: plain(config), wasm: await sendable(wasm), tabs: { name, tab }, ...lent };
    await started(worker, open);
  } catch (error) {
    worker.terminate();
    throw error;
  }
  const wire = new TabWire(name, tab);
  const stopped = follow(worker, wire);
  const cache = new AsyncCache<R>(registry, {
    isShared: true,
    send: (requests) => wire.send(requests),
    set onNotices(hear: TabWire["onNotices"]) {
      wire.onNotices = hear;
    },
    set onJoined(join: TabWire["onJoined"]) {
      wire.onJoined = join;
    },
    close() {
      stopped();
      wire.close();
      worker.terminate();
      storage?.close().catch(() => undefined);
    },
  });
  wire.join();
  return cache;
}

/**
 * A page that is frozen, or kept for the way back to it, must not hold up the others: they go on without it until it wakes.
 * Returns what ends this.
 */
function follow(worker: WorkerLike, wire: TabWire): () => void {
  const tell = (news: TabNews) => worker.postMessage(news, []);
  const rest = () => {
    wire.leave();
    tell("rest");
  };
  const wake = () => {
    tell("wake");
    wire.join();
  };
  const hide = (event: PageTransitionEvent) => (event.persisted ? rest() : wire.leave());
  const show = (event: PageTransitionEvent) => event.persisted && wake();
  document.addEventListener("freeze", rest);
  document.addEventListener("resume", wake);
  addEventListener("pagehide", hide);
  addEventListener("pageshow", show);
  return () => {
    document.removeEventListener("freeze", rest);
    document.removeEventListener("resume", wake);
    removeEventListener("pagehide", hide);
    removeEventListener("pageshow", show);
  };
}
