import { useState } from "react";

import { useAncestors } from "../folder/use_ancestors";
import { useRoots } from "../folder/use_roots";
import type { File as FileRow } from "../resource/library";
import { TreeItem } from "../tree/tree_item";
import { treeMove } from "../tree/tree_move";
import { useOpenFolders } from "../tree/use_open_folders";

interface FolderPickerProps {
  /** Only folders of this location; of all, if it is not given. */
  readonly locationId: string | undefined;
  /** The folder to begin at. */
  readonly from: FileRow;
  readonly picked: FileRow | undefined;
  readonly onPick: (folder: FileRow) => void;
}

/** The folders of all devices, to pick one. */
export function FolderPicker({ locationId, from, picked, onPick }: FolderPickerProps) {
  const { roots } = useRoots();
  const open = useOpenFolders(useAncestors(from).map((folder) => folder.id));
  const [focused, setFocused] = useState<string | null>(null);
  const shown = roots.filter((root) => locationId === undefined || root.location_id === locationId);
  const tree = {
    open,
    current: picked?.id,
    tabStop: focused ?? picked?.id ?? shown[0]?.id ?? "",
    choose: onPick,
    focus: setFocused,
  };
  return (
    <ul className="tree transfer-tree" role="tree" aria-label="Where to" onKeyDown={(event) => treeMove(event, open.set)}>
      {shown.map((root, index) => (
        <TreeItem
          key={root.id}
          row={{ ...root, name: root.location?.device ? `${root.location.device.name}: ${root.name}` : root.name }}
          level={1}
          position={index + 1}
          siblings={shown.length}
          tree={tree}
        />
      ))}
    </ul>
  );
}
