import { LarderError } from "./errors.js";
import type { Applied, Config, Effect, ErrorInfo, RegistrySpec, Status } from "./generated.js";
import type { Mirror, Shown } from "./mirror.js";
import { OFFLINE } from "./status.js";
import type { Text } from "./text.js";
import type { Wasm } from "./wasm.js";

/** The calls that make a step. */
export type Call =
  | "open" | "apply" | "mount" | "unmount" | "resend" | "refetch" | "next_page" | "invalidate" | "mutate" | "ack" | "reject" | "retry" | "discard" | "pin" | "unpin" | "ask"
  | "connect" | "disconnect" | "connected" | "receive" | "disconnected" | "tick" | "pending" | "stats" | "explain"
  | "restore" | "loaded" | "load_failed" | "persisted" | "flush";

/** What settles a mutation: the sequence of its event, or why it was refused. */
export interface Settlement {
  readonly id: string;
  readonly sequence?: number | undefined;
  readonly reason?: ErrorInfo | undefined;
}

/** What a step has to say besides its patch. */
export interface Output {
  readonly effects?: readonly Effect[];
  readonly error?: ErrorInfo;
  readonly value?: unknown;
}

const HAS_PATCH = 1;
const HAS_OUTPUT = 2;
const IS_DUPLICATE = 4;
const IS_HELD = 8;
const HAS_BATCH = 16;
const HAS_COUNTS = 32;
const IS_SETTLED = 64;

const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

/**
 * One cache inside the WebAssembly module. Text goes in through a scratch in its memory, patches and outputs are read
 * from there. A call with text is `core.step("apply", core.write(text))`; the status that it returns tells what there
 * is to read.
 */
export class Core {
  readonly #wasm: InstanceType<Wasm["WasmCache"]>;
  #ended: LarderError | undefined;
  #status: Status = OFFLINE;
  #said: Settlement | undefined;
  readonly #memory: WebAssembly.Memory;
  readonly #scratchAt: number;
  readonly #scratchLength: number;
  // Views of the whole memory, made anew only when it has grown, which detaches them and leaves their length 0: looking
  // at the length costs a tenth of comparing buffers or making a view.
  #bytes: Uint8Array;
  #words: Uint32Array;
  #scratch: Uint8Array;

  constructor(wasm: Wasm) {
    this.#wasm = new wasm.WasmCache();
    this.#memory = wasm.memory;
    this.#scratchAt = this.#wasm.scratch_at;
    this.#scratchLength = this.#wasm.scratch_length;
    this.#bytes = this.#words = this.#scratch = undefined as never;
    this.#look();
  }

  /** Calls the core; `first` is the length of the text, if there is one, or the call's only number. */
  step(call: Call, first = 0, second = 0, third = 0): number {
    if (this.#ended !== undefined) throw this.#ended;
    try {
      return this.#wasm[call](first, second, third);
    } catch (error) {
      const message = `The core stopped in \`${call}\`; make a new cache. This is a bug in Larder.`;
      this.#ended = new LarderError("cache.crashed", message, { cause: error });
      throw this.#ended;
    }
  }

  /** Sets the cache up, as the first step. */
  open(registry: RegistrySpec, config: Config): number {
    return this.step("open", this.write(`${JSON.stringify(registry)}\n${JSON.stringify({ rowEncoding: "changes", ...config })}`));
  }

  /** Settles a mutation. What the core does as it is told it only says by a flag. */
  settle(call: "ack" | "reject", said: Settlement): number {
    this.#said = said;
    return this.step(call, this.write(JSON.stringify(said)));
  }

  /** The number of the query that the last `mount` made; none if it failed. */
  get mounted(): number | undefined {
    return this.#wasm.query;
  }

  /** What the event of the last `apply` did; `status` is what that returned. */
  applied(status: number): Applied {
    return {
      changed: this.#wasm.changed,
      stale: this.#wasm.stale,
      duplicate: (status & IS_DUPLICATE) !== 0,
      held: (status & IS_HELD) !== 0,
    };
  }

  get isDisposed(): boolean {
    return this.#ended?.kind === "cache.disposed";
  }

  /** Frees the core's memory; every later call fails. */
  dispose(): void {
    if (this.#ended?.kind !== "cache.crashed") this.#wasm.free();
    this.#ended = new LarderError("cache.disposed", "This cache was disposed; make a new one.");
  }

  /** Puts the text where the next call finds it and returns its length in bytes. Lone surrogates become U+FFFD. */
  write(text: Text): number {
    if (this.#ended !== undefined) throw this.#ended;
    if (typeof text !== "string") return this.#writeBytes(text);
    if (text.length <= this.#scratchLength) {
      if (this.#scratch.length === 0) this.#look();
      const { read, written } = encoder.encodeInto(text, this.#scratch);
      if (read === text.length) return written;
    }
    return this.#writeLong(text);
  }

  /** Applies the patch of the last call, if it made one. */
  readPatch(status: number, mirror: Mirror<Shown>, changed: unknown[]): void {
    if ((status & HAS_PATCH) === 0) return;
    if (this.#words.length === 0) this.#look();
    mirror.apply(this.#words, this.#bytes, this.#wasm.patch_at, changed);
  }

  /** A copy of the patch of the last call, if it made one. */
  copyPatch(status: number): ArrayBuffer | undefined {
    if ((status & HAS_PATCH) === 0) return undefined;
    if (this.#words.length === 0) this.#look();
    const at = this.#wasm.patch_at;
    // Whoever applies it reads words, so it ends with one.
    const length = ((this.#words[(at >>> 2) + 1] as number) + 3) & ~3;
    return this.#bytes.buffer.slice(at, at + length) as ArrayBuffer;
  }

  /** What the last call wants stored, as a copy. */
  copyBatch(status: number): Uint8Array<ArrayBuffer> | undefined {
    if ((status & HAS_BATCH) === 0) return undefined;
    if (this.#bytes.length === 0) this.#look();
    const at = this.#wasm.batch_at;
    return this.#bytes.slice(at, at + this.#wasm.batch_length) as Uint8Array<ArrayBuffer>;
  }

  /** What else the last call had to say. */
  readOutput(status: number): Output | undefined {
    if ((status & (HAS_OUTPUT | HAS_COUNTS | IS_SETTLED)) === 0) return undefined;
    const effects: Effect[] = [];
    let output: Output = { effects };
    if ((status & IS_SETTLED) !== 0 && this.#said !== undefined) {
      const { id, reason: rejection = null } = this.#said;
      effects.push({ type: "settled", data: { id, rejection } });
    }
    if ((status & HAS_OUTPUT) !== 0) {
      if (this.#bytes.length === 0) this.#look();
      const at = this.#wasm.output_at;
      const told = JSON.parse(decoder.decode(this.#bytes.subarray(at, at + this.#wasm.output_length))) as Output;
      for (const effect of told.effects ?? []) {
        if (effect.type === "status") this.#status = effect.data;
        effects.push(effect);
      }
      output = { ...told, effects };
    }
    if ((status & HAS_COUNTS) !== 0) {
      const { pending_count: pending, cursor } = this.#wasm;
      const { phase, storage = "none", library } = this.#status;
      this.#status = { phase, storage, pending, library, cursor: cursor < 0 ? null : `s${cursor}` };
      effects.push({ type: "status", data: this.#status });
    }
    return output;
  }

  #look(): void {
    const { buffer } = this.#memory;
    this.#bytes = new Uint8Array(buffer);
    this.#words = new Uint32Array(buffer);
    this.#scratch = new Uint8Array(buffer, this.#scratchAt, this.#scratchLength);
  }

  #writeBytes(bytes: Uint8Array): number {
    const fits = bytes.length <= this.#scratchLength;
    const at = fits ? this.#scratchAt : this.#reserve(bytes.length, 0);
    if (this.#bytes.length === 0) this.#look();
    this.#bytes.set(bytes, at);
    return bytes.length;
  }

  /**
   * A text that does not fit into the scratch gets a buffer of its own, which the core may keep as it is. It begins
   * with one byte per character and grows by what the rest seems to need: three bytes for each, which is the most
   * there can be, would leave a large ASCII text with memory that is never given back.
   */
  #writeLong(text: string): number {
    let rest = text;
    let used = 0;
    let room = text.length;
    for (;;) {
      const at = this.#reserve(used + room, used);
      if (this.#bytes.length === 0) this.#look();
      const { read, written } = encoder.encodeInto(rest, this.#bytes.subarray(at + used, at + used + room));
      used += written;
      if (read === rest.length) return used;
      rest = rest.slice(read);
      room = Math.min(3 * rest.length, 64 + Math.ceil((1.1 * rest.length * written) / Math.max(read, 1)));
    }
  }

  /** Room for a text of its own, with the `used` bytes that it has so far. */
  #reserve(length: number, used: number): number {
    const at = this.#wasm.reserve(length, used);
    if (at === 0) {
      throw new LarderError("cache.out_of_memory", `There is no memory for a text of ${length} bytes; send it in parts.`);
    }
    return at;
  }
}
