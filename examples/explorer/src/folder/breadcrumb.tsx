import "./breadcrumb.css";

import { Chevron } from "../icon/chevron";
import type { File as FileRow } from "../resource/library";
import { hashOfFolder } from "./hash";
import { useAncestors } from "./use_ancestors";

/** The way from the served folder to the open one. */
export function Breadcrumb({ folder }: { readonly folder: FileRow }) {
  const above = useAncestors(folder);
  return (
    <nav className="breadcrumb" aria-label="Folder path">
      <ol>
        {above.map((ancestor) => (
          <li key={ancestor.id}>
            <a href={hashOfFolder(ancestor.parent_id === null ? null : ancestor.id)}>{ancestor.name}</a>
            <Chevron className="breadcrumb-gap" />
          </li>
        ))}
        <li className="breadcrumb-here">
          <h1 aria-current="page">{folder.name}</h1>
        </li>
      </ol>
    </nav>
  );
}
