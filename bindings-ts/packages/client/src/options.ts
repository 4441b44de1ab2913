import type { Config, RegistrySpec } from "./generated.js";
import type { WasmSource } from "./wasm.js";

/** What a cache is made of. */
export interface CacheOptions extends Config {
  /** The resource types of the app. */
  readonly registry: RegistrySpec;
  /** Where to load `larder_wasm_bg.wasm` from; by default it lies beside this package. */
  readonly wasm?: WasmSource;
}
