/** The columns one can sort by. */
export type Column = "name" | "kind" | "size" | "modified_at";

export interface Sort {
  readonly column: Column;
  readonly dir: "asc" | "desc";
}

export const BY_NAME: Sort = { column: "name", dir: "asc" };

/** What a click on a column's head makes of the order: it turns round, or starts with what is asked for most. */
export function nextSort(sort: Sort, column: Column): Sort {
  if (sort.column === column) return { column, dir: sort.dir === "asc" ? "desc" : "asc" };
  return { column, dir: column === "size" || column === "modified_at" ? "desc" : "asc" };
}
