import { LarderError } from "../errors.js";
import type { Answer } from "./messages.js";

interface Promised {
  resolve(answer: Answer): void;
  reject(error: LarderError): void;
}

/** Calls that have no answer yet. */
export class Calls {
  readonly #open = new Map<number, Promised>();
  #last = 0;

  /** A call with a number of its own. Its rejection never counts as unhandled where nobody waits for it. */
  begin(): { number: number; answer: Promise<Answer> } {
    const number = ++this.#last;
    const answer = new Promise<Answer>((resolve, reject) => this.#open.set(number, { resolve, reject }));
    answer.catch(() => undefined);
    return { number, answer };
  }

  end(answer: Answer): void {
    const promised = this.#open.get(answer.number);
    this.#open.delete(answer.number);
    if (answer.error === undefined) promised?.resolve(answer);
    else promised?.reject(new LarderError(answer.error.kind, answer.error.message));
  }

  rejectAll(error: LarderError): void {
    for (const { reject } of this.#open.values()) reject(error);
    this.#open.clear();
  }
}
