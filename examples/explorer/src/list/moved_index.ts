/** The row that a key leads to from row `index` (-1 for none), or `null` if the key does not move. */
export function movedIndex(key: string, index: number, total: number, rowsPerPage: number): number | null {
  const last = total - 1;
  if (last < 0) return null;
  switch (key) {
    case "ArrowDown":
      return Math.min(index + 1, last);
    case "ArrowUp":
      return index < 0 ? last : Math.max(index - 1, 0);
    case "PageDown":
      return Math.min(Math.max(index, 0) + rowsPerPage, last);
    case "PageUp":
      return Math.max(index - rowsPerPage, 0);
    case "Home":
      return 0;
    case "End":
      return last;
    default:
      return null;
  }
}
