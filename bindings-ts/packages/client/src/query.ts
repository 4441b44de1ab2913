/** What a field can be compared with. */
export type Scalar = string | number | boolean | null;

/** What must hold for one field; all operators given must hold. */
export interface Operators {
  /** Same JSON type and equal. `eq: null` also holds for a missing field. */
  readonly eq?: Scalar;
  readonly ne?: Scalar;
  /** Numbers with numbers, strings with strings (by UTF-8 bytes); anything else does not hold. */
  readonly lt?: string | number;
  readonly lte?: string | number;
  readonly gt?: string | number;
  readonly gte?: string | number;
  /** Equal to any of these. */
  readonly in?: readonly Scalar[];
  /** The field is null or missing (`true`), or neither (`false`). */
  readonly isNull?: boolean;
  /** The field is an array with an element equal to this. */
  readonly contains?: Scalar;
  /** The field is an array with an element for which this holds. */
  readonly some?: Where;
  /** It holds for every element of the array; so for an empty or missing one. */
  readonly every?: Where;
  /** It holds for no element of the array. */
  readonly none?: Where;
  /** The text begins with this. */
  readonly startsWith?: string;
  /** The text has this somewhere in it. */
  readonly includes?: string;
  /** For `startsWith` and `includes` of the same object. */
  readonly ignoreCase?: boolean;
  /** The field is a path strictly below this one, at any depth. */
  readonly under?: string;
  /** The field is a path exactly one segment below this one. */
  readonly childOf?: string;
}

/**
 * A condition on an entity: field paths (`"size"`, `"owner.name"`) with what must hold for them, and `and`, `or`, `not`.
 * All entries must hold. A field given a plain value must be equal to it.
 */
export interface Where {
  readonly and?: readonly Where[];
  readonly or?: readonly Where[];
  readonly not?: Where;
  readonly [path: string]: Scalar | Operators | Where | readonly Where[] | undefined;
}

/** How one key of the order sorts. */
export interface Direction {
  /** Default `"asc"`. */
  readonly dir?: "asc" | "desc";
  /** Where null and missing go; by default they are the smallest. */
  readonly nulls?: "first" | "last";
  /** `"natural"` ignores case and reads digits as numbers: `img2` before `IMG10`. Default `"byte"`. */
  readonly collate?: "byte" | "natural";
}

/** One key of the order: an object with one field path. */
export interface OrderBy {
  readonly [path: string]: "asc" | "desc" | Direction;
}

/** A position in an order: start right after the entity with these order values and this id. */
export interface After {
  readonly values: readonly unknown[];
  readonly id: string;
}

/**
 * A query is plain JSON: it can be written inline, stored, and compared by value.
 *
 * @example
 * ```ts
 * const largestImages: Query = {
 *   from: "file",
 *   where: { kind: "image", size: { gt: 1_000_000 } },
 *   orderBy: [{ size: "desc" }, { name: { collate: "natural" } }],
 *   limit: 100,
 * };
 * ```
 */
export interface Query {
  /** The resource type. */
  readonly from: string;
  readonly where?: Where;
  /** The last tie-break is always the id. */
  readonly orderBy?: readonly OrderBy[];
  /** At most this many entities; without it, all. */
  readonly limit?: number;
  /** Skip this many first. */
  readonly offset?: number;
  /** Start after this position, before `offset` counts. */
  readonly after?: After;
}
