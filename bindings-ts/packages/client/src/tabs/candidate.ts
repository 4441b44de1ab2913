import { type Beat, shared } from "./channels.js";

/** How often the owner says that it is there. */
const BEAT_MS = 200;
/** How long it may be silent before another takes over. */
const PATIENCE_MS = 600;

/** What an owner does until it is none any more. */
export interface Reign {
  /** It cannot go on, and another should. */
  readonly isStuck: boolean;
  /** Ends it; resolves when everything that only one may have is given back. */
  end(): Promise<void>;
}

/**
 * A tab that would be the owner of the cache: one is at a time. The others wait for it to go, and take over when it has not
 * been heard of for a while, as when its tab is frozen.
 */
export class Candidate {
  readonly #names: ReturnType<typeof shared>;
  readonly #tab: string;
  readonly #begin: (before: "gone" | "away") => Reign;
  readonly #beats: BroadcastChannel;
  #reign: Reign | undefined;
  #ending: Promise<void> = Promise.resolve();
  #abdicate: () => void = () => undefined;
  #queued = new AbortController();
  #heard_ms = performance.now();
  #turned_ms = performance.now();
  #patience_ms = PATIENCE_MS;
  #resting = false;
  /** Requests for the lock that are not over. */
  #asking = 0;

  /** `begin` is told whether the owner before gave up the ownership, or did not answer any more. */
  constructor(name: string, tab: string, begin: (before: "gone" | "away") => Reign) {
    this.#names = shared(name);
    this.#tab = tab;
    this.#begin = begin;
    this.#beats = new BroadcastChannel(this.#names.beats);
    this.#beats.onmessage = ({ data }: MessageEvent<Beat>) => this.#hear(data);
  }

  /** Resolves when others can tell that this tab is there. */
  async start(): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      const held = navigator.locks.request(this.#names.tab(this.#tab), () => new Promise<never>(() => resolve()));
      held.catch(reject);
    });
    setInterval(() => this.#turn(), BEAT_MS);
    this.#queue();
  }

  /** Says that it may be silent for so long, before it does something long. */
  announce(patience_ms: number): void {
    if (this.#reign !== undefined) this.#beats.postMessage({ patience_ms } satisfies Beat);
  }

  /** This tab is about to be frozen, or is gone: another may be the owner. */
  rest(): void {
    this.#resting = true;
    this.#queued.abort();
    this.#abdicate();
  }

  /** It is awake again. */
  wake(): void {
    if (!this.#resting) return;
    this.#resting = false;
    this.#heard_ms = performance.now();
    this.#queue();
  }

  #hear({ patience_ms }: Beat): void {
    this.#heard_ms = performance.now();
    this.#patience_ms = patience_ms;
  }

  #queue(): void {
    if (this.#asking > 0) return;
    this.#queued = new AbortController();
    this.#request({ signal: this.#queued.signal });
  }

  #request(how: LockOptions): void {
    this.#asking++;
    const lost = new AbortController();
    const over = () => {
      lost.abort();
      this.#over();
    };
    navigator.locks.request(this.#names.ownership, how, () => this.#own(how.steal === true ? "away" : "gone", lost.signal)).then(over, over);
  }

  /** Holds the lock until someone else is to have it. */
  async #own(before: "gone" | "away", lost: AbortSignal): Promise<void> {
    // The tab's own last reign may have been ended by another, and not be done with its storage.
    await this.#ending;
    if (lost.aborted || this.#resting) return;
    return new Promise<void>((resolve) => {
      const reign = (this.#reign = this.#begin(before));
      this.announce(PATIENCE_MS);
      this.#abdicate = () => {
        this.#abdicate = () => undefined;
        // Others may have it when everything else has been given back too.
        this.#ending = reign.end().catch(() => undefined);
        void this.#ending.then(resolve);
        this.#reign = undefined;
      };
    });
  }

  /** The lock is gone: given back, or taken away by one who believed that this tab was frozen. */
  #over(): void {
    this.#asking--;
    // One that was called off while another is under way ends nothing.
    if (this.#asking > 0) return;
    this.#abdicate();
    if (!this.#resting) this.#queue();
  }

  #turn(): void {
    const now_ms = performance.now();
    const slept = now_ms - this.#turned_ms > 2 * BEAT_MS;
    this.#turned_ms = now_ms;
    if (this.#reign !== undefined) return this.#reign.isStuck ? undefined : this.announce(PATIENCE_MS);
    // Whoever slept has not heard what was said meanwhile.
    if (slept) this.#heard_ms = now_ms;
    if (this.#resting || now_ms - this.#heard_ms < this.#patience_ms) return;
    this.#heard_ms = now_ms;
    this.#queued.abort();
    this.#request({ steal: true });
  }
}
