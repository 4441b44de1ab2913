import { Glyph } from "./glyph";

/** Points right; turned by CSS where it stands for something open. */
export function Chevron({ className }: { readonly className?: string }) {
  return (
    <Glyph className={className} size={14}>
      <path d="M6 3.8 10.2 8 6 12.2" />
    </Glyph>
  );
}
