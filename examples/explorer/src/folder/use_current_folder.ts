import { useEntity, useLiveQuery } from "@larder/react";

import type { File as FileRow } from "../resource/library";
import { useFolderHash } from "./use_folder_hash";

/** Where one is. */
export interface CurrentFolder {
  /** The served folder, once it is known. */
  readonly root: FileRow | undefined;
  /** The open folder; none if the address names one that is not there. */
  readonly folder: FileRow | undefined;
}

export function useCurrentFolder(): CurrentFolder {
  const named = useFolderHash();
  const roots = useLiveQuery({ from: "file", where: { parent_id: null }, limit: 1 });
  const root = roots.data[0];
  const entity = useEntity("file", named ?? root?.id);
  return { root, folder: entity?.is_dir ? entity : undefined };
}
