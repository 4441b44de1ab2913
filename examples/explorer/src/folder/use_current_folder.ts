import { useEntity } from "@larder/react";

import type { File as FileRow } from "../resource/library";
import { useFolderHash } from "./use_folder_hash";
import { useRoots } from "./use_roots";

/** Where one is. */
export interface CurrentFolder {
  /** The served folder that the open one is in, once it is known. */
  readonly root: FileRow | undefined;
  /** The open folder; none if the address names one that is not there. */
  readonly folder: FileRow | undefined;
}

export function useCurrentFolder(): CurrentFolder {
  const named = useFolderHash();
  const { home, roots } = useRoots();
  const entity = useEntity("file", named ?? home?.id);
  const root = roots.find((root) => root.location_id === entity?.location_id) ?? home;
  return { root, folder: entity?.is_dir ? entity : undefined };
}
