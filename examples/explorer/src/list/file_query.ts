import type { OrderByOf, QueryOf, RowOf, WhereOf } from "@larder/client";

import type { Filters } from "../filter/filters";
import type { Sort } from "./columns";

/** The list shows the tags of each file. */
type Shown = { readonly tags: true };

/** A file of the list, with its tags. */
export type ListedFile = RowOf<"file", Shown>;
/** A query for files of the list. */
export type FileQuery = QueryOf<"file", Shown>;

/** The query of the list: what is in the folder, or anywhere, and passes the filters; folders first. */
export function fileQuery(folderId: string, filters: Filters, sort: Sort): FileQuery {
  const text = filters.text.trim();
  const where: WhereOf<"file"> = {
    parent_id: filters.everywhere ? { isNull: false } : folderId,
    ...(text === "" ? {} : { name: { includes: text, ignoreCase: true } }),
    ...(filters.kind === null ? {} : { kind: filters.kind }),
    ...(filters.tagId === null ? {} : { tag_ids: { contains: filters.tagId } }),
    ...(filters.favorites ? { favorite: true } : {}),
  };
  return { from: "file", where, orderBy: order(sort), include: { tags: true } };
}

function order({ column, dir }: Sort): OrderByOf<"file">[] {
  const foldersFirst: OrderByOf<"file"> = { is_dir: "desc" };
  const byName: OrderByOf<"file"> = { name: { collate: "natural", dir: column === "name" ? dir : "asc" } };
  return column === "name" ? [foldersFirst, byName] : [foldersFirst, { [column]: dir }, byName];
}
