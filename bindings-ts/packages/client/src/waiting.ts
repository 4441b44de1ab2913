import { LarderError } from "./errors.js";

interface Promised<T> {
  resolve(value: T): void;
  reject(error: LarderError): void;
}

/** Promises that wait for an answer with their id. */
export class Waiting<T> {
  readonly #byId = new Map<string, Promised<T>>();

  /**
   * A promise for the answer with this id, and what takes it back. Its rejection never counts as unhandled: not
   * everybody wants to know.
   */
  begin(id: string): { promise: Promise<T>; cancel: () => void } {
    const before = this.#byId.get(id);
    const promise = new Promise<T>((resolve, reject) => this.#byId.set(id, { resolve, reject }));
    promise.catch(() => undefined);
    const cancel = () => {
      if (before === undefined) this.#byId.delete(id);
      else this.#byId.set(id, before);
    };
    return { promise, cancel };
  }

  resolve(id: string, value: T): void {
    const promised = this.#byId.get(id);
    this.#byId.delete(id);
    promised?.resolve(value);
  }

  reject(id: string, kind: string, message: string): void {
    const promised = this.#byId.get(id);
    this.#byId.delete(id);
    promised?.reject(new LarderError(kind, message));
  }

  rejectAll(kind: string, message: string): void {
    for (const id of [...this.#byId.keys()]) this.reject(id, kind, message);
  }
}
