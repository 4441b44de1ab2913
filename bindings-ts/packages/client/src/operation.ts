import type { Operation } from "./generated.js";

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
  return { type: "merge", data: { resource_type: type, id: String(id), fields } };
}

/** An entity gone. */
export function remove(type: string, id: string | number): Operation {
  return { type: "delete", data: { resource_type: type, id: String(id) } };
}
