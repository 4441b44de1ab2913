import type { Operation } from "./generated.js";

/**
 * A named user action.
 *
 * @example
 * ```ts
 * const { settled } = cache.mutate({
 *   name: "files.rename",
 *   args: { id: file.id, name },
 *   optimistic: [merge("file", file.id, { name })],
 * });
 * await settled; // throws LarderError with the backend's reason
 * ```
 */
export interface Mutation {
  readonly name: string;
  /** What the backend needs to know; JSON. */
  readonly args?: unknown;
  /** What is shown until the backend has answered. */
  readonly optimistic?: readonly Operation[];
  /**
   * Edits of the same name with the same key replace each other while they have not been sent, so that only the last is: for what the
   * user is typing, e.g. the id and the field. For edits that set something to a value, not for those that add to it.
   */
  readonly coalesce?: string;
  /** Unique for ever; without one, a random UUID. The same id sent again has no second effect. */
  readonly id?: string;
}

/** A mutation that was made. */
export interface MutationHandle {
  readonly id: string;
  /**
   * Fulfilled when the backend's outcome is in the cache; rejected with a {@link LarderError} of the backend's kind and
   * message when it refused. Ignoring it is fine: it never counts as an unhandled rejection.
   */
  readonly settled: Promise<void>;
}
