import { useEffect, useRef } from "react";

import type { File as FileRow } from "../resource/library";
import { stemLength } from "../text/name";

interface RenameFieldProps {
  readonly file: FileRow;
  /** `null` when the name stays as it is. */
  readonly onEnd: (name: string | null) => void;
}

/** The name of a row while it is edited. Enter and leaving it keep the edit, Escape drops it. */
export function RenameField({ file, onEnd }: RenameFieldProps) {
  const input = useRef<HTMLInputElement>(null);
  const ended = useRef(false);
  useEffect(() => {
    const field = input.current;
    if (!field) return;
    field.focus();
    field.setSelectionRange(0, stemLength(field.value, field.dataset["folder"] === "true"));
  }, []);
  const end = (name: string | null) => {
    // Taking the field away blurs it, which must not end it once more.
    if (ended.current) return;
    ended.current = true;
    const wanted = name?.trim() ?? "";
    onEnd(wanted === "" || wanted === file.name ? null : wanted);
  };
  return (
    <input
      ref={input}
      className="rename-field"
      type="text"
      aria-label={`New name of ${file.name}`}
      data-folder={file.is_dir}
      autoComplete="off"
      spellCheck={false}
      defaultValue={file.name}
      onBlur={(event) => end(event.currentTarget.value)}
      onClick={(event) => event.stopPropagation()}
      onMouseDown={(event) => event.stopPropagation()}
      onDoubleClick={(event) => event.stopPropagation()}
      onKeyDown={(event) => {
        event.stopPropagation();
        if (event.key === "Enter") end(event.currentTarget.value);
        else if (event.key === "Escape") end(null);
      }}
    />
  );
}
