/** A value without parts; what fields are compared with. */
export type Scalar = string | number | boolean | null;

/** A field of a row: `name`, or `meta.camera.model` for a field of nested objects. */
export type FieldPath = string;

/** What is asked of one field; all of it must hold. A missing field equals `null`. */
export interface FieldTest {
  /** Same type and same value. */
  eq?: Scalar;
  /** Not the same type and value. */
  ne?: Scalar;
  /** Below; numbers with numbers, strings with strings (by their UTF-8 bytes). */
  lt?: number | string;
  /** Below or equal. */
  lte?: number | string;
  /** Above. */
  gt?: number | string;
  /** Above or equal. */
  gte?: number | string;
  /** Equals one of these. */
  in?: readonly Scalar[];
  /** Null or missing (`true`), or neither (`false`). */
  isNull?: boolean;
  /** An array with an element equal to this. */
  contains?: Scalar;
  /** An array with an element for which this holds; paths begin at the element. */
  some?: Where;
  /** Holds for every element of the array; true if there is none. */
  every?: Where;
  /** Holds for no element of the array; true if there is none. */
  none?: Where;
  /** A string that begins with this. */
  startsWith?: string;
  /** A string that has this in it. */
  includes?: string;
  /** `startsWith` and `includes` beside it disregard case. */
  ignoreCase?: boolean;
  /** Text in which each of these words begins a word, whatever its case and diacritics. No words: holds. */
  match?: string;
  /** A path below this folder, at any depth. Segments are divided by `/` or `\`. */
  under?: string;
  /** A path directly in this folder. */
  childOf?: string;
}

/** Conditions on fields: a scalar the field must equal, or a test. The key `match` with a {@link WordMatch} is about several. */
export interface FieldConditions {
  [field: FieldPath]: Scalar | FieldTest | WordMatch;
}

/** All of these hold. */
export interface AllOf {
  and: readonly Where[];
}

/** One of these holds; none does if the list is empty. */
export interface AnyOf {
  or: readonly Where[];
}

/** This does not hold. */
export interface NotThis {
  not: Where;
}

/** Each of these words begins a word of one of the fields, whatever its case and diacritics. No words: holds. */
export interface WordMatch {
  text: string;
  /** The most important first, which counts for the order `relevance`. */
  fields: readonly FieldPath[];
}

/**
 * Conditions on a row. All entries must hold; `{}` holds for every row. `and`, `or` and `not` may stand beside fields:
 * `{ kind: "image", or: [{ size: { gt: 1000 } }, { favorite: true }] }`.
 */
export type Where = FieldConditions | AllOf | AnyOf | NotThis;

/** Up or down. */
export type Direction = "asc" | "desc";

/** How rows are ordered by one field. */
export interface OrderOptions {
  /** Default `asc`. */
  dir?: Direction;
  /** Where rows without a value go, whatever the direction. Default: `first` if ascending, `last` if descending. */
  nulls?: "first" | "last";
  /** `natural` sorts text as people do: without case, and numbers in it by their value. Default `byte`. */
  collate?: "byte" | "natural";
}

/** An object with one field. */
export interface FieldOrder {
  [field: FieldPath]: Direction | OrderOptions;
}

/**
 * One key of the order: a field, or `relevance`, how well rows fit the `match` conditions that stand outside of `or` and `not`. Rows
 * equal by all keys are ordered by id.
 */
export type OrderKey = FieldOrder | "relevance";

/** A position in the order of a query. */
export interface Cursor {
  /** The values of the order keys there, one for each key of `orderBy`. */
  values: readonly unknown[];
  /** The id there. */
  id: string | number;
}

/** What part of the ordered result is wanted: what follows `after`, without the first `offset`, at most `limit`. */
export interface QueryWindow {
  /** How many rows at most; all without it. */
  limit?: number;
  /** How many rows to leave out at the front. */
  offset?: number;
  /** Only rows after this position. */
  after?: Cursor;
}

/** What is taken of a relation: `true` for all there is. A relation to one resource takes `true` or `include` only. */
export type Include =
  | true
  | {
      /** Which of them; all without it. */
      where?: Where;
      /** In which order; without it, that of their ids in the row, or by id where the row does not name them. */
      orderBy?: readonly OrderKey[];
      /** How many at most; all without it. */
      limit?: number;
      /** How many to leave out at the front. */
      offset?: number;
      /** Relations of theirs to follow in turn. */
      include?: Includes;
    };

/** Relations to follow, by name: each row comes with what they lead to, in a field of that name. */
export interface Includes {
  [relation: string]: Include;
}

/** A figure about all rows that match. Null, missing fields, arrays and objects are left out of all but `count`. */
export type Aggregate =
  /** How many rows. */
  | "count"
  /** The exact sum of the numbers, as the nearest double; 0 if there is none. */
  | { sum: FieldPath }
  /** The mean of the numbers; null if there is none. */
  | { avg: FieldPath }
  /** The smallest value: false, true, numbers, strings by their UTF-8 bytes; null if there is none. */
  | { min: FieldPath }
  /** The largest value; null if there is none. */
  | { max: FieldPath }
  /** How many different values. */
  | { distinct: FieldPath };

/** Aggregates by the names that they have in the result. */
export interface Aggregates {
  [name: string]: Aggregate;
}

/** Which rows of a resource type, in which order, and what part of them. Plain data; equal queries share one result. */
export interface Query extends QueryWindow {
  /** The resource type. */
  from: string;
  /** Which rows; all without it. */
  where?: Where;
  /** In which order; by id without it. */
  orderBy?: readonly OrderKey[];
  /** Relations to follow. */
  include?: Includes;
  /** What to find out about all rows that match, whatever the window; about each group where there is `groupBy`. */
  aggregate?: Aggregates;
  /**
   * The result's rows are groups: one for each combination of the values of these fields, with these values and the
   * aggregates. `orderBy` takes these fields and the names of aggregates; groups are ordered by these fields without it.
   */
  groupBy?: readonly FieldPath[];
}

/** A folder. */
export interface Scope {
  path: string;
  /** All below it too (the default), or only what is directly in it. */
  recursive?: boolean;
}

/** A folder and all below it, or as it is said. */
export type ScopeName = string | Scope;

/** An entity. */
export interface EntityName {
  type: string;
  id: string | number;
}

/** Names results of remote queries: all to which any part of it applies. */
export interface Invalidation {
  /** Every result. */
  all?: boolean;
  /** Results that have to do with these resource types. */
  types?: readonly string[];
  /** Results of these methods; `files.*` stands for all that begin so. */
  methods?: readonly string[];
  /** Results whose answers said that they depend on one of these places; a text stands for all below it. */
  scopes?: readonly ScopeName[];
  /** Results that list one of these entities. */
  entities?: readonly EntityName[];
}
