import type { Scalar } from "./generated.js";

/** Figures of which nothing is known but their names and that they are values without parts. */
export type AnyFigures = { readonly [name in string]: Scalar };

/**
 * What a live query shows at one moment. The object and the array stay the same as long as nothing in them changed, and
 * an entity that did not change is the same object in the next result. Treat all of it as immutable.
 */
export interface QueryResult<T = unknown, A = AnyFigures> {
  /**
   * The entities inside the query's window, in order. Up to 2,000 are a plain array. More are a list that shares with the one
   * before what did not change; it has all that a `readonly` array has, but `Array.isArray` says no, and `[].concat(data)` takes
   * it as one element: `data.slice()` is an array.
   */
  readonly data: readonly T[];
  /** How many entities match, whatever the window. */
  readonly total: number;
  /** Whether that is all of it: false while some of what the query asks for is not here yet. */
  readonly complete: boolean;
  /** What the query's `aggregate` asks of all entities that match, by name; not there where it asks nothing or groups. */
  readonly aggregates?: A;
}

/** The result of a query that has nothing yet: one that is off, that waits for its core, or rendering on a server. */
export const EMPTY_RESULT: QueryResult<never, never> = { data: [], total: 0, complete: false };
