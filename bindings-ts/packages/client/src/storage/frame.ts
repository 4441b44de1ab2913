import type { Op } from "./batch.js";
import { checksum } from "./checksum.js";
import type { LogFile } from "./log.js";

/** Where a value is, in bytes from the start of the file, and its checksum. */
export interface Put {
  readonly at: number;
  readonly bytes: number;
  readonly sum: number;
}

/** One batch in the file. */
export interface Frame {
  /** Without `put`, the key is deleted. */
  readonly ops: readonly { readonly key: string; readonly put: Put | undefined }[];
  /** Where the next one begins. */
  readonly end: number;
}

/** "LDF1". */
const MAGIC = 0x3146444c;
/** Magic, how many operations, bytes of the directory, its checksum; the count and the bytes are part of that. */
const HEAD = 16;
/** For each operation: kind, length of the key, length of the value, its checksum, and the key. */
const ENTRY = 12;
const PUT = 1;
const DELETE = 2;
/** Most directories are read with the head in one go. */
const FIRST_READ = 4096;

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** A batch as it is put at `at`: a directory of its keys and of the lengths and checksums of its values, then the values. */
export function encodeFrame(ops: readonly Op[], at: number): { bytes: Uint8Array<ArrayBuffer>; frame: Frame } {
  const keys = ops.map((op) => encoder.encode(op.key));
  let directory = 0;
  let values = 0;
  ops.forEach((op, i) => {
    directory += ENTRY + (keys[i] as Uint8Array).length;
    values += op.value?.length ?? 0;
  });
  const bytes = new Uint8Array(HEAD + directory + values);
  const view = new DataView(bytes.buffer);
  let entry = HEAD;
  let value = HEAD + directory;
  const noted = ops.map((op, i) => {
    const key = keys[i] as Uint8Array;
    const put = op.value && { at: at + value, bytes: op.value.length, sum: checksum(op.value) };
    view.setUint16(entry, put === undefined ? DELETE : PUT, true);
    view.setUint16(entry + 2, key.length, true);
    view.setUint32(entry + 4, put?.bytes ?? 0, true);
    view.setUint32(entry + 8, put?.sum ?? 0, true);
    bytes.set(key, entry + ENTRY);
    entry += ENTRY + key.length;
    if (op.value !== undefined) bytes.set(op.value, value);
    value += put?.bytes ?? 0;
    return { key: op.key, put };
  });
  view.setUint32(0, MAGIC, true);
  view.setUint32(4, ops.length, true);
  view.setUint32(8, directory, true);
  view.setUint32(12, checksum(bytes.subarray(HEAD, HEAD + directory), ops.length), true);
  return { bytes, frame: { ops: noted, end: at + bytes.length } };
}

/** The frame at `at`, if there is one: its directory is right and all of its values are within the file. */
export function readFrame(file: LogFile, at: number, size: number): Frame | undefined {
  if (size - at < HEAD) return undefined;
  let bytes = new Uint8Array(Math.min(FIRST_READ, size - at));
  if (file.read(bytes, { at }) < HEAD) return undefined;
  let view = new DataView(bytes.buffer);
  if (view.getUint32(0, true) !== MAGIC) return undefined;
  const [count, directory, sum] = [view.getUint32(4, true), view.getUint32(8, true), view.getUint32(12, true)];
  const start = HEAD + directory;
  if (directory < count * ENTRY || start > size - at) return undefined;
  if (start > bytes.length) {
    bytes = new Uint8Array(start);
    view = new DataView(bytes.buffer);
    if (file.read(bytes, { at }) < start) return undefined;
  }
  if (checksum(bytes.subarray(HEAD, start), count) !== sum) return undefined;
  const ops: Frame["ops"][number][] = [];
  let value = at + start;
  for (let entry = HEAD; entry < start; ) {
    const keyEnd = entry + ENTRY + view.getUint16(entry + 2, true);
    const key = decoder.decode(bytes.subarray(entry + ENTRY, keyEnd));
    const isPut = view.getUint16(entry, true) === PUT;
    const length = view.getUint32(entry + 4, true);
    ops.push({ key, put: isPut ? { at: value, bytes: length, sum: view.getUint32(entry + 8, true) } : undefined });
    value += length;
    entry = keyEnd;
  }
  return value <= size ? { ops, end: value } : undefined;
}

/** Whether a whole frame begins anywhere from `at` on: then what is before it was not torn off, but damaged. */
export function wholeFrameFollows(file: LogFile, at: number, size: number): boolean {
  const chunk = new Uint8Array(1 << 20);
  while (size - at >= HEAD) {
    const read = file.read(chunk, { at });
    // Little-endian, so the file has these four bytes in this order.
    for (let i = chunk.indexOf(0x4c); i >= 0 && i + 4 <= read; i = chunk.indexOf(0x4c, i + 1)) {
      const isMagic = chunk[i + 1] === 0x44 && chunk[i + 2] === 0x46 && chunk[i + 3] === 0x31;
      if (isMagic && readFrame(file, at + i, size) !== undefined) return true;
    }
    if (read < chunk.length) return false;
    // The magic may lie across the border of two chunks.
    at += read - 3;
  }
  return false;
}
