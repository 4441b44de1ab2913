import "./popover.css";

import { type RefObject, useEffect, useRef } from "react";

import { placeBelow } from "./place_below";

/** Opens a popover below its anchor as soon as it is there, and puts the focus on the first that the selector finds in it. */
export function usePopover(anchor: Element, first: string): RefObject<HTMLDivElement | null> {
  const popover = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const element = popover.current;
    if (!element || element.matches(":popover-open")) return;
    element.showPopover();
    placeBelow(element, anchor);
    element.querySelector<HTMLElement>(first)?.focus();
  }, [anchor, first]);
  return popover;
}
