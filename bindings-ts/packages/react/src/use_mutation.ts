import { LarderError, type Operation } from "@larder/client";
import { useCallback, useInsertionEffect, useRef, useState } from "react";
import { useLarder } from "./provider.js";

/** Options of {@link useMutation}. */
export interface MutationOptions<A> {
  /** What is shown until the backend has answered. */
  readonly optimistic?: (args: A) => readonly Operation[];
}

/** What {@link useMutation} returns. */
export interface MutationHook<A> {
  /** Makes the mutation; rejects with {@link LarderError} when the backend refuses it. Always the same function. */
  readonly mutate: (args: A) => Promise<void>;
  /** Some mutation made through this hook is not settled yet. */
  readonly pending: boolean;
  /** Why the last one that failed did so; gone when a new one is made. */
  readonly error: LarderError | undefined;
  /** Forgets the error. */
  readonly reset: () => void;
}

/**
 * A named mutation and how the last ones went.
 *
 * @example
 * ```tsx
 * const rename = useMutation<{ id: string; name: string }>("files.rename", {
 *   optimistic: ({ id, name }) => [merge("file", id, { name })],
 * });
 * <button onClick={() => rename.mutate({ id, name: "new.txt" })} disabled={rename.pending}>Rename</button>
 * {rename.error && <p role="alert">{rename.error.message}</p>}
 * ```
 */
export function useMutation<A = unknown>(name: string, options?: MutationOptions<A>): MutationHook<A> {
  const cache = useLarder();
  // `mutate` stays the same function although `optimistic` is most often written inline.
  const optimistic = useRef(options?.optimistic);
  useInsertionEffect(() => {
    optimistic.current = options?.optimistic;
  });
  const [waiting, setWaiting] = useState(0);
  const [error, setError] = useState<LarderError>();
  const mutate = useCallback(
    (args: A): Promise<void> => {
      const outcome = attempt(() => cache.mutate({ name, args, optimistic: optimistic.current?.(args) ?? [] }).settled);
      setError(undefined);
      setWaiting((count) => count + 1);
      outcome.then(
        () => setWaiting((count) => count - 1),
        (reason: unknown) => {
          setWaiting((count) => count - 1);
          setError(reason instanceof LarderError ? reason : new LarderError("mutation.failed", String(reason), { cause: reason }));
        },
      );
      return outcome;
    },
    [cache, name],
  );
  const reset = useCallback(() => setError(undefined), []);
  return { mutate, pending: waiting > 0, error, reset };
}

/** What fails before it is sent fails in the same way as what the backend refuses. */
function attempt(make: () => Promise<void>): Promise<void> {
  try {
    return make();
  } catch (error) {
    return Promise.reject(error);
  }
}
