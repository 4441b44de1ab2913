import { useState } from "react";

import type { File as FileRow } from "../resource/library";

/** The folder that was open before this one. */
export function usePreviousFolder(folder: FileRow | undefined): FileRow | undefined {
  const [way, setWay] = useState<{ now: FileRow | undefined; before: FileRow | undefined }>({ now: folder, before: undefined });
  if (folder !== undefined && folder.id !== way.now?.id) {
    const next = { now: folder, before: way.now };
    setWay(next);
    return next.before;
  }
  return way.before;
}
