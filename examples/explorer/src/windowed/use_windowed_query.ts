import type { Query } from "@larder/client";
import { useLarder } from "@larder/react";
import { useMemo, useSyncExternalStore } from "react";

import { PageSet, type WindowedRows } from "./page_set";
import { PAGE_ROWS, type PageSpan } from "./page_span";

/**
 * The rows of `query` on the pages of `span`, live. Only these pages are mounted; pages that two spans share stay mounted
 * while the list scrolls from one to the other, and new ones are filled in the same render, so nothing flashes.
 */
export function useWindowedQuery<T>(query: Query, span: PageSpan): WindowedRows<T> {
  const cache = useLarder();
  const text = JSON.stringify(query);
  const { first, last } = span;
  const pages = useMemo(() => {
    const whole = JSON.parse(text) as Query;
    const windows = [];
    for (let page = first; page <= last; page++) {
      windows.push(cache.liveQuery<T>({ ...whole, offset: page * PAGE_ROWS, limit: PAGE_ROWS }));
    }
    return new PageSet<T>({ first, last }, windows);
  }, [cache, text, first, last]);
  return useSyncExternalStore(pages.subscribe, pages.getSnapshot);
}
