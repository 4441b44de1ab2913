import { countOf } from "../text/count";

interface ListFooterProps {
  readonly total: number;
  readonly narrowed: boolean;
  readonly place: string;
}

/** How much is in the list. */
export function ListFooter({ total, narrowed, place }: ListFooterProps) {
  return (
    <footer className="list-footer">
      <span role="status">{narrowed ? countOf(total, "match", "matches") : countOf(total, "item")}</span>
      <span className="list-place" title={place}>
        {place}
      </span>
    </footer>
  );
}
