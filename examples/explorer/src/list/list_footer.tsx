import { useEntity } from "@larder/react";

import type { File as FileRow } from "../resource/library";
import { countOf } from "../text/count";

interface ListFooterProps {
  readonly total: number;
  readonly narrowed: boolean;
  readonly folder: FileRow;
}

/** How much is in the list, and where the open folder is on disk. */
export function ListFooter({ total, narrowed, folder }: ListFooterProps) {
  const location = useEntity("location", folder.location_id);
  const place = [location?.path, folder.path].filter(Boolean).join("/");
  return (
    <footer className="list-footer">
      <span role="status">{narrowed ? countOf(total, "match", "matches") : countOf(total, "item")}</span>
      <span className="list-place" title={place}>
        {place}
      </span>
    </footer>
  );
}
