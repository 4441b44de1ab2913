import "./list.css";
import "./list_parts.css";

import { type ReactNode, type RefObject, useEffect } from "react";

import { useToday } from "../text/use_today";
import { rowAt } from "../windowed/row_at";
import type { Sort } from "./columns";
import type { FileQuery } from "./file_query";
import { FileListRow } from "./file_row";
import { ListHeader } from "./list_header";
import { listKey } from "./list_key";
import { useListEditing } from "./use_list_editing";
import { useVirtualFiles } from "./use_virtual_files";

interface FileListProps {
  readonly grid: RefObject<HTMLDivElement | null>;
  readonly label: string;
  readonly query: FileQuery;
  readonly sort: Sort;
  readonly onSort: (sort: Sort) => void;
  /** The name of the served folder if the rows are to say in which folder they are. */
  readonly library: string | null;
  /** The file to begin at. */
  readonly initialId: string | null;
  /** Opens a folder. */
  readonly onOpen: (id: string) => void;
  readonly onUp: () => void;
  /** Shown in place of the rows when there are none. */
  readonly empty: ReactNode;
  readonly footer: (total: number) => ReactNode;
}

/** The files of a query as a grid of which only the rows in view exist. */
export function FileList(props: FileListProps) {
  const { grid, sort, library, onUp } = props;
  const view = useVirtualFiles(props.query);
  const { files, items, scrollTo } = view;
  const editing = useListEditing({ ...props, files, scrollTo });
  const { active, renaming, actions } = editing;
  const today_ms = useToday();
  const isDrawn = items.some((item) => item.index === active.index);

  useEffect(() => {
    // Whoever came here by keyboard goes on by keyboard: what had the focus is gone with the folder before.
    if (document.activeElement === document.body) grid.current?.focus({ preventScroll: true });
  }, [grid]);

  return (
    <>
      <div
        ref={grid}
        className="list"
        role="grid"
        tabIndex={0}
        aria-label={props.label}
        aria-rowcount={files.total + 1}
        aria-activedescendant={active.id !== null && isDrawn ? `row-${active.id}` : undefined}
        data-folders={library !== null}
        onFocus={(event) => {
          // Reached with the Tab key from another part of the page: the row the keys are on must be seen.
          if (event.target === grid.current && event.relatedTarget && grid.current.matches(":focus-visible")) editing.start();
        }}
        onKeyDown={(event) =>
          listKey(event, { ...editing.keys, index: active.index, total: files.total, rowsPerPage: view.rowsPerPage, up: onUp })
        }
      >
        <ListHeader sort={sort} withFolder={library !== null} onSort={props.onSort} />
        <div role="rowgroup" className="list-scroll" ref={view.scroll} tabIndex={-1}>
          {files.total === 0 && props.empty}
          <div role="presentation" className="list-rows" style={{ height: view.height }}>
            {items.map((item) => {
              const file = rowAt(files, item.index);
              return file === undefined ? null : (
                <FileListRow
                  key={file.id}
                  file={file}
                  index={item.index}
                  top={item.start}
                  active={file.id === active.id}
                  renaming={file.id === renaming}
                  library={library}
                  today_ms={today_ms}
                  actions={actions}
                />
              );
            })}
          </div>
        </div>
      </div>
      {props.footer(files.total)}
      {editing.menu}
    </>
  );
}
