import type { WorkerLike } from "./async/worker_like.js";
import type { Config } from "./generated.js";
import type { Registry } from "./registry.js";
import type { Storage } from "./storage/storage.js";
import type { Registered } from "./typed/register.js";

/** Where the `.wasm` file is, or what is in it. */
export type WasmSource = string | URL | Request | Response | BufferSource | WebAssembly.Module;

/** What a cache is made of; `R` are the resource types, as the type checker knows them. */
export interface CacheOptions<R = Registered> extends Config {
  /** The resource types of the app: generated, made by `defineRegistry`, or a plain `RegistrySpec`. */
  readonly registry: Registry<R>;
  /** Where to load `larder_wasm_bg.wasm` from; by default it lies beside this package. */
  readonly wasm?: WasmSource;
  /**
   * Keeps what is cached, and edits that are not settled, across reloads: `autoStorage("library")` of `@larder/client/storage`.
   * `cache.status.storage` says how it goes; where it cannot be used, the cache goes on in memory.
   */
  readonly storage?: Storage;
  /**
   * Runs the core, the socket and the timers in a worker, so that only what changed comes to the page: `true`, or what starts the
   * worker, where a bundler needs that: `() => new Worker(new URL("@larder/client/worker", import.meta.url), { type: "module" })`.
   * The cache is an {@link AsyncCache} then.
   */
  readonly worker?: boolean | (() => WorkerLike);
  /**
   * Shares one cache of this name among the tabs of the origin that ask for it: one has the core, in a worker, and the socket; when
   * it is closed or frozen another takes over. The cache is an {@link AsyncCache} then.
   */
  readonly tabs?: string;
}
