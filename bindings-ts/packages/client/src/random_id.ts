/** A random UUID. Not `crypto.randomUUID`, which pages served over plain http do not have. */
export function randomId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  let text = "";
  for (let i = 0; i < 16; i++) {
    let byte = bytes[i] as number;
    if (i === 6) byte = (byte & 0x0f) | 0x40;
    if (i === 8) byte = (byte & 0x3f) | 0x80;
    if (i === 4 || i === 6 || i === 8 || i === 10) text += "-";
    text += byte.toString(16).padStart(2, "0");
  }
  return text;
}
