/** How the entities of one resource type refer to those of another. */
export interface RelationSpec {
  /** The other resource type. */
  readonly to: string;
  readonly kind: "one" | "many";
  /** The field that holds the id, or the array of ids. */
  readonly field: string;
}

/** What the cache must know about one resource type. */
export interface TypeSpec {
  /** As in the events' `resource_type`. */
  readonly name: string;
  /** The field with the id; default `"id"`. */
  readonly id?: string;
  /** The field with a number that grows with every change; older versions are then ignored. */
  readonly version?: string | null;
  /** Whether an event's resource replaces the entity or is merged into it, object by object. Default `"replace"`. */
  readonly merge?: "replace" | "deep";
  readonly relations?: { readonly [name: string]: RelationSpec };
}

/**
 * The resource types of an app.
 *
 * @example
 * ```ts
 * const registry: RegistrySpec = {
 *   types: [
 *     { name: "file", version: "version", relations: { tags: { to: "tag", kind: "many", field: "tag_ids" } } },
 *     { name: "tag" },
 *   ],
 * };
 * ```
 */
export interface RegistrySpec {
  readonly types: readonly TypeSpec[];
  /** What to do with events of other types: keep their entities under the field `id`, or refuse them. Default `"store"`. */
  readonly unknownTypes?: "store" | "refuse";
}
