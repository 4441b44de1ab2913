import { useLiveQuery } from "@larder/react";
import { createContext, use } from "react";

import type { Tag as TagRow } from "../resource/library";

/** All tags by id, for the rows, which hold ids only. */
export const TagsContext = createContext<ReadonlyMap<string, TagRow>>(new Map());

export function useTagsById(): ReadonlyMap<string, TagRow> {
  return use(TagsContext);
}

/** All tags, by name. */
export function useTags(): readonly TagRow[] {
  return useLiveQuery({ from: "tag", orderBy: [{ name: { collate: "natural" } }] }).data;
}
