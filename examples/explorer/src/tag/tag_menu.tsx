import "./tag_menu.css";

import { useState } from "react";

import type { Tagging } from "../edit/use_tagging";
import { usePopover } from "../popover/use_popover";
import type { File as FileRow } from "../resource/library";
import type { Tag as TagRow } from "../resource/library";
import { leastUsedColor } from "./palette";
import { SwatchRow } from "./swatch_row";
import { TagOption } from "./tag_option";
import { tagChoices } from "./tag_choices";

interface TagMenuProps {
  readonly file: FileRow;
  readonly tags: readonly TagRow[];
  readonly tagging: Tagging;
  /** What the menu hangs from. */
  readonly anchor: Element;
  readonly onClose: () => void;
}

/** Puts tags on a file and takes them off; a name that is not there yet can be made one. */
export function TagMenu({ file, tags, tagging, anchor, onClose }: TagMenuProps) {
  const popover = usePopover(anchor, "input");
  const [text, setText] = useState("");
  const [at, setAt] = useState(0);
  const [picked, setPicked] = useState<string | null>(null);
  const { found, newName } = tagChoices(tags, text);
  const count = found.length + (newName === null ? 0 : 1);
  const active = Math.min(at, count - 1);
  const color = picked ?? leastUsedColor(tags.map((tag) => tag.color));

  const choose = (index: number) => {
    const tag = found[index];
    if (tag) tagging.toggle(file, tag.id);
    else if (newName !== null) tagging.create(file, newName, color);
    setText("");
    setPicked(null);
  };

  return (
    <div
      ref={popover}
      className="popover tag-menu"
      popover="auto"
      role="dialog"
      aria-label={`Tags of ${file.name}`}
      onToggle={(event) => {
        if (event.newState === "closed") onClose();
      }}
    >
      <input
        type="text"
        role="combobox"
        aria-label="Find or create a tag"
        aria-expanded="true"
        aria-controls="tag-options"
        aria-activedescendant={count > 0 ? `tag-option-${active}` : undefined}
        placeholder="Find or create a tag"
        autoComplete="off"
        spellCheck={false}
        value={text}
        onChange={(event) => {
          setText(event.target.value);
          setAt(0);
        }}
        onKeyDown={(event) => {
          if (event.key === "ArrowDown") setAt((active + 1) % Math.max(count, 1));
          else if (event.key === "ArrowUp") setAt((active - 1 + count) % Math.max(count, 1));
          else if (event.key === "Enter") choose(active);
          else return;
          event.preventDefault();
        }}
      />
      <div id="tag-options" className="tag-options" role="listbox" aria-label="Tags" aria-multiselectable="true">
        {found.map((tag, index) => (
          <TagOption
            key={tag.id}
            id={`tag-option-${index}`}
            active={index === active}
            on={file.tag_ids.includes(tag.id)}
            color={tag.color}
            onChoose={() => choose(index)}
          >
            {tag.name}
          </TagOption>
        ))}
        {newName !== null && (
          <TagOption
            id={`tag-option-${found.length}`}
            active={active === found.length}
            on={false}
            color={color}
            onChoose={() => choose(found.length)}
          >
            Create “{newName}”
          </TagOption>
        )}
        {count === 0 && <p className="tag-none">No tags yet. Type a name to make the first.</p>}
      </div>
      {newName !== null && <SwatchRow color={color} onPick={setPicked} />}
    </div>
  );
}
