import { storageError } from "./errors.js";

/** One operation of a batch; without a value, the key is deleted. */
export interface Op {
  readonly key: string;
  readonly value: Uint8Array<ArrayBuffer> | undefined;
}

/** "LDB1". */
const MAGIC = 0x3142444c;
const HEAD = 16;
const PUT = 1;
const DELETE = 2;

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** Reads a batch; the values are views of its bytes. */
export function readBatch(bytes: Uint8Array<ArrayBuffer>): Op[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const ops: Op[] = [];
  let at = HEAD;
  const slice = (): Uint8Array<ArrayBuffer> => {
    const length = view.getUint32(at, true);
    at += 4;
    if (at + length > bytes.length) throw new RangeError("a batch ends too early");
    at += length;
    return bytes.subarray(at - length, at);
  };
  try {
    if (view.getUint32(0, true) !== MAGIC) throw new RangeError("it does not begin as one");
    for (let left = view.getUint32(12, true); left > 0; left--) {
      const kind = view.getUint8(at++);
      if (kind !== PUT && kind !== DELETE) throw new RangeError(`there is no operation ${kind}`);
      const key = decoder.decode(slice());
      ops.push({ key, value: kind === PUT ? slice() : undefined });
    }
  } catch (error) {
    throw storageError("storage.damaged", `These bytes are not a batch: ${(error as Error).message}.`, error);
  }
  return ops;
}

/** Writes operations as a batch. */
export function writeBatch(number: number, ops: readonly Op[]): Uint8Array<ArrayBuffer> {
  const keys = ops.map((op) => encoder.encode(op.key));
  let length = HEAD;
  ops.forEach(({ value }, i) => (length += 5 + (keys[i] as Uint8Array).length + (value === undefined ? 0 : 4 + value.length)));
  const bytes = new Uint8Array(length);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, MAGIC, true);
  view.setBigUint64(4, BigInt(number), true);
  view.setUint32(12, ops.length, true);
  let at = HEAD;
  const slice = (from: Uint8Array): void => {
    view.setUint32(at, from.length, true);
    bytes.set(from, at + 4);
    at += 4 + from.length;
  };
  ops.forEach(({ value }, i) => {
    view.setUint8(at++, value === undefined ? DELETE : PUT);
    slice(keys[i] as Uint8Array);
    if (value !== undefined) slice(value);
  });
  return bytes;
}

/** The number that a batch is reported by. */
export function numberOf(batch: Uint8Array): number {
  return Number(new DataView(batch.buffer, batch.byteOffset, batch.byteLength).getBigUint64(4, true));
}
