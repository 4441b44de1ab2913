import type { File as FileRow } from "../resource/library";

/** What one can do with a row. */
export interface RowActions {
  readonly activate: (file: FileRow, index: number) => void;
  readonly open: (file: FileRow) => void;
  /** Opens the folder that the file is in. */
  readonly openFolderOf: (file: FileRow) => void;
  /** `null` leaves the name as it is. */
  readonly endRename: (file: FileRow, name: string | null) => void;
  readonly toggleFavorite: (file: FileRow) => void;
  readonly openTags: (file: FileRow, anchor: Element) => void;
  readonly openMenu: (file: FileRow, anchor: Element) => void;
}
