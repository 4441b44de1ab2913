import { report } from "./report.js";

interface Cell<A> {
  readonly call: (argument: A) => void;
  /** Subscribed during the delivery that is under way, which is not its business. */
  late: boolean;
}

/** A set of callbacks; the same function may be in it several times. */
export class Listeners<A> {
  readonly #cells = new Set<Cell<A>>();
  #delivering = false;

  get size(): number {
    return this.#cells.size;
  }

  /**
   * Returns the function that removes it again, which tells whether it was there; after that it is not called any more,
   * not even by a delivery under way.
   */
  add(call: (argument: A) => void): () => boolean {
    const cell: Cell<A> = { call, late: this.#delivering };
    this.#cells.add(cell);
    return () => this.#cells.delete(cell);
  }

  /** Calls each one; a callback that throws is reported and does not keep the others from being called. */
  deliver(argument: A): void {
    if (this.#cells.size === 0) return;
    this.#delivering = true;
    let late = false;
    for (const cell of this.#cells) {
      if (cell.late) {
        late = true;
        continue;
      }
      try {
        cell.call(argument);
      } catch (error) {
        report(error);
      }
    }
    this.#delivering = false;
    if (late) for (const cell of this.#cells) cell.late = false;
  }
}
