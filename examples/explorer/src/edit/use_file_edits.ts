import { merge, remove } from "@larder/client";
import { useLarder } from "@larder/react";

import type { File as FileRow } from "../resource/library";
import { useReportFailure } from "../toast/toasts";
import { mayPass, refusalKind, refusalText } from "./refusal_text";
import { useOwner } from "./use_owner";
import { waitsFor } from "./waiting";

/** What is done with files of any device, by the device that has them. What is refused is taken back, with a message that says why. */
export interface FileEdits {
  readonly rename: (file: FileRow, name: string) => void;
  /** Into another folder of the same device. */
  readonly move: (file: FileRow, folder: FileRow) => void;
  /** For ever, a folder with all that is in it. */
  readonly remove: (file: FileRow) => void;
  /** Into a folder of any device. How far it is, the jobs say. */
  readonly copy: (file: FileRow, folder: FileRow, keepBoth?: boolean) => void;
}

export function useFileEdits(): FileEdits {
  const cache = useLarder();
  const report = useReportFailure();
  const owner = useOwner();
  const rename = (file: FileRow, name: string): void => {
    const args = { id: file.id, name };
    const { settled } = cache.mutate({ name: "files.rename", args, optimistic: [merge("file", file.id, { name })] });
    waitsFor(file.id, "Renaming", settled);
    refused(settled, `“${file.name}” was not renamed`, file, () => rename(file, name));
  };
  const move = (file: FileRow, folder: FileRow): void => {
    const args = { id: file.id, folder_id: folder.id };
    const { settled } = cache.mutate({ name: "files.move", args, optimistic: [merge("file", file.id, { parent_id: folder.id })] });
    waitsFor(file.id, "Moving", settled);
    refused(settled, `“${file.name}” was not moved`, file, () => move(file, folder));
  };
  const removeFile = (file: FileRow): void => {
    const { settled } = cache.mutate({ name: "files.delete", args: { id: file.id }, optimistic: [remove("file", file.id)] });
    refused(settled, `“${file.name}” was not deleted`, file, () => removeFile(file));
  };
  const copy = (file: FileRow, folder: FileRow, keepBoth = false): void => {
    const args = { id: file.id, folder_id: folder.id, keep_both: keepBoth };
    const { settled } = cache.mutate({ name: "files.copy", args, optimistic: [] });
    // The device that the file goes to does it.
    settled.catch((reason: unknown) => {
      const isTaken = refusalKind(reason) === "target_exists";
      const keep = { label: "Keep both", act: () => copy(file, folder, true) };
      const again = { label: "Try again", act: () => copy(file, folder, keepBoth) };
      const action = isTaken ? keep : mayPass(reason) ? again : undefined;
      report(`“${file.name}” was not copied`, refusalText(reason, owner(folder)), action);
    });
  };
  const refused = (settled: Promise<void>, title: string, file: FileRow, again: () => void): void => {
    settled.catch((reason: unknown) => {
      const action = mayPass(reason) ? { label: "Try again", act: again } : undefined;
      report(title, refusalText(reason, owner(file)), action);
    });
  };
  return { rename, move, remove: removeFile, copy };
}
