import { LarderError } from "@larder/client";

import { reasonText } from "../toast/reason_text";

/** Why something was not done with a file, in plain words; `device` has the file. */
export function refusalText(reason: unknown, device: string): string {
  switch (refusalKind(reason)) {
    case "not_reachable":
      return `${device} is not there. Nothing was changed.`;
    case "no_answer":
      return `${device} did not answer. It may have been done: look again when it is there.`;
    case "changed":
      return `It is another file on the disk of ${device} by now. Look again.`;
    case "not_found":
      return "It is not there any more.";
    case "into_itself":
      return "A folder does not go into itself.";
    case "disk_full":
      return `The disk of ${device} is full.`;
    case "other_device":
      return "Files go to another device by a copy.";
    default:
      return reasonText(reason);
  }
}

/** The stable name of the reason. */
export function refusalKind(reason: unknown): string {
  return reason instanceof LarderError ? reason.kind : "";
}

/** Whether it may work another time, as it is. */
export function mayPass(reason: unknown): boolean {
  return ["not_reachable", "no_answer", "disk_full"].includes(refusalKind(reason));
}
