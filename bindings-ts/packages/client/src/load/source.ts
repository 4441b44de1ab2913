import { LarderError } from "../errors.js";
import type { Text } from "../text.js";

/** A JSON array of resources: as text, as UTF-8 bytes, or as they come from the network. */
export type LoadSource = Text | ReadableStream<Uint8Array> | Response;

/** How many bytes a source has, if that is known before it is read. */
export function sizeOf(source: LoadSource): number | undefined {
  if (source instanceof Uint8Array) return source.length;
  return undefined;
}

/** The bytes of a source, in pieces of about the size that is wanted then. */
export async function* chunksOf(source: LoadSource, size: () => number): AsyncGenerator<Uint8Array> {
  if (typeof source === "string") yield* piecesOfText(source, size);
  else if (source instanceof Uint8Array) yield* pieces(source, size);
  else for await (const chunk of read(streamOf(source))) yield* pieces(chunk, size);
}

function* pieces(bytes: Uint8Array, size: () => number): Generator<Uint8Array> {
  for (let at = 0; at < bytes.length; ) {
    const end = at + Math.ceil(size());
    yield bytes.subarray(at, end);
    at = end;
  }
}

function* piecesOfText(text: string, size: () => number): Generator<Uint8Array> {
  const encoder = new TextEncoder();
  for (let at = 0; at < text.length; ) {
    let end = Math.min(at + Math.ceil(size()), text.length);
    // Not between the two halves of one character.
    if (end < text.length && (text.charCodeAt(end - 1) & 0xfc00) === 0xd800) end--;
    yield encoder.encode(text.slice(at, end));
    at = end;
  }
}

function streamOf(source: ReadableStream<Uint8Array> | Response): ReadableStream<Uint8Array> {
  if (!(source instanceof Response)) return source;
  if (!source.ok || source.body === null) {
    throw new LarderError("load.no_rows", `The backend answered ${source.status} instead of sending resources.`);
  }
  return source.body;
}

async function* read(stream: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array> {
  const reader = stream.getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      yield value;
    }
  } finally {
    // A load that failed needs no more of it.
    reader.cancel().catch(() => undefined);
  }
}
