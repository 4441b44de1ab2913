/**
 * Lets go of things that nobody has used for a while. Something given to `add` is released between one and two
 * periods later, unless `keep` came first. One timer serves all, and none runs when there is nothing to release.
 */
export class Grace<T> {
  readonly #period_ms: number;
  readonly #release: (things: ReadonlySet<T>) => void;
  #young = new Set<T>();
  #old = new Set<T>();
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(period_ms: number, release: (things: ReadonlySet<T>) => void) {
    this.#period_ms = period_ms;
    this.#release = release;
  }

  add(thing: T): void {
    this.#old.delete(thing);
    this.#young.add(thing);
    if (this.#timer === undefined) this.#wait();
  }

  keep(thing: T): void {
    if (!this.#young.delete(thing)) this.#old.delete(thing);
  }

  /** Stops without releasing anything. */
  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#young.clear();
    this.#old.clear();
  }

  #wait(): void {
    this.#timer = setTimeout(() => this.#turn(), this.#period_ms);
    // In Node, an idle query is no reason to keep the process alive.
    (this.#timer as { unref?(): void }).unref?.();
  }

  #turn(): void {
    this.#timer = undefined;
    const due = this.#old;
    this.#old = this.#young;
    this.#young = new Set();
    if (this.#old.size > 0) this.#wait();
    if (due.size > 0) this.#release(due);
  }
}
