import { LarderError } from "./errors.js";

type Resolve<T> = (value: T) => void;
type Reject = (error: LarderError) => void;

/** An answer that may be there later. The promise is made when somebody asks for it, which for most answers nobody does. */
export class Answer<T> {
  #promise: Promise<T> | undefined;
  #tell: [Resolve<T>, Reject] | undefined;
  #end: ((resolve: Resolve<T>, reject: Reject) => void) | undefined;

  readonly cancel: () => void;

  constructor(cancel: () => void) {
    this.cancel = cancel;
  }

  /** Its rejection never counts as unhandled: not everybody wants to know. */
  get promise(): Promise<T> {
    if (this.#promise === undefined) {
      this.#promise = new Promise<T>((resolve, reject) => {
        if (this.#end === undefined) this.#tell = [resolve, reject];
        else this.#end(resolve, reject);
      });
      this.#promise.catch(() => undefined);
    }
    return this.#promise;
  }

  resolve(value: T): void {
    this.#settle((resolve) => resolve(value));
  }

  reject(kind: string, message: string): void {
    this.#settle((_, reject) => reject(new LarderError(kind, message)));
  }

  #settle(end: (resolve: Resolve<T>, reject: Reject) => void): void {
    this.#end = end;
    if (this.#tell !== undefined) end(...this.#tell);
  }
}

/** Answers that are waited for, by their ids. */
export class Waiting<T> {
  readonly #byId = new Map<string, Answer<T>>();

  /** The answer with this id; `cancel` takes it back. */
  begin(id: string): Answer<T> {
    const before = this.#byId.get(id);
    const answer = new Answer<T>(() => {
      if (before === undefined) this.#byId.delete(id);
      else this.#byId.set(id, before);
    });
    this.#byId.set(id, answer);
    return answer;
  }

  resolve(id: string, value: T): void {
    this.#take(id)?.resolve(value);
  }

  reject(id: string, kind: string, message: string): void {
    this.#take(id)?.reject(kind, message);
  }

  rejectAll(kind: string, message: string): void {
    for (const id of [...this.#byId.keys()]) this.reject(id, kind, message);
  }

  #take(id: string): Answer<T> | undefined {
    const answer = this.#byId.get(id);
    this.#byId.delete(id);
    return answer;
  }
}
