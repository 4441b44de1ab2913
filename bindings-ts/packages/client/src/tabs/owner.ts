import type { Core } from "../core.js";
import { Keeper } from "../async/keeper.js";
import type { Open, Request } from "../async/messages.js";
import { randomId } from "../random_id.js";
import type { Reign } from "./candidate.js";
import { type FromOwner, shared, type ToOwner } from "./channels.js";

/** A request with more text than this may keep the owner busy for a while. */
const LONG_TEXT = 1 << 20;
/** How long a megabyte may take at most, on a slow machine. */
const MEGABYTE_MS = 200;

/** How long the owner's page may not hear what its storage is asked for, before another is to have it: it is frozen, though its worker is not. */
const SILENCE_MS = 400;

/** How long the owner before this one may take to give the storage back, when its tab is closed. */
const LOCKED_MS = 1000;

/** Has the core of a cache, for the pages of all tabs. */
export class Owner implements Reign {
  readonly #id = randomId();
  readonly #names: ReturnType<typeof shared>;
  readonly #keeper: Keeper;
  readonly #up: BroadcastChannel;
  readonly #down: BroadcastChannel;
  readonly #watched = new Set<string>();
  readonly #ended = new AbortController();
  readonly #announce: (patience_ms: number) => void;

  /** The owner before this one is `away` if it hangs, or is frozen: then it cannot give the storage back. */
  constructor(name: string, core: Core, { registry, config, storage }: Open, before: "gone" | "away", announce: (patience_ms: number) => void) {
    this.#names = shared(name);
    this.#announce = announce;
    this.#up = new BroadcastChannel(this.#names.up);
    this.#down = new BroadcastChannel(this.#names.down);
    this.#keeper = new Keeper(core, registry, config, (notices) => this.#tell({ owner: this.#id, notices }));
    if (storage === undefined) this.#begin();
    else void this.#keeper.restore(storage, before === "away" ? "take over" : LOCKED_MS).then(() => this.#begin());
  }

  get isStuck(): boolean {
    return this.#keeper.silence_ms > SILENCE_MS;
  }

  async end(): Promise<void> {
    this.#ended.abort();
    this.#up.close();
    await this.#keeper.end();
    this.#down.close();
  }

  #begin(): void {
    if (this.#ended.signal.aborted) return;
    this.#up.onmessage = ({ data }: MessageEvent<ToOwner>) => this.#hear(data);
    this.#tell({ owner: this.#id });
  }

  #tell(message: FromOwner): void {
    if (!this.#ended.signal.aborted) this.#down.postMessage(message);
  }

  #hear({ from, to, page, requests }: ToOwner): void {
    if (to !== undefined && to !== this.#id) return;
    if (page === "leaves") return this.#keeper.leave(from);
    if (page === "joins") {
      // What it had is of no use to it any more.
      this.#keeper.leave(from);
      this.#keeper.welcome(from);
      return this.#watch(from);
    }
    if (requests === undefined) return;
    const length = lengthOf(requests);
    if (length > LONG_TEXT) this.#announce((length / LONG_TEXT) * MEGABYTE_MS + 1000);
    this.#keeper.take(from, requests);
  }

  /** A tab holds a lock for as long as it lives. */
  #watch(tab: string): void {
    if (this.#watched.has(tab)) return;
    this.#watched.add(tab);
    const { signal } = this.#ended;
    navigator.locks.request(this.#names.tab(tab), { signal }, () => this.#keeper.leave(tab)).catch(() => undefined);
  }
}

function lengthOf(requests: readonly Request[]): number {
  let length = 0;
  for (const request of requests) if ("text" in request) length += request.text?.length ?? 0;
  return length;
}
