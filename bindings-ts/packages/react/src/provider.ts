import { type AnyCache, type Cache, LarderError, type LiveCache } from "@larder/client";
import { createContext, createElement, type ReactElement, type ReactNode, useContext } from "react";

const LarderContext = createContext<LiveCache | null>(null);

/** Props of {@link LarderProvider}. */
export interface LarderProviderProps {
  /** The cache that the hooks below use. */
  readonly client: AnyCache;
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
export function LarderProvider({ client, children }: LarderProviderProps): ReactElement {
  // Hooks go by what is registered; a context cannot know more.
  return createElement(LarderContext.Provider, { value: client as LiveCache }, children);
}

/** The cache of the {@link LarderProvider} around this component; `C` is its class, if it is not one in the page. */
export function useLarder<C extends LiveCache = Cache>(): C {
  const cache = useContext(LarderContext);
  if (cache === null) {
    throw new LarderError("react.no_provider", "There is no <LarderProvider client={cache}> around this component.");
  }
  return cache as C;
}
