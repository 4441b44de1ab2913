import type { FileKind } from "../resource/library";

/** The kinds of the filter menu, in its order. */
export const KINDS: readonly FileKind[] = [
  "folder",
  "image",
  "video",
  "audio",
  "document",
  "text",
  "code",
  "archive",
  "unknown",
];

const LABELS: Readonly<Record<FileKind, string>> = {
  folder: "Folder",
  image: "Image",
  video: "Video",
  audio: "Audio",
  document: "Document",
  text: "Text",
  code: "Code",
  archive: "Archive",
  unknown: "File",
};

/** What people call this kind. */
export function kindLabel(kind: FileKind): string {
  return LABELS[kind] ?? LABELS.unknown;
}

/** The kind with the extension where that says more: `Image (JPG)`. */
export function kindOf(kind: FileKind, extension: string | null): string {
  if (kind === "folder" || !extension) return kindLabel(kind);
  return `${kindLabel(kind)} (${extension.toUpperCase()})`;
}
