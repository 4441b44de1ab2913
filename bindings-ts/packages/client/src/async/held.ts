import type { LiveView } from "../live_query.js";
import type { Shown } from "../mirror.js";
import { EMPTY_RESULT } from "../result.js";

/**
 * While a new core has yet to get what the one before it had, queries go on showing what they showed. What they would show
 * is kept beside that.
 */
export class Held {
  readonly #beside = new Map<number, Shown>();

  constructor(views: Iterable<[number, LiveView]>) {
    for (const [number, { result }] of views) {
      if (result.data.length > 0) this.#beside.set(number, { result: EMPTY_RESULT, changed: false });
    }
  }

  /** Where the result of a view goes meanwhile; `undefined` where there is nothing to hold. */
  beside(number: number): Shown | undefined {
    return this.#beside.get(number);
  }

  /** Calls back with each view and the result that it is to have now, if it has come. */
  *release(): Iterable<[number, Shown["result"] | undefined]> {
    for (const [number, { result }] of this.#beside) yield [number, result === EMPTY_RESULT ? undefined : result];
  }
}
