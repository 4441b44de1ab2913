import { useEntity } from "@larder/react";
import { type ReactNode, type RefObject, useEffect, useState } from "react";

import { useFavorite } from "../edit/use_favorite";
import { useRename } from "../edit/use_rename";
import { useTagging } from "../edit/use_tagging";
import type { FileRow } from "../resource/file";
import { TagMenu } from "../tag/tag_menu";
import { useTags } from "../tag/tags";
import type { WindowedRows } from "../windowed/page_set";
import type { ListKeys } from "./list_key";
import type { RowActions } from "./row_actions";
import { type ActiveRow, useActiveRow } from "./use_active_row";
import { useRowActions } from "./use_row_actions";

interface ListEditingOptions {
  readonly grid: RefObject<HTMLDivElement | null>;
  readonly files: WindowedRows<FileRow>;
  readonly scrollTo: (index: number) => void;
  readonly initialId: string | null;
  readonly onOpen: (file: FileRow) => void;
}

export interface ListEditing {
  readonly active: ActiveRow;
  /** The file whose name is being edited. */
  readonly renaming: string | null;
  readonly actions: RowActions;
  readonly keys: Omit<ListKeys, "index" | "total" | "rowsPerPage" | "up">;
  /** Makes a row active if none is. */
  readonly start: () => void;
  /** The open tag menu. */
  readonly menu: ReactNode;
}

/** Which row is active, and what is done with it by pointer and by keyboard. */
export function useListEditing({ grid, files, scrollTo, initialId, onOpen }: ListEditingOptions): ListEditing {
  const [active, setActive] = useActiveRow(files, initialId);
  const [renaming, setRenaming] = useState<string | null>(null);
  const [tagging, setTagging] = useState<{ id: string; anchor: Element } | null>(null);
  const rename = useRename();
  const toggleFavorite = useFavorite();
  const file = useEntity<FileRow>("file", active.id);
  const tagged = useEntity<FileRow>("file", tagging?.id);
  const tags = useTags();
  const tagEdits = useTagging();
  const focus = () => grid.current?.focus({ preventScroll: true });

  // The list opens at the file it is to begin at.
  useEffect(() => {
    if (initialId !== null && active.index > 0) scrollTo(active.index);
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, []);

  const open = (row: FileRow) => (row.is_dir ? onOpen(row) : setRenaming(row.id));
  const actions = useRowActions({
    activate: (row, index) => setActive({ id: row.id, index }),
    open: (row) => {
      if (row.is_dir) onOpen(row);
    },
    startRename: (row) => setRenaming(row.id),
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
  });
  const keys = {
    goTo: (index: number) => {
      setActive({ id: null, index });
      scrollTo(index);
    },
    open: () => file && open(file),
    rename: () => {
      if (!file) return;
      scrollTo(active.index);
      setRenaming(file.id);
    },
    tags: () => {
      const row = file && document.getElementById(`row-${file.id}`)?.querySelector(".file-name");
      if (file && row) setTagging({ id: file.id, anchor: row });
    },
    favorite: () => file && toggleFavorite(file),
    clear: () => setActive({ id: null, index: -1 }),
  };
  const menu = tagging && tagged && (
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
  const start = () => {
    if (active.index < 0) setActive({ id: null, index: 0 });
  };
  return { active, renaming, actions, keys, start, menu };
}
