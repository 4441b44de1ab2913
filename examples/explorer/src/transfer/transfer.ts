import type { File as FileRow } from "../resource/library";

/** What is about to be done with a file, once somebody has said where to, or that it may be. */
export interface Transfer {
  readonly doing: "copy" | "move" | "delete";
  readonly file: FileRow;
}
