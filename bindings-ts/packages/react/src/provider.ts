import { type Cache, LarderError, type Registered } from "@larder/client";
import { createContext, createElement, type ReactElement, type ReactNode, useContext } from "react";

const LarderContext = createContext<Cache | null>(null);

/** Props of {@link LarderProvider}. */
export interface LarderProviderProps<R = Registered> {
  /** The cache that the hooks below use. */
  readonly client: Cache<R>;
  readonly children?: ReactNode;
}

/**
 * Gives a cache to the hooks of the components inside.
 *
 * @example
 * ```tsx
 * const cache = await createCache({ registry });
 * createRoot(element).render(<LarderProvider client={cache}><App /></LarderProvider>);
 * ```
 */
export function LarderProvider<R = Registered>({ client, children }: LarderProviderProps<R>): ReactElement {
  // Hooks go by what is registered; a context cannot know more.
  return createElement(LarderContext.Provider, { value: client as unknown as Cache }, children);
}

/** The cache of the {@link LarderProvider} around this component. */
export function useLarder(): Cache {
  const cache = useContext(LarderContext);
  if (cache === null) {
    throw new LarderError("react.no_provider", "There is no <LarderProvider client={cache}> around this component.");
  }
  return cache;
}
