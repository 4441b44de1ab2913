import { useLiveQuery } from "@larder/react";
import { useState } from "react";

import { countOf } from "../text/count";
import { TreeItem, type TreeState } from "./tree_item";

const STEP = 200;

interface TreeBranchProps {
  readonly folderId: string;
  readonly level: number;
  readonly tree: TreeState;
}

/** The folders in one unfolded folder. */
export function TreeBranch({ folderId, level, tree }: TreeBranchProps) {
  const [limit, setLimit] = useState(STEP);
  const folders = useLiveQuery({
    from: "file",
    where: { parent_id: folderId, is_dir: true },
    orderBy: [{ name: { collate: "natural" } }],
    limit,
  });
  const hidden = folders.total - folders.data.length;
  if (folders.total === 0) return null;
  return (
    <ul role="group">
      {folders.data.map((row, index) => (
        <TreeItem key={row.id} row={row} level={level} position={index + 1} siblings={folders.total} tree={tree} />
      ))}
      {hidden > 0 && (
        <li role="none">
          <button
            type="button"
            className="tree-more"
            style={{ "--level": level }}
            onClick={() => setLimit(limit + STEP)}
          >
            {countOf(hidden, "more folder")}
          </button>
        </li>
      )}
    </ul>
  );
}
