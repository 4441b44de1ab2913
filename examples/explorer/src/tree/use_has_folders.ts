import { useLiveQuery } from "@larder/react";

/** Whether there are folders in this one. Only their number is mounted. */
export function useHasFolders(id: string): boolean {
  return useLiveQuery({ from: "file", where: { parent_id: id, is_dir: true }, limit: 0 }).total > 0;
}
