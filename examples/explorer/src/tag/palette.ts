/** The colours that new tags are offered in; they are told apart on light and on dark. */
export const PALETTE = ["#e5484d", "#e8833a", "#c99a06", "#3f9e57", "#12a594", "#3b82f6", "#8b5cf6", "#d6409f"] as const;

/** The colour of the palette that the fewest tags have, the first of them. */
export function leastUsedColor(used: readonly string[]): string {
  const count = (color: string) => used.filter((other) => other.toLowerCase() === color).length;
  return PALETTE.reduce((best, color) => (count(color) < count(best) ? color : best));
}
