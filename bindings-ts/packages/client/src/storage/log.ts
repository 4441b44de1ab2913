import { readBatch } from "./batch.js";
import { checksum } from "./checksum.js";
import { storageError } from "./errors.js";
import { encodeFrame, type Frame, type Put, readFrame, wholeFrameFollows } from "./frame.js";
import type { StoredKey } from "./storage.js";

/** The part of `FileSystemSyncAccessHandle` that a log needs. */
export interface LogFile {
  getSize(): number;
  read(into: Uint8Array<ArrayBuffer>, options: { at: number }): number;
  write(from: Uint8Array<ArrayBuffer>, options: { at: number }): number;
  truncate(size: number): void;
  flush(): void;
  close(): void;
}

/** "LDL1". */
const MAGIC = 0x314c444c;
const FORMAT = 1;
/** Magic, format, whether all is there that was to be copied into it, and nothing yet. */
export const HEAD = 16;
/** Below this, waste is not worth copying for. */
const SMALL_BYTES = 1 << 20;
/** Copies go in frames of about this size. */
const COPY_BYTES = 4 << 20;

/** Where a value is in the file. */
interface Place extends Put {
  readonly key: string;
}

/**
 * An append-only file of batches, each of them a frame with checksums, and where in it each value is. What is behind the last whole
 * frame was torn off while it was written, and is cut away.
 */
export class Log {
  readonly #file: LogFile;
  readonly #places: Map<string, Place>;
  #end: number;
  #live: number;

  private constructor(file: LogFile, places: Map<string, Place>, end: number) {
    this.#file = file;
    this.#places = places;
    this.#end = end;
    this.#live = 0;
    for (const place of places.values()) this.#live += room(place);
  }

  /** A new log in an empty file. It counts as one from {@link finish} on. */
  static create(file: LogFile): Log {
    file.truncate(0);
    writeAll(file, head(0), 0);
    return new Log(file, new Map(), HEAD);
  }

  /** A new log that counts. */
  static empty(file: LogFile): Log {
    const log = Log.create(file);
    log.finish();
    return log;
  }

  /** Everything is in it that was to be. */
  finish(): void {
    this.#file.flush();
    writeAll(this.#file, head(1), 0);
    this.#file.flush();
  }

  /** Opens the log in this file; none if it was never finished. */
  static open(file: LogFile): Log | undefined {
    const size = file.getSize();
    const view = new DataView(new ArrayBuffer(HEAD));
    if (file.read(new Uint8Array(view.buffer), { at: 0 }) < HEAD) return undefined;
    const [magic, format, isFinished] = [view.getUint32(0, true), view.getUint32(4, true), view.getUint32(8, true)];
    if (magic !== MAGIC) throw damaged("its beginning");
    if (format > FORMAT) throw storageError("storage.newer_format", "A newer version of Larder wrote this storage; load the newest app, or wipe it.");
    if (isFinished !== 1) return undefined;
    const places = new Map<string, Place>();
    let at = HEAD;
    let frame = readFrame(file, at, size);
    while (frame !== undefined) {
      const next = readFrame(file, frame.end, size);
      // Only the last one can have been torn: those before it were on the disk before the next was begun.
      if (next === undefined && !isWhole(file, frame)) break;
      note(places, frame);
      at = frame.end;
      frame = next;
    }
    if (at < size) {
      if (wholeFrameFollows(file, at + 1, size)) throw damaged("a batch in the middle");
      file.truncate(at);
      file.flush();
    }
    return new Log(file, places, at);
  }

  keys(): StoredKey[] {
    return Array.from(this.#places.values(), ({ key, bytes }) => ({ key, bytes }));
  }

  read(keys: readonly string[]): (Uint8Array<ArrayBuffer> | undefined)[] {
    return keys.map((key) => {
      const place = this.#places.get(key);
      return place && this.#value(place);
    });
  }

  /** Puts a batch at the end, durably. */
  commit(batch: Uint8Array<ArrayBuffer>): void {
    const { bytes, frame } = encodeFrame(readBatch(batch), this.#end);
    try {
      writeAll(this.#file, bytes, this.#end);
      this.#file.flush();
    } catch (error) {
      this.#file.truncate(this.#end);
      throw error;
    }
    this.#end = frame.end;
    // A key may be there twice; its room counts once.
    const keys = new Set(frame.ops.map((op) => op.key));
    for (const key of keys) this.#live -= room(this.#places.get(key));
    note(this.#places, frame);
    for (const key of keys) this.#live += room(this.#places.get(key));
  }

  /** The length of the file. */
  get bytes(): number {
    return this.#end;
  }

  /** Whether more than half of the file is there for nothing. */
  get isWasteful(): boolean {
    return this.#end > SMALL_BYTES && this.#end > 2 * this.#live;
  }

  /** Writes all that counts into a new log. */
  copyInto(file: LogFile): Log {
    const copy = Log.create(file);
    let ops: { key: string; value: Uint8Array<ArrayBuffer> }[] = [];
    let bytes = 0;
    const put = (): void => {
      const encoded = encodeFrame(ops, copy.#end);
      writeAll(file, encoded.bytes, copy.#end);
      copy.#end = encoded.frame.end;
      note(copy.#places, encoded.frame);
      ops = [];
      bytes = 0;
    };
    for (const place of this.#places.values()) {
      ops.push({ key: place.key, value: this.#value(place) });
      bytes += place.bytes;
      if (bytes >= COPY_BYTES) put();
    }
    if (ops.length > 0) put();
    copy.#live = this.#live;
    copy.finish();
    return copy;
  }

  close(): void {
    this.#file.close();
  }

  #value(place: Place): Uint8Array<ArrayBuffer> {
    const value = new Uint8Array(place.bytes);
    const read = this.#file.read(value, { at: place.at });
    if (read !== value.length || checksum(value) !== place.sum) throw damaged(`the value of ${place.key}`);
    return value;
  }
}

/** What a value takes up in the file, about. */
function room(place: Place | undefined): number {
  return place === undefined ? 0 : place.bytes + place.key.length + 16;
}

function note(places: Map<string, Place>, frame: Frame): void {
  for (const { key, put } of frame.ops) {
    if (put === undefined) places.delete(key);
    else places.set(key, { key, ...put });
  }
}

function isWhole(file: LogFile, frame: Frame): boolean {
  return frame.ops.every(({ put }) => {
    if (put === undefined) return true;
    const value = new Uint8Array(put.bytes);
    return file.read(value, { at: put.at }) === value.length && checksum(value) === put.sum;
  });
}

function head(isFinished: 0 | 1): Uint8Array<ArrayBuffer> {
  return new Uint8Array(new Uint32Array([MAGIC, FORMAT, isFinished, 0]).buffer);
}

function writeAll(file: LogFile, bytes: Uint8Array<ArrayBuffer>, at: number): void {
  const written = file.write(bytes, { at });
  if (written === bytes.length) return;
  throw storageError("storage.quota_exceeded", `Only ${written} of ${bytes.length} bytes could be written; the disk is full.`);
}

function damaged(what: string): Error {
  return storageError("storage.damaged", `In the file of this storage, ${what} is not what was stored; wipe it, and the cache is filled anew.`);
}
