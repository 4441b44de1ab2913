import { storageError } from "./errors.js";

/** The form of what is stored: this byte, the nonce, the ciphertext, the tag. The same in every language. */
const FORMAT = 1;
const NONCE_BYTES = 12;
const HEAD_BYTES = 1 + NONCE_BYTES;
/** How much longer a value is when it is encrypted. */
export const OVERHEAD_BYTES = HEAD_BYTES + 16;

const encoder = new TextEncoder();

/** Encrypts the value of this name. */
export async function seal(key: CryptoKey, name: string, value: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
  const iv = crypto.getRandomValues(new Uint8Array(NONCE_BYTES));
  const text = await crypto.subtle.encrypt({ name: "AES-GCM", iv, additionalData: encoder.encode(name) }, key, value);
  const bytes = new Uint8Array(HEAD_BYTES + text.byteLength);
  bytes[0] = FORMAT;
  bytes.set(iv, 1);
  bytes.set(new Uint8Array(text), HEAD_BYTES);
  return bytes;
}

/** Decrypts the value of this name. */
export async function open(key: CryptoKey, name: string, bytes: Uint8Array): Promise<Uint8Array<ArrayBuffer>> {
  if (bytes.length > 0 && bytes[0] !== FORMAT) {
    throw storageError("storage.newer_format", `The value of ${name} is encrypted in a form that this version does not know; load the newest app.`);
  }
  const iv = bytes.slice(1, HEAD_BYTES);
  try {
    const text = bytes.slice(HEAD_BYTES);
    return new Uint8Array(await crypto.subtle.decrypt({ name: "AES-GCM", iv, additionalData: encoder.encode(name) }, key, text));
  } catch (error) {
    throw storageError("storage.damaged", `The value of ${name} cannot be decrypted; wipe the storage, and the cache is filled anew.`, error);
  }
}
