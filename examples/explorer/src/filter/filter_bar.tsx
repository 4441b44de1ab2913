import "./filter_bar.css";

import type { FileKind } from "../resource/library";
import type { Tag as TagRow } from "../resource/library";
import { KINDS, kindLabel } from "../text/kind";
import { FilterBox } from "./filter_box";
import type { Filters } from "./filters";

interface FilterBarProps {
  readonly filters: Filters;
  readonly tags: readonly TagRow[];
  readonly onChange: (change: Partial<Filters>) => void;
  /** The reader is done with the box and wants the list. */
  readonly onLeave: () => void;
}

/** Narrows the list: by text, by kind, by tag, to favourites; in this folder or in all. */
export function FilterBar({ filters, tags, onChange, onLeave }: FilterBarProps) {
  return (
    <div className="filter-bar" role="search">
      <FilterBox filters={filters} onChange={onChange} onLeave={onLeave} />
      <select
        className="picker"
        aria-label="Kind"
        data-active={filters.kind !== null}
        value={filters.kind ?? ""}
        onChange={(event) => onChange({ kind: (event.target.value || null) as FileKind | null })}
      >
        <option value="">Any kind</option>
        {KINDS.map((kind) => (
          <option key={kind} value={kind}>
            {kindLabel(kind)}
          </option>
        ))}
      </select>
      <select
        className="picker"
        aria-label="Tag"
        data-active={filters.tagId !== null}
        value={filters.tagId ?? ""}
        onChange={(event) => onChange({ tagId: event.target.value || null })}
      >
        <option value="">Any tag</option>
        {tags.map((tag) => (
          <option key={tag.id} value={tag.id}>
            {tag.name}
          </option>
        ))}
      </select>
    </div>
  );
}
