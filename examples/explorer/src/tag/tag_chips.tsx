import type { Tag } from "../resource/library";
import { TagChip } from "./tag_chip";

const MOST = 3;

/** The first tags of a file and how many more there are. */
export function TagChips({ tags }: { readonly tags: readonly Tag[] }) {
  if (tags.length === 0) return null;
  const shown = tags.slice(0, MOST);
  const hidden = tags.slice(MOST);
  return (
    <span className="tag-chips">
      {shown.map((tag) => (
        <TagChip key={tag.id} tag={tag} />
      ))}
      {hidden.length > 0 && <span className="tag-more" title={hidden.map((tag) => tag.name).join(", ")}>{`+${hidden.length}`}</span>}
    </span>
  );
}
