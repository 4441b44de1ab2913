import "./folder_tree.css";

import { useState } from "react";

import { goToFolder } from "../folder/use_folder_hash";
import { useAncestors } from "../folder/use_ancestors";
import type { File as FileRow } from "../resource/library";
import { TreeItem } from "./tree_item";
import { treeMove } from "./tree_move";
import { useOpenFolders } from "./use_open_folders";

interface FolderTreeProps {
  readonly root: FileRow;
  readonly folder: FileRow | undefined;
  /** The open folder is what the list shows. */
  readonly isShown: boolean;
  /** Called when a folder was chosen, also the one that is open already. */
  readonly onChoose: () => void;
}

/** The folders below the served one. Only unfolded folders have a live query. */
export function FolderTree({ root, folder, isShown, onChoose }: FolderTreeProps) {
  const above = useAncestors(folder);
  const open = useOpenFolders([root.id, ...above.map((ancestor) => ancestor.id)]);
  const [focused, setFocused] = useState<string | null>(null);
  const choose = (row: FileRow) => {
    goToFolder(row.parent_id === null ? null : row.id);
    onChoose();
  };
  return (
    <ul className="tree" role="tree" aria-label="Folders" onKeyDown={(event) => treeMove(event, open.set)}>
      <TreeItem
        row={root}
        level={1}
        position={1}
        siblings={1}
        tree={{
          open,
          current: isShown ? folder?.id : undefined,
          tabStop: focused ?? folder?.id ?? root.id,
          choose,
          focus: setFocused,
        }}
      />
    </ul>
  );
}
