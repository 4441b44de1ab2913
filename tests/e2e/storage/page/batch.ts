/** A key to delete, or a key and its value. */
export type Change = string | readonly [string, Uint8Array];

/** A batch as PROTOCOL.md describes it, written by other code than that which reads it. */
export function batch(changes: readonly Change[]): Uint8Array<ArrayBuffer> {
  const parts: Uint8Array[] = [word(0x3142444c), word(1), word(0), word(changes.length)];
  for (const change of changes) {
    const [key, value] = typeof change === "string" ? [change] : change;
    const name = new TextEncoder().encode(key);
    parts.push(Uint8Array.of(value === undefined ? 2 : 1), word(name.length), name);
    if (value !== undefined) parts.push(word(value.length), value);
  }
  const bytes = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

function word(value: number): Uint8Array {
  return new Uint8Array(Uint32Array.of(value).buffer);
}
