/** What a file is, judged by the engine from its extension. */
export type FileKind = "folder" | "image" | "video" | "audio" | "document" | "code" | "archive" | "text" | "unknown";

/** An entry of a folder, as the engine sends it. */
export interface FileRow {
  readonly id: string;
  readonly location_id: string;
  /** `null` for the folder the engine serves. */
  readonly parent_id: string | null;
  readonly name: string;
  readonly extension: string | null;
  readonly kind: FileKind;
  readonly is_dir: boolean;
  readonly size: number;
  /** From the served folder, `/` between segments; `""` for that folder itself. */
  readonly path: string;
  readonly modified_at: string;
  readonly created_at: string;
  readonly favorite: boolean;
  readonly tag_ids: readonly string[];
  readonly version: number;
}
