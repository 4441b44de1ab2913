import type { Tag as TagRow } from "../resource/library";

/** What the menu offers for a text: the tags that have it in their name, and a new one unless there is just that. */
export function tagChoices(
  tags: readonly TagRow[],
  text: string,
): { readonly found: readonly TagRow[]; readonly newName: string | null } {
  const wanted = text.trim();
  const found = tags.filter((tag) => tag.name.toLowerCase().includes(wanted.toLowerCase()));
  const exists = tags.some((tag) => tag.name.toLowerCase() === wanted.toLowerCase());
  return { found, newName: wanted === "" || exists ? null : wanted };
}
