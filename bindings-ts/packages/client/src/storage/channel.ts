import { LarderError } from "../errors.js";
import type { ErrorInfo } from "../generated.js";
import { asStorageError } from "./errors.js";
import type { Storage, StorageKind, StoredKey } from "./storage.js";
import { takeOver } from "./take_over.js";
import { Turns } from "./turns.js";

/** One end of a channel to where a storage is: a worker, its scope, or a port. */
export interface End {
  onmessage: ((event: MessageEvent) => void) | null;
  postMessage(message: unknown, transfer: Transferable[]): void;
}

interface Request {
  readonly id: number;
  readonly call: "keys" | "takeOver" | "read" | "commit" | "wipe" | "close";
  /** Keys for `read`, a batch for `commit`. */
  readonly given?: readonly string[] | Uint8Array<ArrayBuffer> | undefined;
}

interface Answer {
  readonly id: number;
  /** It has been heard, and will be done in its turn. */
  isHeard?: true;
  kind?: StorageKind | undefined;
  keys?: StoredKey[];
  values?: (Uint8Array<ArrayBuffer> | undefined)[];
  error?: ErrorInfo;
}

/** A storage that may have something to tidy when nobody waits. */
type Served = Storage & { afterCommit?(): Promise<void> };

/** Does for the other end what it asks of this storage. */
export function serveStorage(storage: Served, end: End): void {
  const turns = new Turns();
  end.onmessage = ({ data: { id, call, given } }: MessageEvent<Request>) => {
    end.postMessage({ id, isHeard: true } satisfies Answer, []);
    void turns.take(async () => {
      const answer: Answer = { id };
      try {
        if (call === "keys") answer.keys = await storage.keys();
        else if (call === "read") answer.values = (await storage.read(given as readonly string[])).map(whole);
        else if (call === "takeOver") await takeOver(storage);
        else if (call === "commit") await storage.commit(given as Uint8Array<ArrayBuffer>);
        else await storage[call]();
        answer.kind = storage.kind;
      } catch (error) {
        const { kind, message } = asStorageError(error);
        answer.error = { kind, message };
      }
      end.postMessage(answer, buffersOf(answer));
      if (call === "commit") await storage.afterCommit?.();
    });
  };
}

/** A way to this storage, for a core that runs elsewhere. */
export function lend(storage: Storage): MessagePort {
  const { port1, port2 } = new MessageChannel();
  serveStorage(storage, port1);
  return port2;
}

/** The storage at the other end. */
export class FarStorage implements Storage {
  readonly #end: End;
  readonly #waiting = new Map<number, { resolve(answer: Answer): void; reject(error: LarderError): void }>();
  #last = 0;
  #kind: StorageKind | undefined;
  /** The last request that the other end is known to have heard, and since when it has heard no newer one. */
  #heard = 0;
  #heard_ms = 0;

  constructor(end: End) {
    this.#end = end;
    end.onmessage = ({ data }: MessageEvent<Answer>) => {
      this.#heard = Math.max(this.#heard, data.id);
      this.#heard_ms = performance.now();
      if (data.isHeard) return;
      const waiting = this.#waiting.get(data.id);
      this.#waiting.delete(data.id);
      this.#kind ??= data.kind;
      if (data.error === undefined) waiting?.resolve(data);
      else waiting?.reject(new LarderError(data.error.kind, data.error.message));
    };
  }

  get kind(): StorageKind | undefined {
    return this.#kind;
  }

  /** For how long the other end has not even heard what is asked of it, in milliseconds: it is frozen, or busy with something else. */
  get silence_ms(): number {
    return this.#heard >= this.#last ? 0 : performance.now() - this.#heard_ms;
  }

  async keys(): Promise<StoredKey[]> {
    return (await this.#ask("keys")).keys ?? [];
  }

  async takeOver(): Promise<void> {
    await this.#ask("takeOver");
  }

  async read(keys: readonly string[]): Promise<(Uint8Array | undefined)[]> {
    return (await this.#ask("read", keys)).values ?? [];
  }

  async commit(batch: Uint8Array<ArrayBuffer>): Promise<void> {
    const given = whole(batch);
    await this.#ask("commit", given, [given.buffer]);
  }

  async wipe(): Promise<void> {
    await this.#ask("wipe");
  }

  async close(): Promise<void> {
    await this.#ask("close");
  }

  /** Nothing will be answered any more. */
  fail(error: LarderError): void {
    const waiting = [...this.#waiting.values()];
    this.#waiting.clear();
    for (const { reject } of waiting) reject(error);
  }

  #ask(call: Request["call"], given?: Request["given"], transfer: Transferable[] = []): Promise<Answer> {
    if (this.#heard >= this.#last) this.#heard_ms = performance.now();
    const id = ++this.#last;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.#end.postMessage({ id, call, given } satisfies Request, transfer);
    });
  }
}

/** Only a buffer as a whole can be handed over. */
function whole<T extends Uint8Array | undefined>(bytes: T): T & (Uint8Array<ArrayBuffer> | undefined) {
  const isWhole = bytes === undefined || bytes.length === bytes.buffer.byteLength;
  return (isWhole ? bytes : bytes.slice()) as T & (Uint8Array<ArrayBuffer> | undefined);
}

function buffersOf({ values }: Answer): Transferable[] {
  const buffers = new Set<Transferable>();
  for (const value of values ?? []) if (value !== undefined) buffers.add(value.buffer);
  return [...buffers];
}
