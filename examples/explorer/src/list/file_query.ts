import type { OrderByOf, QueryOf, WhereOf } from "@larder/client";

import type { Filters } from "../filter/filters";
import type { Sort } from "./columns";

/** The query of the list: what is in the folder, or anywhere, and passes the filters; folders first. */
export function fileQuery(folderId: string, filters: Filters, sort: Sort): QueryOf<"file"> {
  const text = filters.text.trim();
  const where: WhereOf<"file"> = {
    parent_id: filters.everywhere ? { isNull: false } : folderId,
    ...(text === "" ? {} : { name: { includes: text, ignoreCase: true } }),
    ...(filters.kind === null ? {} : { kind: filters.kind }),
    ...(filters.tagId === null ? {} : { tag_ids: { contains: filters.tagId } }),
    ...(filters.favorites ? { favorite: true } : {}),
  };
  return { from: "file", where, orderBy: order(sort) };
}

function order({ column, dir }: Sort): OrderByOf<"file">[] {
  const foldersFirst: OrderByOf<"file"> = { is_dir: "desc" };
  const byName: OrderByOf<"file"> = { name: { collate: "natural", dir: column === "name" ? dir : "asc" } };
  return column === "name" ? [foldersFirst, byName] : [foldersFirst, { [column]: dir }, byName];
}
