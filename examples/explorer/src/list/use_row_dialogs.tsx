import { useEntity } from "@larder/react";
import { type ReactNode, useState } from "react";

import type { File as FileRow } from "../resource/library";
import type { Transfer } from "../transfer/transfer";
import { TransferDialog } from "../transfer/transfer_dialog";
import { RowMenu } from "./row_menu";

/** What the menu of a row and the keys for the same ask for. */
export interface RowDialogs {
  readonly openMenu: (file: FileRow, anchor: Element) => void;
  /** Asks where to, or whether to. */
  readonly ask: (doing: Transfer["doing"], file: FileRow) => void;
  /** What is open. */
  readonly dialogs: ReactNode;
}

/** The menu of a row, and the questions that it leads to. The folder that a device serves stays where it is. */
export function useRowDialogs(startRename: (file: FileRow) => void, onClose: () => void): RowDialogs {
  const [menu, setMenu] = useState<{ id: string; anchor: Element } | null>(null);
  const [transfer, setTransfer] = useState<Transfer | null>(null);
  const file = useEntity("file", menu?.id);
  const ask = (doing: Transfer["doing"], asked: FileRow): void => {
    if (asked.parent_id !== null || doing === "copy") setTransfer({ doing, file: asked });
  };
  const dialogs = (
    <>
      {menu && file && (
        <RowMenu
          key={menu.id}
          file={file}
          anchor={menu.anchor}
          commands={[
            { name: "Rename", key: "F2", act: () => startRename(file) },
            { name: "Copy to…", key: "C", act: () => ask("copy", file) },
            { name: "Move to…", key: "M", act: () => ask("move", file) },
            { name: "Delete…", key: "Del", act: () => ask("delete", file), danger: true },
          ]}
          onClose={() => {
            setMenu(null);
            onClose();
          }}
        />
      )}
      {transfer && (
        <TransferDialog
          key={`${transfer.doing} ${transfer.file.id}`}
          transfer={transfer}
          onClose={() => {
            setTransfer(null);
            onClose();
          }}
        />
      )}
    </>
  );
  return { openMenu: (asked, anchor) => setMenu({ id: asked.id, anchor }), ask, dialogs };
}
