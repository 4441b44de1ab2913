import type { RegistrySpec } from "./registry.js";
import type { WasmSource } from "./wasm.js";

/** How large what comes from outside may be; every entry has a default. */
export interface Limits {
  readonly maxEventBytes?: number;
  readonly maxStringBytes?: number;
  readonly maxDepth?: number;
  readonly maxEntities?: number;
  readonly maxHeldEvents?: number;
  readonly maxUnknownTypes?: number;
}

/** What a cache is made of. */
export interface CacheOptions {
  readonly registry: RegistrySpec;
  readonly limits?: Limits;
  /** Where to load `larder_wasm_bg.wasm` from; by default it lies beside this package. */
  readonly wasm?: WasmSource;
}
