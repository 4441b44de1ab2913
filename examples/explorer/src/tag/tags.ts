import { useLiveQuery } from "@larder/react";

import type { Tag as TagRow } from "../resource/library";

/** All tags, by name. */
export function useTags(): readonly TagRow[] {
  return useLiveQuery({ from: "tag", orderBy: [{ name: { collate: "natural" } }] }).data;
}
