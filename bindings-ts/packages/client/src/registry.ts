import type { RegistrySpec } from "./generated.js";

// No registry has this; it carries types only.
declare const resources: unique symbol;

/** A registry that knows what the rows of its resource types are: `R` says so. */
export interface Registry<R> extends RegistrySpec {
  readonly [resources]?: R;
}

/** What the rows and relations of a registry are, to be registered. */
export type ResourcesOf<G> = G extends Registry<infer R> ? R : never;

/** Says what the rows of a registry are. Generated code calls it; by hand, use {@link defineRegistry}. */
export function registryOf<R>(spec: RegistrySpec): Registry<R> {
  return spec;
}
