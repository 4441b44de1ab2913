import type { KeyboardEvent } from "react";

/** Keys of the tree, as in every tree: up and down through what is visible, left and right to fold, unfold and step. */
export function treeMove(event: KeyboardEvent<HTMLElement>, setOpen: (id: string, open: boolean) => void): void {
  const item = event.target instanceof HTMLElement ? event.target.closest<HTMLElement>("[role=treeitem]") : null;
  if (!item || event.ctrlKey || event.metaKey || event.altKey) return;
  const items = [...event.currentTarget.querySelectorAll<HTMLElement>("[role=treeitem]")];
  const at = items.indexOf(item);
  const id = item.dataset["id"] ?? "";
  const isOpen = item.dataset["open"] === "true";
  switch (event.key) {
    case "ArrowDown":
      items[at + 1]?.focus();
      break;
    case "ArrowUp":
      items[at - 1]?.focus();
      break;
    case "Home":
      items[0]?.focus();
      break;
    case "End":
      items.at(-1)?.focus();
      break;
    case "ArrowRight":
      if (!isOpen) setOpen(id, true);
      else if (level(items[at + 1]) > level(item)) items[at + 1]?.focus();
      break;
    case "ArrowLeft":
      if (isOpen) setOpen(id, false);
      else items.findLast((other, index) => index < at && level(other) < level(item))?.focus();
      break;
    case "Enter":
    case " ":
      item.click();
      break;
    default:
      return;
  }
  event.preventDefault();
}

function level(item: HTMLElement | undefined): number {
  return Number(item?.getAttribute("aria-level") ?? 0);
}
