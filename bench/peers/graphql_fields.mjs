// What GraphQL caches are asked for: all fields of a file.
export const SCALARS = [
  "id", "device_id", "parent_id", "name", "extension", "kind", "is_dir", "size", "path", "favorite", "tag_ids",
  "modified_at", "created_at", "version",
];
export const IDENTITY = ["uuid", "kind", "content_hash", "entry_count"];
export const TAG = ["id", "name", "color", "version"];
export const FILE_FIELDS = `${SCALARS.join(" ")} content_identity { ${IDENTITY.join(" ")} }`;

/** Why they sit out where lists have to be worked out on the client. */
const SERVER = "does not filter or sort: a list is what the server answered, and the app corrects it by hand";
export const CANNOT = { W2: SERVER, W3: SERVER, W5: SERVER };

/** A file as a server would send it. */
export const typed = (row) => ({
  __typename: "File",
  ...row,
  content_identity: { __typename: "ContentIdentity", ...row.content_identity },
  ...(row.tags && { tags: row.tags.map(typedTag) }),
});
export const typedTag = (tag) => ({ __typename: "Tag", ...tag });
export const variablesOf = ({ where, limit }) => ({ parent_id: where.parent_id, first: limit });
