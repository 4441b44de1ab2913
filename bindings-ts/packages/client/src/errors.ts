/**
 * Every error that Larder raises on purpose.
 *
 * `kind` is stable and meant for programs (`"event.malformed_json"`, `"query.unknown_operator"`, or what the
 * backend gave as the reason of a rejected mutation); `message` is meant for people and says what to do.
 *
 * @example
 * ```ts
 * try {
 *   cache.apply(text);
 * } catch (error) {
 *   if (error instanceof LarderError && error.kind.startsWith("event.")) report(error.message);
 *   else throw error;
 * }
 * ```
 */
export class LarderError extends Error {
  override readonly name = "LarderError";
  /** The stable name of what went wrong. */
  readonly kind: string;

  constructor(kind: string, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.kind = kind;
  }
}
