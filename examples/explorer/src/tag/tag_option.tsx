import { type ReactNode, useEffect, useRef } from "react";

import { CheckIcon } from "../icon/action_icons";

interface TagOptionProps {
  readonly id: string;
  readonly active: boolean;
  readonly on: boolean;
  readonly color: string;
  readonly children: ReactNode;
  readonly onChoose: () => void;
}

export function TagOption({ id, active, on, color, children, onChoose }: TagOptionProps) {
  const option = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (active) option.current?.scrollIntoView({ block: "nearest" });
  }, [active]);
  return (
    <div
      ref={option}
      id={id}
      role="option"
      className="tag-option"
      data-active={active}
      aria-selected={on}
      // The text box keeps the focus.
      onMouseDown={(event) => event.preventDefault()}
      onClick={onChoose}
    >
      <span className="tag-dot" style={{ "--tag": color }} />
      <span className="tag-option-name">{children}</span>
      {on && <CheckIcon />}
    </div>
  );
}
