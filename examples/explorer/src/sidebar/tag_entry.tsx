import { useLiveQuery } from "@larder/react";

import type { Tag as TagRow } from "../resource/library";

interface TagEntryProps {
  readonly tag: TagRow;
  readonly shown: boolean;
  readonly onToggle: () => void;
}

/** One tag and how many files have it. */
export function TagEntry({ tag, shown, onToggle }: TagEntryProps) {
  const { total } = useLiveQuery({ from: "file", where: { tag_ids: { contains: tag.id } }, limit: 0 });
  return (
    <button type="button" className="entry" aria-pressed={shown} onClick={onToggle}>
      <span className="entry-icon">
        <span className="tag-dot" style={{ "--tag": tag.color }} />
      </span>
      <span className="entry-name">{tag.name}</span>
      <span className="entry-count">{total}</span>
    </button>
  );
}
