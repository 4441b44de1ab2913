import "./tag_chip.css";

import type { Tag as TagRow } from "../resource/library";

export function TagChip({ tag }: { readonly tag: TagRow }) {
  return (
    <span className="tag-chip" style={{ "--tag": tag.color }} title={tag.name}>
      {tag.name}
    </span>
  );
}
