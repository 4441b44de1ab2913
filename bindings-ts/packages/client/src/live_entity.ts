import type { LiveQuery } from "./live_query.js";

/** One entity, kept up to date; as {@link LiveQuery}, but of one. */
export interface LiveEntity<T = unknown> {
  /** The entity, or `undefined` while the cache has none with this id. */
  readonly getSnapshot: () => T | undefined;
  /** Calls `listener` after each change of the entity. Returns the function that ends it. */
  readonly subscribe: (listener: () => void) => () => void;
}

/** The first entity of a query. */
export function firstOf<T>(live: LiveQuery<T>): LiveEntity<T> {
  return { getSnapshot: () => live.getSnapshot().data[0], subscribe: live.subscribe };
}
