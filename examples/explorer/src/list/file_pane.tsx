import { type RefObject, useState } from "react";

import { type Filters, isNarrowed, NO_FILTERS } from "../filter/filters";
import { useSettled } from "../filter/use_settled";
import { usePreviousFolder } from "../folder/use_previous_folder";
import { goToFolder } from "../folder/use_folder_hash";
import type { File as FileRow } from "../resource/library";
import { BY_NAME } from "./columns";
import { EmptyList } from "./empty_list";
import { FileList } from "./file_list";
import { fileQuery } from "./file_query";
import { ListFooter } from "./list_footer";

const TYPING_MS = 120;

interface FilePaneProps {
  readonly root: FileRow;
  readonly folder: FileRow;
  readonly grid: RefObject<HTMLDivElement | null>;
  readonly filters: Filters;
  readonly onChange: (change: Partial<Filters>) => void;
}

/** The list of the open folder as the filters and the order want it. */
export function FilePane({ root, folder, grid, filters, onChange }: FilePaneProps) {
  const [sort, setSort] = useState(BY_NAME);
  const text = useSettled(filters.text, TYPING_MS);
  const before = usePreviousFolder(folder);
  // A filter of the folder before must not hold for this one while its text settles.
  const query = fileQuery(folder.id, { ...filters, text: filters.text === "" ? "" : text }, sort);
  const narrowed = isNarrowed(filters);
  const up = folder.parent_id;
  const empty = narrowed ? (
    <EmptyList title="No file matches">
      <p>{filters.everywhere ? "Nothing in the library passes the filters." : "Nothing in this folder passes the filters."}</p>
      <button type="button" className="button" onClick={() => onChange(NO_FILTERS)}>
        Clear the filters
      </button>
    </EmptyList>
  ) : (
    <EmptyList title="This folder is empty">
      <p>Files put here on disk show up at once.</p>
    </EmptyList>
  );
  return (
    <FileList
      key={folder.id}
      grid={grid}
      label={filters.everywhere ? "Files of the library" : `Files in ${folder.name}`}
      query={query}
      sort={sort}
      onSort={setSort}
      library={filters.everywhere ? root.name : null}
      initialId={before?.parent_id === folder.id ? before.id : null}
      onOpen={(id) => {
        // Also when it is the one that is open: the list shows it then, instead of the whole library.
        onChange(NO_FILTERS);
        goToFolder(id);
      }}
      onUp={() => {
        if (up !== null) goToFolder(up);
      }}
      empty={empty}
      footer={(total) => <ListFooter total={total} narrowed={narrowed} folder={folder} />}
    />
  );
}
