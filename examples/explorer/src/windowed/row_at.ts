import type { WindowedRows } from "./page_set";

/** The row at `index` of the whole list, if it is mounted. */
export function rowAt<T>(window: WindowedRows<T>, index: number): T | undefined {
  return window.rows[index - window.offset];
}

/** Where in the whole list the row with this id is, or -1 if it is not mounted. */
export function indexOfRow<T extends { readonly id: string }>(window: WindowedRows<T>, id: string): number {
  const index = window.rows.findIndex((row) => row.id === id);
  return index < 0 ? -1 : index + window.offset;
}
