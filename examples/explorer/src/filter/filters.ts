import type { FileKind } from "../resource/library";

/** What the list is narrowed to. */
export interface Filters {
  readonly text: string;
  /** The whole library instead of the open folder. */
  readonly everywhere: boolean;
  readonly kind: FileKind | null;
  readonly tagId: string | null;
  readonly favorites: boolean;
}

export const NO_FILTERS: Filters = { text: "", everywhere: false, kind: null, tagId: null, favorites: false };

/** Whether anything is left out by them; a wider scope alone leaves out nothing. */
export function isNarrowed(filters: Filters): boolean {
  return filters.text.trim() !== "" || filters.kind !== null || filters.tagId !== null || filters.favorites;
}
