import { useEntity } from "@larder/react";

import type { Filters } from "../filter/filters";
import type { File as FileRow } from "../resource/library";
import { Breadcrumb } from "./breadcrumb";

interface PlaceProps {
  readonly folder: FileRow;
  readonly filters: Filters;
}

/** What the list is of: the open folder and the way to it, or what is shown from everywhere. */
export function Place({ folder, filters }: PlaceProps) {
  const tag = useEntity("tag", filters.tagId);
  const name = filters.everywhere ? nameOfAll(filters, tag?.name) : folder.name;
  return (
    <>
      <title>{`${name} – Larder`}</title>
      {filters.everywhere ? <h1 className="place">{name}</h1> : <Breadcrumb folder={folder} />}
    </>
  );
}

function nameOfAll(filters: Filters, tag: string | undefined): string {
  if (filters.favorites) return "Favourites";
  if (filters.tagId !== null) return tag ?? "A deleted tag";
  return "Whole library";
}
