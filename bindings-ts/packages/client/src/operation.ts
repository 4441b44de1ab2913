import type { Operation } from "./generated.js";
import type { Fields, Whole } from "./typed/edit.js";
import type { Id, Name, Registered } from "./typed/register.js";

/** A whole entity, created or replaced. */
export function upsert<F extends Name<Registered>>(type: F, resource: Whole<Registered, F>): Operation {
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
export function merge<F extends Name<Registered>>(type: F, id: Id<Registered, F>, fields: Fields<Registered, F>): Operation {
  return { type: "merge", data: { resource_type: type, id: String(id), fields } };
}

/** An entity gone. */
export function remove<F extends Name<Registered>>(type: F, id: Id<Registered, F>): Operation {
  return { type: "delete", data: { resource_type: type, id: String(id) } };
}
