import type { KeyboardEvent } from "react";

import { movedIndex } from "./moved_index";

/** What the keys of the list do. */
export interface ListKeys {
  readonly index: number;
  readonly total: number;
  readonly rowsPerPage: () => number;
  readonly goTo: (index: number) => void;
  readonly open: () => void;
  readonly up: () => void;
  readonly rename: () => void;
  readonly tags: () => void;
  readonly favorite: () => void;
  readonly copy: () => void;
  readonly move: () => void;
  readonly remove: () => void;
  readonly menu: () => void;
  readonly clear: () => void;
}

/** The keyboard of the list. */
export function listKey(event: KeyboardEvent<HTMLElement>, keys: ListKeys): void {
  const { key } = event;
  const isChord = event.ctrlKey || event.metaKey;
  if (key === "ArrowUp" && (event.altKey || event.metaKey)) keys.up();
  else if (isChord || event.altKey) return;
  else if (key === "Enter") keys.open();
  else if (key === "Backspace") keys.up();
  else if (key === "F2") keys.rename();
  else if (key === "t") keys.tags();
  else if (key === "s" || key === " ") keys.favorite();
  else if (key === "c") keys.copy();
  else if (key === "m") keys.move();
  else if (key === "Delete") keys.remove();
  else if (key === "ContextMenu") keys.menu();
  else if (key === "Escape") keys.clear();
  else {
    const next = movedIndex(key, keys.index, keys.total, keys.rowsPerPage());
    if (next === null) return;
    keys.goTo(next);
  }
  event.preventDefault();
}
