import type { LarderError } from "./errors.js";
import type { Query } from "./generated.js";
import { Listeners } from "./listeners.js";
import { type AnyFigures, EMPTY_RESULT, type QueryResult } from "./result.js";

/**
 * A query whose result is kept up to date. Its shape is that of React's `useSyncExternalStore`; the functions can be
 * passed on without binding them.
 *
 * It costs the core nothing until it is first read or subscribed to, and stops costing a moment after the last
 * subscriber has left.
 *
 * @example
 * ```ts
 * const images = cache.liveQuery<File>({ from: "file", where: { kind: "image" }, limit: 100 });
 * const unsubscribe = images.subscribe(() => render(images.getSnapshot().data));
 * render(images.getSnapshot().data);
 * ```
 */
export interface LiveQuery<T = unknown, A = AnyFigures> {
  readonly query: Query;
  /** The result of this moment; the same object as last time if nothing changed. Throws LarderError if the query is wrong. */
  readonly getSnapshot: () => QueryResult<T, A>;
  /** Calls `listener` after each change of the result. Returns the function that ends it. */
  readonly subscribe: (listener: () => void) => () => void;
}

/** Keeps queries mounted in the core. */
export interface Mounts {
  /** Gives the view its number and its result. */
  mount(view: LiveView): void;
  /** Nobody is subscribed to the view; it may be unmounted soon. */
  release(view: LiveView): void;
  /** Somebody is subscribed to it. */
  retain(view: LiveView): void;
}

/** A live query of one cache; all who ask for an equal query share it. */
export class LiveView implements LiveQuery {
  readonly query: Query;
  /** The query as the core gets it: as it was when it was asked for, whatever happened to the object since. */
  readonly text: string;
  result: QueryResult = EMPTY_RESULT;
  changed = false;
  /** What is wrong with the query, where that was found out later. */
  failure: LarderError | undefined;
  /** The core's number for it while it is mounted. */
  number: number | undefined;
  readonly #mounts: Mounts;
  readonly #listeners = new Listeners<void>();

  constructor(query: Query, text: string, mounts: Mounts) {
    this.query = query;
    this.text = text;
    this.#mounts = mounts;
  }

  readonly getSnapshot = (): QueryResult => {
    if (this.number === undefined) {
      this.#mounts.mount(this);
      this.#mounts.release(this);
    }
    if (this.failure !== undefined) throw this.failure;
    return this.result;
  };

  readonly subscribe = (listener: () => void): (() => void) => {
    if (this.number === undefined) this.#mounts.mount(this);
    if (this.#listeners.isEmpty) this.#mounts.retain(this);
    const remove = this.#listeners.add(listener);
    return () => {
      if (remove() && this.#listeners.isEmpty) this.#mounts.release(this);
    };
  };

  /** Tells the subscribers that the result changed, unless they have been told. */
  notify(): void {
    if (!this.changed) return;
    this.changed = false;
    this.#listeners.deliver();
  }
}
