import "./row_menu.css";

import { type KeyboardEvent, useRef } from "react";

import { usePopover } from "../popover/use_popover";
import type { File as FileRow } from "../resource/library";

/** Something that the menu does with a file. */
export interface RowCommand {
  readonly name: string;
  readonly key: string;
  readonly act: () => void;
  readonly danger?: boolean;
}

interface RowMenuProps {
  readonly file: FileRow;
  readonly commands: readonly RowCommand[];
  /** What the menu hangs from. */
  readonly anchor: Element;
  readonly onClose: () => void;
}

/** What can be done with a file, by name. */
export function RowMenu({ file, commands, anchor, onClose }: RowMenuProps) {
  const popover = usePopover(anchor, "button");
  const chosen = useRef<RowCommand>(undefined);
  return (
    <div
      ref={popover}
      className="popover row-menu"
      popover="auto"
      role="menu"
      aria-label={`Actions for ${file.name}`}
      onToggle={(event) => {
        if (event.newState !== "closed") return;
        onClose();
        // Now the focus is where it was, and may go on from there.
        chosen.current?.act();
      }}
      onKeyDown={step}
    >
      {commands.map((command) => (
        <button
          key={command.name}
          type="button"
          role="menuitem"
          tabIndex={-1}
          data-danger={command.danger ?? false}
          onClick={() => {
            chosen.current = command;
            popover.current?.hidePopover();
          }}
        >
          <span>{command.name}</span>
          <kbd aria-hidden="true">{command.key}</kbd>
        </button>
      ))}
    </div>
  );
}

function step(event: KeyboardEvent<HTMLElement>): void {
  const items = [...event.currentTarget.querySelectorAll<HTMLElement>("[role=menuitem]")];
  const at = items.findIndex((item) => item === document.activeElement);
  const to = { ArrowDown: at + 1, ArrowUp: at - 1 + items.length, Home: 0, End: items.length - 1 }[event.key];
  if (to === undefined) return;
  items[to % items.length]?.focus();
  event.preventDefault();
}
