import type { Filters } from "../filter/filters";
import type { File as FileRow } from "../resource/library";
import type { Tag as TagRow } from "../resource/library";
import { useTagsById } from "../tag/tags";
import { Breadcrumb } from "./breadcrumb";

interface PlaceProps {
  readonly folder: FileRow;
  readonly filters: Filters;
}

/** What the list is of: the open folder and the way to it, or what is shown from everywhere. */
export function Place({ folder, filters }: PlaceProps) {
  const tags = useTagsById();
  const name = filters.everywhere ? nameOfAll(filters, tags) : folder.name;
  return (
    <>
      <title>{`${name} – Larder`}</title>
      {filters.everywhere ? <h1 className="place">{name}</h1> : <Breadcrumb folder={folder} />}
    </>
  );
}

function nameOfAll(filters: Filters, tags: ReadonlyMap<string, TagRow>): string {
  if (filters.favorites) return "Favourites";
  if (filters.tagId !== null) return tags.get(filters.tagId)?.name ?? "A deleted tag";
  return "Whole library";
}
