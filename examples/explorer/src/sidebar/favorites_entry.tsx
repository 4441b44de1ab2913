import { useLiveQuery } from "@larder/react";

import { Star } from "../icon/star";

interface FavoritesEntryProps {
  readonly shown: boolean;
  readonly onShow: (shown: boolean) => void;
}

/** All favourites, wherever they are. Only their number is mounted: a window of no rows. */
export function FavoritesEntry({ shown, onShow }: FavoritesEntryProps) {
  const { total } = useLiveQuery({ from: "file", where: { favorite: true }, limit: 0 });
  return (
    <button type="button" className="entry" aria-pressed={shown} onClick={() => onShow(!shown)}>
      <span className="entry-icon entry-star">
        <Star filled />
      </span>
      <span className="entry-name">Favourites</span>
      <span className="entry-count">{total}</span>
    </button>
  );
}
