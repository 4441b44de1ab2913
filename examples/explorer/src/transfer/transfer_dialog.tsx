import "./transfer_dialog.css";

import { useEntity } from "@larder/react";
import { useEffect, useRef, useState } from "react";

import { useFileEdits } from "../edit/use_file_edits";
import { useOwner } from "../edit/use_owner";
import type { File as FileRow } from "../resource/library";
import { FolderPicker } from "./folder_picker";
import type { Transfer } from "./transfer";

interface TransferDialogProps {
  readonly transfer: Transfer;
  readonly onClose: () => void;
}

/** Asks where to copy or move a file, or whether to delete it. */
export function TransferDialog({ transfer, onClose }: TransferDialogProps) {
  const { doing, file } = transfer;
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    if (dialog.current?.open === false) dialog.current.showModal();
  }, []);
  const close = (): void => dialog.current?.close();
  return (
    <dialog ref={dialog} className="transfer" aria-labelledby="transfer-title" closedby="any" onClose={onClose}>
      {doing === "delete" ? <Deletion file={file} onDone={close} /> : <Goal doing={doing} file={file} onDone={close} />}
    </dialog>
  );
}

interface StepProps {
  readonly file: FileRow;
  readonly onDone: () => void;
}

function Goal({ doing, file, onDone }: StepProps & { readonly doing: "copy" | "move" }) {
  const edits = useFileEdits();
  const owner = useOwner();
  const above = useEntity("file", file.parent_id ?? undefined) ?? file;
  const [picked, setPicked] = useState<FileRow>();
  // A folder does not go to where it is already.
  const isThere = doing === "move" && picked?.id === file.parent_id;
  const verb = doing === "copy" ? "Copy" : "Move";
  return (
    <form
      method="dialog"
      onSubmit={(event) => {
        event.preventDefault();
        if (!picked || isThere) return;
        edits[doing](file, picked);
        onDone();
      }}
    >
      <h2 id="transfer-title">
        {verb} “{file.name}”
      </h2>
      <p>
        {doing === "copy"
          ? `It is on ${owner(file)}, and may go to any device.`
          : `Within ${owner(file)}. To another device it goes by a copy.`}
      </p>
      <FolderPicker
        locationId={doing === "move" ? file.location_id : undefined}
        from={above}
        picked={picked}
        onPick={setPicked}
      />
      <Buttons onCancel={onDone} act={`${verb} here`} disabled={!picked || isThere} />
    </form>
  );
}

function Deletion({ file, onDone }: StepProps) {
  const edits = useFileEdits();
  const owner = useOwner();
  return (
    <form
      method="dialog"
      onSubmit={(event) => {
        event.preventDefault();
        edits.remove(file);
        onDone();
      }}
    >
      <h2 id="transfer-title">Delete “{file.name}”?</h2>
      <p>
        It goes from the disk of {owner(file)}, {file.is_dir ? "with all that is in it, for ever." : "for ever."}
      </p>
      <Buttons onCancel={onDone} act="Delete" danger />
    </form>
  );
}

interface ButtonsProps {
  readonly act: string;
  readonly onCancel: () => void;
  readonly disabled?: boolean;
  readonly danger?: boolean;
}

function Buttons({ act, onCancel, disabled = false, danger = false }: ButtonsProps) {
  return (
    <div className="transfer-buttons">
      <button type="button" className="button" onClick={onCancel}>
        Cancel
      </button>
      <button type="submit" className="button transfer-act" data-danger={danger} disabled={disabled}>
        {act}
      </button>
    </div>
  );
}
