import { MoreIcon, TagIcon } from "../icon/action_icons";
import { Star } from "../icon/star";
import type { File as FileRow } from "../resource/library";
import type { RowActions } from "./row_actions";

interface RowButtonsProps {
  readonly file: FileRow;
  readonly actions: RowActions;
}

/** What the pointer does with a row; the keyboard has keys for the same (T, S, F2, C, M, Delete), so Tab passes these by. */
export function RowButtons({ file, actions }: RowButtonsProps) {
  return (
    <div role="gridcell" className="cell cell-buttons" onDoubleClick={(event) => event.stopPropagation()}>
      <button
        type="button"
        className="icon-button on-hover"
        tabIndex={-1}
        aria-label={`Tags of ${file.name}`}
        title="Tags (T)"
        onClick={(event) => actions.openTags(file, event.currentTarget)}
      >
        <TagIcon />
      </button>
      <button
        type="button"
        className="icon-button on-hover star"
        tabIndex={-1}
        aria-label={`Favourite: ${file.name}`}
        aria-pressed={file.favorite}
        title={file.favorite ? "No longer a favourite (S)" : "Favourite (S)"}
        onClick={() => actions.toggleFavorite(file)}
      >
        <Star filled={file.favorite} />
      </button>
      <button
        type="button"
        className="icon-button on-hover"
        tabIndex={-1}
        aria-haspopup="menu"
        aria-label={`Actions for ${file.name}`}
        title="Rename, copy, move, delete"
        onClick={(event) => actions.openMenu(file, event.currentTarget)}
      >
        <MoreIcon />
      </button>
    </div>
  );
}
