import { memo } from "react";

import { formatDate, formatExactDate } from "../text/date";
import { kindOf } from "../text/kind";
import { formatSize } from "../text/size";
import type { ListedFile } from "./file_query";
import { folderOfPath } from "./folder_of_path";
import { NameCell } from "./name_cell";
import type { RowActions } from "./row_actions";
import { RowButtons } from "./row_buttons";

interface FileRowProps {
  readonly file: ListedFile;
  readonly index: number;
  readonly top: number;
  readonly active: boolean;
  readonly renaming: boolean;
  /** The name of the served folder if the list is of the whole library, so that the row says where the file is. */
  readonly library: string | null;
  readonly today_ms: number;
  readonly actions: RowActions;
}

export const FileListRow = memo(function FileListRow(props: FileRowProps) {
  const { file, index, top, active, renaming, library, today_ms, actions } = props;
  return (
    <div
      id={`row-${file.id}`}
      role="row"
      className="row"
      aria-rowindex={index + 2}
      aria-selected={active}
      style={{ transform: `translateY(${top}px)` }}
      onMouseDown={() => actions.activate(file, index)}
      onDoubleClick={() => actions.open(file)}
      onContextMenu={(event) => {
        event.preventDefault();
        actions.activate(file, index);
        actions.openMenu(file, event.currentTarget.querySelector(".file-name") ?? event.currentTarget);
      }}
    >
      <NameCell file={file} renaming={renaming} onEndRename={actions.endRename} />
      {library !== null && (
        <div role="gridcell" className="cell cell-folder">
          <button type="button" className="link" tabIndex={-1} onClick={() => actions.openFolderOf(file)}>
            {folderOfPath(file.path, library)}
          </button>
        </div>
      )}
      <RowButtons file={file} actions={actions} />
      <div role="gridcell" className="cell cell-kind">
        {kindOf(file.kind, file.extension)}
      </div>
      <div role="gridcell" className="cell cell-size">
        {file.is_dir ? <span className="faint">–</span> : formatSize(file.size)}
      </div>
      <div role="gridcell" className="cell cell-date" title={formatExactDate(file.modified_at)}>
        {formatDate(file.modified_at, today_ms)}
      </div>
    </div>
  );
});
