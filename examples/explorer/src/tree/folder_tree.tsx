import "./folder_tree.css";

import { useState } from "react";

import { goToFolder } from "../folder/use_folder_hash";
import { useAncestors } from "../folder/use_ancestors";
import type { File as FileRow } from "../resource/library";
import { TreeItem } from "./tree_item";
import { treeMove } from "./tree_move";
import { useOpenFolders } from "./use_open_folders";

interface FolderTreeProps {
  /** The served folders, that of this page's device first. */
  readonly roots: readonly FileRow[];
  readonly folder: FileRow | undefined;
  /** The open folder is what the list shows. */
  readonly isShown: boolean;
  /** Called when a folder was chosen, also the one that is open already. */
  readonly onChoose: () => void;
}

/** The folders below the served ones. Only unfolded folders have a live query. */
export function FolderTree({ roots, folder, isShown, onChoose }: FolderTreeProps) {
  const home = roots[0];
  const above = useAncestors(folder);
  const open = useOpenFolders([...(home ? [home.id] : []), ...above.map((ancestor) => ancestor.id)]);
  const [focused, setFocused] = useState<string | null>(null);
  const choose = (row: FileRow) => {
    goToFolder(row.id === home?.id ? null : row.id);
    onChoose();
  };
  return (
    <ul className="tree" role="tree" aria-label="Folders" onKeyDown={(event) => treeMove(event, open.set)}>
      {roots.map((root, index) => (
        <TreeItem
          key={root.id}
          row={root}
          level={1}
          position={index + 1}
          siblings={roots.length}
          tree={{
            open,
            current: isShown ? folder?.id : undefined,
            tabStop: focused ?? folder?.id ?? home?.id ?? root.id,
            choose,
            focus: setFocused,
          }}
        />
      ))}
    </ul>
  );
}
