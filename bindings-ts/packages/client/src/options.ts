import type { Config, RegistrySpec } from "./generated.js";

/** Where the `.wasm` file is, or what is in it. */
export type WasmSource = string | URL | Request | Response | BufferSource | WebAssembly.Module;

/** What a cache is made of. */
export interface CacheOptions extends Config {
  /** The resource types of the app. */
  readonly registry: RegistrySpec;
  /** Where to load `larder_wasm_bg.wasm` from; by default it lies beside this package. */
  readonly wasm?: WasmSource;
}
