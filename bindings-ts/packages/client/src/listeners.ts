import { report } from "./report.js";

interface Cell<A> {
  readonly call: (argument: A) => void;
  before: Cell<A> | undefined;
  /** What was removed keeps its way onward, for a delivery that is at it. */
  after: Cell<A> | undefined;
  removed: boolean;
  /** Subscribed during the delivery that is under way, which is not its business. */
  late: boolean;
}

/** A list of callbacks; the same function may be in it several times. Most have one, or none. */
export class Listeners<A> {
  #first: Cell<A> | undefined;
  #last: Cell<A> | undefined;
  #delivering = false;
  #someLate = false;

  get isEmpty(): boolean {
    return this.#first === undefined;
  }

  /**
   * Returns the function that removes it again, which tells whether it was there; after that it is not called any more,
   * not even by a delivery under way.
   */
  add(call: (argument: A) => void): () => boolean {
    const cell: Cell<A> = { call, before: this.#last, after: undefined, removed: false, late: this.#delivering };
    if (this.#last === undefined) this.#first = cell;
    else this.#last.after = cell;
    this.#last = cell;
    this.#someLate ||= cell.late;
    return () => this.#remove(cell);
  }

  /** Calls each one; a callback that throws is reported and does not keep the others from being called. */
  deliver(argument: A): void {
    this.#delivering = true;
    for (let cell = this.#first; cell !== undefined; cell = cell.after) {
      if (cell.late || cell.removed) continue;
      try {
        cell.call(argument);
      } catch (error) {
        report(error);
      }
    }
    this.#delivering = false;
    if (!this.#someLate) return;
    this.#someLate = false;
    for (let cell = this.#first; cell !== undefined; cell = cell.after) cell.late = false;
  }

  #remove(cell: Cell<A>): boolean {
    if (cell.removed) return false;
    cell.removed = true;
    if (cell.before === undefined) this.#first = cell.after;
    else cell.before.after = cell.after;
    if (cell.after === undefined) this.#last = cell.before;
    else cell.after.before = cell.before;
    return true;
  }
}
