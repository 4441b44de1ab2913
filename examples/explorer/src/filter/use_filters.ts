import { useState } from "react";

import { type Filters, NO_FILTERS } from "./filters";

/** The filters of the open folder; another folder starts without any. */
export function useFilters(folderId: string | undefined): readonly [Filters, (change: Partial<Filters>) => void] {
  const [filters, setFilters] = useState<Filters>(NO_FILTERS);
  const [shown, setShown] = useState(folderId);
  if (folderId !== shown) {
    setShown(folderId);
    // The first folder to arrive is not a change of folder.
    if (shown !== undefined) setFilters(NO_FILTERS);
  }
  return [filters, (change) => setFilters((before) => ({ ...before, ...change }))];
}
