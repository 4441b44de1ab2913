import "./kind_icon.css";

import type { ReactNode } from "react";

import type { FileKind } from "../resource/library";

/** The coloured picture at the front of a row: a folder, or a sheet with the sign of its kind. */
export function KindIcon({ kind }: { readonly kind: FileKind }) {
  return (
    <svg aria-hidden="true" className={`kind-icon kind-${kind}`} width="20" height="20" viewBox="0 0 20 20">
      {kind === "folder" ? <Folder /> : <Sheet>{SIGNS[kind] ?? SIGNS.unknown}</Sheet>}
    </svg>
  );
}

function Folder() {
  return (
    <>
      <path className="kind-back" d="M2.5 5.7c0-1 .8-1.7 1.7-1.7h3.4c.5 0 1 .2 1.3.6l.9 1.1h6c1 0 1.7.8 1.7 1.7V9h-15z" />
      <path className="kind-front" d="M2.5 8.1h15v6.2c0 1-.8 1.7-1.7 1.7H4.2c-1 0-1.7-.8-1.7-1.7z" />
    </>
  );
}

function Sheet({ children }: { readonly children: ReactNode }) {
  return (
    <>
      <path className="kind-sheet" d="M4 3.9C4 2.9 4.9 2 5.9 2h5.3L16 6.8v9.3c0 1-.8 1.9-1.9 1.9H5.9C4.9 18 4 17.2 4 16.1z" />
      <path className="kind-fold" d="M11.2 2v3.4c0 .8.6 1.4 1.4 1.4H16z" />
      <g className="kind-sign">{children}</g>
    </>
  );
}

const SIGNS: Readonly<Record<Exclude<FileKind, "folder">, ReactNode>> = {
  image: <path d="m6.3 14.6 2.5-3.3 1.7 2 1.3-1.5 2 2.8zM7 9.4a1 1 0 1 0 2 0 1 1 0 0 0-2 0" data-fill="" />,
  video: <path d="M8.1 9.2v5.2l4.4-2.6z" data-fill="" />,
  audio: <path d="M8.3 14.2V9.9l3.9-.9v4.3M8.3 14.2a1.1 1.1 0 1 1-2.2 0 1.1 1.1 0 0 1 2.2 0m3.9-.9a1.1 1.1 0 1 1-2.2 0 1.1 1.1 0 0 1 2.2 0" />,
  document: <path d="M6.8 9.3h6.4M6.8 11.7h6.4M6.8 14.1h3.8" />,
  text: <path d="M6.8 9.3h6.4M6.8 11.7h4.4M6.8 14.1h5.4" />,
  code: <path d="m8.4 9.6-2 2.2 2 2.2M11.6 9.6l2 2.2-2 2.2" />,
  archive: <path d="M9.2 8.6h1.6M9.2 10.6h1.6M9.2 12.6h1.6v2.2H9.2z" />,
  unknown: <path d="M10 14.4v.01M8.6 10.1a1.5 1.5 0 1 1 2.1 1.4c-.5.2-.7.5-.7 1.1" />,
};
