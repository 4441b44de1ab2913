import { Chevron } from "../icon/chevron";
import { type Column, nextSort, type Sort } from "./columns";

interface ListHeaderProps {
  readonly sort: Sort;
  readonly withFolder: boolean;
  readonly onSort: (sort: Sort) => void;
}

/** The names of the columns; a click sorts by one, another turns the order round. */
export function ListHeader({ sort, withFolder, onSort }: ListHeaderProps) {
  const head = (column: Column, label: string, place: string) => (
    <div
      role="columnheader"
      className={`cell ${place}`}
      aria-sort={sort.column !== column ? "none" : sort.dir === "asc" ? "ascending" : "descending"}
    >
      <button type="button" className="sorter" onClick={() => onSort(nextSort(sort, column))}>
        {label}
        {sort.column === column && <Chevron className={`sort-mark sort-${sort.dir}`} />}
      </button>
    </div>
  );
  return (
    <div role="rowgroup" className="list-head">
      <div role="row" className="row-grid" aria-rowindex={1}>
        {head("name", "Name", "cell-name")}
        {withFolder && (
          <div role="columnheader" className="cell cell-folder">
            <span className="sorter">Folder</span>
          </div>
        )}
        <div role="columnheader" className="cell cell-buttons">
          <span className="unseen">Actions</span>
        </div>
        {head("kind", "Kind", "cell-kind")}
        {head("size", "Size", "cell-size")}
        {head("modified_at", "Modified", "cell-date")}
      </div>
    </div>
  );
}
