/** One step of an optimistic edit, shown at once and undone if the backend refuses the mutation. */
export type Operation =
  | { readonly type: "upsert"; readonly data: { readonly resource_type: string; readonly resource: object } }
  | {
      readonly type: "merge";
      readonly data: { readonly resource_type: string; readonly id: string | number; readonly fields: object };
    }
  | { readonly type: "delete"; readonly data: { readonly resource_type: string; readonly id: string | number } };

/** A whole entity, created or replaced. */
export function upsert(type: string, resource: object): Operation {
  return { type: "upsert", data: { resource_type: type, resource } };
}

/**
 * Some fields of an entity; objects in them are merged, anything else is replaced.
 *
 * @example
 * ```ts
 * cache.mutate({ name: "files.rename", args: { id, name }, optimistic: [merge("file", id, { name })] });
 * ```
 */
export function merge(type: string, id: string | number, fields: object): Operation {
  return { type: "merge", data: { resource_type: type, id, fields } };
}

/** An entity gone. */
export function remove(type: string, id: string | number): Operation {
  return { type: "delete", data: { resource_type: type, id } };
}
