import type { ReactNode } from "react";

interface GlyphProps {
  readonly children: ReactNode;
  readonly className?: string | undefined;
  readonly size?: number;
}

/** The frame that all line icons share. They repeat what a label says, so they are hidden from screen readers. */
export function Glyph({ children, className, size = 16 }: GlyphProps) {
  return (
    <svg
      aria-hidden="true"
      className={className}
      width={size}
      height={size}
      viewBox="0 0 16 16"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.4"
      strokeLinecap="round"
      strokeLinejoin="round"
    >
      {children}
    </svg>
  );
}
