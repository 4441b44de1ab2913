import { useRef } from "react";

import { CrossIcon, SearchIcon } from "../icon/action_icons";
import { usePlainKey } from "../keyboard/use_plain_key";
import type { Filters } from "./filters";

interface FilterBoxProps {
  readonly filters: Filters;
  readonly onChange: (change: Partial<Filters>) => void;
  readonly onLeave: () => void;
}

/** The text to look for, and where. `/` goes to it, Escape empties it and goes back to the list. */
export function FilterBox({ filters, onChange, onLeave }: FilterBoxProps) {
  const input = useRef<HTMLInputElement>(null);
  usePlainKey("/", () => {
    input.current?.focus();
    input.current?.select();
  });
  const clear = () => {
    onChange({ text: "" });
    onLeave();
  };
  return (
    <div className="filter-box">
      <SearchIcon />
      <input
        ref={input}
        type="text"
        aria-label="Filter by name"
        placeholder={filters.everywhere ? "Search the whole library" : "Filter this folder"}
        aria-keyshortcuts="/"
        autoComplete="off"
        spellCheck={false}
        value={filters.text}
        onChange={(event) => onChange({ text: event.target.value })}
        onKeyDown={(event) => {
          if (event.key === "Escape") clear();
          else if (event.key === "Enter" || event.key === "ArrowDown") onLeave();
          else return;
          event.preventDefault();
        }}
      />
      {filters.text === "" ? (
        <kbd aria-hidden="true">/</kbd>
      ) : (
        <button type="button" className="icon-button" aria-label="Clear the filter" onClick={clear}>
          <CrossIcon />
        </button>
      )}
      <button
        type="button"
        className="scope"
        aria-pressed={filters.everywhere}
        title="Look in the whole library instead of this folder"
        onClick={() => onChange({ everywhere: !filters.everywhere })}
      >
        Everywhere
      </button>
    </div>
  );
}
