import { useLiveQuery } from "@larder/react";

import type { File as FileRow } from "../resource/library";
import { ancestorPaths } from "./ancestors";

/** The folders above this one, outermost first. */
export function useAncestors(folder: FileRow | undefined): readonly FileRow[] {
  const paths = ancestorPaths(folder?.path ?? "");
  const found = useLiveQuery(
    paths.length > 0 && folder
      ? { from: "file", where: { location_id: folder.location_id, path: { in: paths } }, orderBy: [{ path: "asc" }] }
      : null,
  );
  return found.data;
}
