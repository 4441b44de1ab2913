import { useInsertionEffect, useMemo, useRef } from "react";

import type { RowActions } from "./row_actions";

/** The same object for ever with the actions of the latest render, so that rows do not render for its sake. */
export function useRowActions(latest: RowActions): RowActions {
  const current = useRef(latest);
  useInsertionEffect(() => {
    current.current = latest;
  });
  return useMemo(
    () => ({
      activate: (file, index) => current.current.activate(file, index),
      open: (file) => current.current.open(file),
      openFolderOf: (file) => current.current.openFolderOf(file),
      endRename: (file, name) => current.current.endRename(file, name),
      toggleFavorite: (file) => current.current.toggleFavorite(file),
      openTags: (file, anchor) => current.current.openTags(file, anchor),
      openMenu: (file, anchor) => current.current.openMenu(file, anchor),
    }),
    [],
  );
}
