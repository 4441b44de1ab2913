import { now_ms } from "./transport.js";

/** A timer that is set anew instead of twice. */
export class Alarm {
  readonly #ring: (at_ms: number) => void;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(ring: (at_ms: number) => void) {
    this.#ring = ring;
  }

  /** Rings at this time; one time too many does no harm. */
  set(at_ms: number): void {
    clearTimeout(this.#timer);
    const wait_ms = Math.min(Math.max(at_ms - now_ms(), 0), 0x7fffffff);
    this.#timer = setTimeout(() => this.#ring(Math.max(at_ms, now_ms())), wait_ms);
  }

  /** Rings no more. */
  stop(): void {
    clearTimeout(this.#timer);
  }
}
