import { useState } from "react";

import type { WindowedRows } from "../windowed/page_set";
import { indexOfRow, rowAt } from "../windowed/row_at";

/** The row that the keyboard is on. It is a file, not a place: it stays with the file wherever that moves. */
export interface ActiveRow {
  /** `null` while nothing is active, or the row has been jumped to and is not mounted yet. */
  readonly id: string | null;
  /** Where it is, or was when it was last seen; -1 for nowhere yet. */
  readonly index: number;
}

const NONE: ActiveRow = { id: null, index: -1 };

/** The active row of a list, and the way to make another one active. */
export function useActiveRow<T extends { readonly id: string }>(
  window: WindowedRows<T>,
  initialId: string | null,
): readonly [ActiveRow, (active: ActiveRow) => void] {
  const [active, setActive] = useState<ActiveRow>({ id: initialId, index: -1 });
  const now = follow(active, window);
  if (now !== active) setActive(now);
  return [now, setActive];
}

function follow<T extends { readonly id: string }>(active: ActiveRow, window: WindowedRows<T>): ActiveRow {
  if (active.id === null) {
    const id = rowAt(window, active.index)?.id;
    return id === undefined ? active : { id, index: active.index };
  }
  const index = indexOfRow(window, active.id);
  if (index >= 0) return index === active.index ? active : { id: active.id, index };
  // Of a long list only a part is here: the file may be far from it, and whoever goes on by keyboard starts from there.
  return window.rows.length === window.total ? NONE : active;
}
