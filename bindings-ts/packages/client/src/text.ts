/** A JSON text, or its UTF-8 bytes. */
export type Text = string | Uint8Array;
