import { KindIcon } from "../icon/kind_icon";
import { useWaiting } from "../edit/waiting";
import type { File as FileRow } from "../resource/library";
import { TagChips } from "../tag/tag_chips";
import type { ListedFile } from "./file_query";
import { RenameField } from "./rename_field";

interface NameCellProps {
  readonly file: ListedFile;
  readonly renaming: boolean;
  readonly onEndRename: (file: FileRow, name: string | null) => void;
}

export function NameCell({ file, renaming, onEndRename }: NameCellProps) {
  const waiting = useWaiting(file.id);
  return (
    <div role="gridcell" className="cell cell-name" data-waiting={waiting !== undefined}>
      <KindIcon kind={file.kind} />
      {renaming ? (
        <RenameField file={file} onEnd={(name) => onEndRename(file, name)} />
      ) : (
        <>
          <span className="file-name" title={file.name}>
            {file.name}
          </span>
          {waiting !== undefined && <span className="file-waiting">{waiting}…</span>}
          <TagChips tags={file.tags} />
        </>
      )}
    </div>
  );
}
