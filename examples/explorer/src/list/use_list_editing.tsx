import { useEntity } from "@larder/react";
import { type ReactNode, type RefObject, useEffect, useEffectEvent, useState } from "react";

import { useFavorite } from "../edit/use_favorite";
import { useFileEdits } from "../edit/use_file_edits";
import { useTagging } from "../edit/use_tagging";
import type { File as FileRow } from "../resource/library";
import { TagMenu } from "../tag/tag_menu";
import { useTags } from "../tag/tags";
import type { WindowedRows } from "../windowed/page_set";
import { rowAt } from "../windowed/row_at";
import type { ListKeys } from "./list_key";
import type { RowActions } from "./row_actions";
import { type ActiveRow, useActiveRow } from "./use_active_row";
import { useRowActions } from "./use_row_actions";
import { useRowDialogs } from "./use_row_dialogs";

interface ListEditingOptions {
  readonly grid: RefObject<HTMLDivElement | null>;
  readonly files: WindowedRows<FileRow>;
  readonly scrollTo: (index: number) => void;
  readonly initialId: string | null;
  /** Opens a folder. */
  readonly onOpen: (id: string) => void;
}

export interface ListEditing {
  readonly active: ActiveRow;
  /** The file whose name is being edited. */
  readonly renaming: string | null;
  readonly actions: RowActions;
  readonly keys: Omit<ListKeys, "index" | "total" | "rowsPerPage" | "up">;
  /** Makes a row active if none is. */
  readonly start: () => void;
  /** The menu or dialog that is open. */
  readonly menu: ReactNode;
}

/** Which row is active, and what is done with it by pointer and by keyboard. */
export function useListEditing({ grid, files, scrollTo, initialId, onOpen }: ListEditingOptions): ListEditing {
  const [active, setActive] = useActiveRow(files, initialId);
  const [renaming, setRenaming] = useState<string | null>(null);
  const [tagging, setTagging] = useState<{ id: string; anchor: Element } | null>(null);
  const { rename } = useFileEdits();
  const toggleFavorite = useFavorite();
  const tagged = useEntity("file", tagging?.id);
  const tags = useTags();
  const tagEdits = useTagging();
  const focus = () => grid.current?.focus({ preventScroll: true });
  const { openMenu, ask, dialogs } = useRowDialogs((row) => setRenaming(row.id), focus);

  const begin = useEffectEvent(() => {
    if (initialId !== null && active.index > 0) scrollTo(active.index);
  });
  // The list opens at the file it is to begin at.
  useEffect(() => begin(), []);

  const open = (row: FileRow) => (row.is_dir ? onOpen(row.id) : setRenaming(row.id));
  const actions = useRowActions({
    activate: (row, index) => setActive({ id: row.id, index }),
    open: (row) => {
      if (row.is_dir) onOpen(row.id);
    },
    openFolderOf: (row) => {
      if (row.parent_id !== null) onOpen(row.parent_id);
    },
    endRename: (row, name) => {
      setRenaming(null);
      focus();
      if (name !== null) rename(row, name);
    },
    toggleFavorite: (row) => {
      toggleFavorite(row);
      focus();
    },
    openTags: (row, anchor) => setTagging({ id: row.id, anchor }),
    openMenu,
  });
  /** Does something with the active file; if that is out of sight, comes back to it first. */
  const withActive = (act: (row: FileRow) => void) => () => {
    const row = rowAt(files, active.index);
    if (row !== undefined && row.id === active.id) act(row);
    if (active.index >= 0) scrollTo(active.index);
  };
  const keys = {
    goTo: (index: number) => {
      setActive({ id: null, index });
      scrollTo(index);
    },
    open: withActive(open),
    rename: withActive((row) => setRenaming(row.id)),
    tags: withActive((row) => {
      const name = document.getElementById(`row-${row.id}`)?.querySelector(".file-name");
      if (name) setTagging({ id: row.id, anchor: name });
    }),
    favorite: withActive(toggleFavorite),
    copy: withActive((row) => ask("copy", row)),
    move: withActive((row) => ask("move", row)),
    remove: withActive((row) => ask("delete", row)),
    menu: withActive((row) => {
      const name = document.getElementById(`row-${row.id}`)?.querySelector(".file-name");
      if (name) openMenu(row, name);
    }),
    clear: () => setActive({ id: null, index: -1 }),
  };
  const tagMenu = tagging && tagged && (
    <TagMenu
      key={tagged.id}
      file={tagged}
      tags={tags}
      tagging={tagEdits}
      anchor={tagging.anchor}
      onClose={() => {
        setTagging(null);
        focus();
      }}
    />
  );
  const menu = (
    <>
      {tagMenu}
      {dialogs}
    </>
  );
  const start = () => {
    if (active.index < 0) setActive({ id: null, index: 0 });
  };
  return { active, renaming, actions, keys, start, menu };
}
