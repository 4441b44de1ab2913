import "./breadcrumb.css";

import { Chevron } from "../icon/chevron";
import type { File as FileRow } from "../resource/library";
import { hashOfFolder } from "./hash";
import { useAncestors } from "./use_ancestors";
import { useRoots } from "./use_roots";

/** The way from the served folder to the open one. */
export function Breadcrumb({ folder }: { readonly folder: FileRow }) {
  const above = useAncestors(folder);
  const { home } = useRoots();
  return (
    <nav className="breadcrumb" aria-label="Folder path">
      <ol>
        {above.map((ancestor) => (
          <li key={ancestor.id}>
            <a href={hashOfFolder(ancestor.id === home?.id ? null : ancestor.id)}>{ancestor.name}</a>
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
