import { useVirtualizer, type VirtualItem } from "@tanstack/react-virtual";
import { type RefObject, useEffect, useRef, useState } from "react";

import type { WindowedRows } from "../windowed/page_set";
import { FIRST_PAGE, pageSpan, sameSpan } from "../windowed/page_span";
import { useWindowedQuery } from "../windowed/use_windowed_query";
import type { FileQuery, ListedFile } from "./file_query";

/** As in `list.css`. */
export const ROW_HEIGHT = 36;

export interface VirtualFiles {
  readonly files: WindowedRows<ListedFile>;
  /** The places to draw, those just outside the view included. */
  readonly items: readonly VirtualItem[];
  readonly height: number;
  readonly scroll: RefObject<HTMLDivElement | null>;
  readonly scrollTo: (index: number) => void;
  readonly rowsPerPage: () => number;
}

/** The files of a query as far as they are in view. The list may have any length. */
export function useVirtualFiles(query: FileQuery): VirtualFiles {
  const scroll = useRef<HTMLDivElement>(null);
  const [span, setSpan] = useState(FIRST_PAGE);
  const files = useWindowedQuery<ListedFile>(query, span);
  const virtualizer = useVirtualizer({
    count: files.total,
    getScrollElement: () => scroll.current,
    estimateSize: () => ROW_HEIGHT,
    overscan: 6,
    scrollPaddingStart: 4,
    scrollPaddingEnd: 4,
  });
  const items = virtualizer.getVirtualItems();
  const wanted = pageSpan(items[0]?.index ?? 0, items.at(-1)?.index ?? 0, files.total);
  // Changed while rendering, so that React renders again before it shows anything: no row is ever drawn empty.
  if (!sameSpan(wanted, span)) setSpan(wanted);

  const text = JSON.stringify(query);
  useEffect(() => {
    scroll.current?.scrollTo({ top: 0 });
  }, [text]);

  return {
    files,
    items,
    height: virtualizer.getTotalSize(),
    scroll,
    scrollTo: (index) => virtualizer.scrollToIndex(index),
    rowsPerPage: () => Math.max(1, Math.floor((scroll.current?.clientHeight ?? 0) / ROW_HEIGHT) - 1),
  };
}
