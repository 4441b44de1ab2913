import { Chevron } from "../icon/chevron";
import { KindIcon } from "../icon/kind_icon";
import type { File as FileRow } from "../resource/library";
import { TreeBranch } from "./tree_branch";
import { useHasFolders } from "./use_has_folders";
import type { OpenFolders } from "./use_open_folders";

/** What all items of one tree share. */
export interface TreeState {
  readonly open: OpenFolders;
  readonly current: string | undefined;
  /** The one item that the Tab key reaches. */
  readonly tabStop: string;
  readonly choose: (row: FileRow) => void;
  readonly focus: (id: string) => void;
}

interface TreeItemProps {
  readonly row: FileRow;
  readonly level: number;
  readonly position: number;
  readonly siblings: number;
  readonly tree: TreeState;
}

export function TreeItem({ row, level, position, siblings, tree }: TreeItemProps) {
  const hasFolders = useHasFolders(row.id);
  const isOpen = hasFolders && tree.open.ids.has(row.id);
  return (
    <li role="none">
      <div
        role="treeitem"
        className="tree-item"
        data-id={row.id}
        data-open={isOpen}
        aria-expanded={hasFolders ? isOpen : undefined}
        aria-level={level}
        aria-posinset={position}
        aria-setsize={siblings}
        aria-selected={tree.current === row.id}
        tabIndex={tree.tabStop === row.id ? 0 : -1}
        style={{ "--level": level }}
        onClick={() => tree.choose(row)}
        onDoubleClick={() => tree.open.set(row.id, !isOpen)}
        onFocus={() => tree.focus(row.id)}
      >
        <span
          className="tree-toggle"
          aria-hidden="true"
          onClick={(event) => {
            event.stopPropagation();
            tree.open.set(row.id, !isOpen);
          }}
          onDoubleClick={(event) => event.stopPropagation()}
        >
          {hasFolders && <Chevron className="tree-chevron" />}
        </span>
        <KindIcon kind="folder" />
        <span className="tree-name">{row.name}</span>
      </div>
      {isOpen && <TreeBranch folderId={row.id} level={level + 1} tree={tree} />}
    </li>
  );
}
