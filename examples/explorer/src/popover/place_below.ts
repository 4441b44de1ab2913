const GAP = 4;
const EDGE = 8;

/** Puts an open popover under its anchor, or above it where there is no room, and inside the window. */
export function placeBelow(popover: HTMLElement, anchor: Element): void {
  const from = anchor.getBoundingClientRect();
  const { width, height } = popover.getBoundingClientRect();
  const below = from.bottom + GAP;
  const fits = below + height + EDGE <= window.innerHeight;
  const top = fits ? below : Math.max(EDGE, from.top - GAP - height);
  const left = Math.min(Math.max(EDGE, from.left), window.innerWidth - width - EDGE);
  popover.style.top = `${top}px`;
  popover.style.left = `${left}px`;
}
