import { LarderError } from "../errors.js";
import type { Answer, Request } from "./messages.js";

/** What an answer says of a call that another owner of the core had carried out already. */
const DONE = ["mutation.duplicate_id", "mutation.not_pending"];

interface Promised {
  readonly request: Request;
  isRepeated: boolean;
  resolve(answer: Answer): void;
  reject(error: LarderError): void;
}

/** Calls that have no answer yet. */
export class Calls {
  readonly #open = new Map<number, Promised>();
  #last = 0;

  /** A call with a number of its own. Its rejection never counts as unhandled where nobody waits for it. */
  begin(make: (number: number) => Request, isRepeated = false): { request: Request; answer: Promise<Answer> } {
    const number = ++this.#last;
    const request = make(number);
    const answer = new Promise<Answer>((resolve, reject) => this.#open.set(number, { request, isRepeated, resolve, reject }));
    answer.catch(() => undefined);
    return { request, answer };
  }

  /** What has no answer, oldest first, to be asked of another owner of the core. */
  again(isRepeated: boolean): Request[] {
    const requests: Request[] = [];
    for (const call of this.#open.values()) {
      call.isRepeated ||= isRepeated;
      requests.push(call.request);
    }
    return requests;
  }

  end(answer: Answer): void {
    const promised = this.#open.get(answer.number);
    this.#open.delete(answer.number);
    const isDone = promised?.isRepeated === true && DONE.includes(answer.error?.kind ?? "");
    if (answer.error === undefined || isDone) promised?.resolve(answer);
    else promised?.reject(new LarderError(answer.error.kind, answer.error.message));
  }

  rejectAll(error: LarderError): void {
    for (const { reject } of this.#open.values()) reject(error);
    this.#open.clear();
  }
}
