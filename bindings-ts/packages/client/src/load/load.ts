import { LarderError } from "../errors.js";
import type { Applied } from "../generated.js";
import { breath } from "./breath.js";
import { type Boundary, lastBoundary, likelyBoundary } from "./boundary.js";
import { chunksOf, type LoadSource, sizeOf } from "./source.js";

/** How a load is followed and ended. */
export interface LoadOptions {
  /** Called after each slice. */
  readonly onProgress?: (progress: LoadProgress) => void;
  /** Ends the load between two slices; what is loaded stays. */
  readonly signal?: AbortSignal;
}

/** How far a load is. */
export interface LoadProgress {
  /** Bytes of the source that are in the cache. */
  readonly bytes: number;
  /** Bytes of the whole source, where that is known. */
  readonly totalBytes: number | undefined;
  /** Rows that look different now. */
  readonly changed: number;
  /** Resources that were older than what is cached. */
  readonly stale: number;
}

/** How much is taken at a time. */
export interface Pace {
  /** Takes one event. */
  readonly apply: (event: Uint8Array) => Applied | Promise<Applied>;
  /** Whether `apply` holds up this thread, so that slices have to be short and others must get their turn. */
  readonly blocks: boolean;
}

const SMALLEST_SLICE = 32 << 10;
const LARGEST_SLICE = 4 << 20;
/** What one slice should take at most, so that a frame of 16 ms has room for the app. */
const SLICE_MS = 5;
/** When others get their turn at the latest. */
const TURN_MS = 8;

/** Loads a JSON array of resources, slice by slice. */
export async function load(pace: Pace, resourceType: string, source: LoadSource, options: LoadOptions = {}): Promise<LoadProgress> {
  options.signal?.throwIfAborted();
  const loading = new Loading(pace, resourceType, sizeOf(source), options);
  for await (const chunk of chunksOf(source, () => loading.size)) await loading.add(chunk);
  return loading.end();
}

class Loading {
  /** Bytes of the slice to come. */
  size: number;
  readonly #pace: Pace;
  readonly #options: LoadOptions;
  readonly #frame: (rows: Uint8Array) => Uint8Array;
  #progress: LoadProgress;
  /** What came and is not in the cache. */
  #parts: Uint8Array[] = [];
  #held = 0;
  #isOpen = false;
  #find: (bytes: Uint8Array) => Boundary | undefined = likelyBoundary;
  #turnEnds_ms = performance.now() + TURN_MS;

  constructor(pace: Pace, resourceType: string, totalBytes: number | undefined, options: LoadOptions) {
    this.#pace = pace;
    this.#options = options;
    this.#frame = framed(`{"ResourceChangedBatch":{"resource_type":${JSON.stringify(resourceType)},"resources":[`, "]}}");
    this.#progress = { bytes: 0, totalBytes, changed: 0, stale: 0 };
    this.size = pace.blocks ? 256 << 10 : 1 << 20;
  }

  async add(chunk: Uint8Array): Promise<void> {
    this.#parts.push(chunk);
    this.#held += chunk.length;
    if (this.#held < this.size) return;
    const bytes = this.#take();
    if (!this.#isOpen) return this.#hold(bytes);
    const taken = await this.#applySome(bytes);
    this.#hold(bytes.subarray(taken));
    if (taken > 0) await this.#turn(taken);
  }

  async end(): Promise<LoadProgress> {
    const bytes = this.#take();
    const end = endOf(bytes);
    if (!this.#isOpen || end === undefined) {
      throw new LarderError("load.cut_off", "What is loaded ends before its array does; the rows until there are in the cache.");
    }
    if (firstOf(bytes) < end) await this.#apply(bytes.subarray(0, end));
    await this.#turn(bytes.length);
    return this.#progress;
  }

  /** All that came and is not in the cache, without the bracket that begins it. */
  #take(): Uint8Array {
    const bytes = joined(this.#parts, this.#held);
    this.#parts = [];
    this.#held = 0;
    const at = this.#isOpen ? bytes.length : firstOf(bytes);
    if (at === bytes.length) return bytes;
    if (bytes[at] !== OPEN) throw new LarderError("load.not_an_array", "What is loaded is not a JSON array of resources; it must begin with `[`.");
    this.#isOpen = true;
    this.#progress = { ...this.#progress, bytes: at + 1 };
    return bytes.subarray(at + 1);
  }

  #hold(bytes: Uint8Array): void {
    this.#parts.push(bytes);
    this.#held += bytes.length;
  }

  /** Applies whole rows from the front; returns how many bytes that were. */
  async #applySome(bytes: Uint8Array): Promise<number> {
    const likely = this.#find(bytes);
    if (likely === undefined) return 0;
    try {
      await this.#apply(bytes.subarray(0, likely.end));
      return likely.next;
    } catch (error) {
      if (this.#find === lastBoundary) throw error;
      // The place that looks like the end of a row may be inside of one. Then the core cannot read what comes before
      // it, and has taken nothing; from now on the ends of rows are counted out.
      this.#find = lastBoundary;
      const exact = lastBoundary(bytes);
      if (exact?.end === likely.end) throw error;
      if (exact === undefined) return 0;
      await this.#apply(bytes.subarray(0, exact.end));
      return exact.next;
    }
  }

  async #apply(rows: Uint8Array): Promise<void> {
    const begun_ms = performance.now();
    const done = this.#pace.apply(this.#frame(rows));
    const { changed, stale } = done instanceof Promise ? await done : done;
    const { changed: before, stale: staleBefore } = this.#progress;
    this.#progress = { ...this.#progress, changed: before + changed, stale: staleBefore + stale };
    if (!this.#pace.blocks) return;
    const took_ms = Math.max(performance.now() - begun_ms, 0.1);
    this.size = Math.min(Math.max(this.size * Math.min(SLICE_MS / took_ms, 2), SMALLEST_SLICE), LARGEST_SLICE);
  }

  /** Tells how far it is, and lets others have their turn. */
  async #turn(bytes: number): Promise<void> {
    this.#progress = { ...this.#progress, bytes: this.#progress.bytes + bytes };
    this.#options.onProgress?.(this.#progress);
    if (this.#pace.blocks && performance.now() >= this.#turnEnds_ms) {
      await breath();
      this.#turnEnds_ms = performance.now() + TURN_MS;
    }
    this.#options.signal?.throwIfAborted();
  }
}

/** Puts the same texts around something, as UTF-8. */
function framed(head: string, tail: string): (inner: Uint8Array) => Uint8Array {
  const encoder = new TextEncoder();
  const before = encoder.encode(head);
  const behind = encoder.encode(tail);
  return (inner) => joined([before, inner, behind], before.length + inner.length + behind.length);
}

const OPEN = 0x5b;
const CLOSE = 0x5d;

function isSpace(byte: number | undefined): boolean {
  return byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;
}

/** The index of the first byte that is not white space. */
function firstOf(bytes: Uint8Array): number {
  let at = 0;
  while (at < bytes.length && isSpace(bytes[at])) at++;
  return at;
}

/** The index of the bracket that ends the array, if it is the last there is. */
function endOf(bytes: Uint8Array): number | undefined {
  let at = bytes.length - 1;
  while (at >= 0 && isSpace(bytes[at])) at--;
  return bytes[at] === CLOSE ? at : undefined;
}

/** All parts as one array. */
function joined(parts: readonly Uint8Array[], length: number): Uint8Array {
  if (parts.length === 1) return parts[0] as Uint8Array;
  const whole = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
