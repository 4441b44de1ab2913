import { Glyph } from "./glyph";

/** A favourite, or the offer to make it one. */
export function Star({ filled }: { readonly filled: boolean }) {
  return (
    <Glyph>
      <path
        d="m8 1.9 1.85 3.9 4.25.56-3.12 2.94.8 4.2L8 11.45 4.22 13.5l.8-4.2L1.9 6.36l4.25-.56z"
        fill={filled ? "currentColor" : "none"}
      />
    </Glyph>
  );
}
