/**
 * The worker's own program: `createCache({ worker: true })` starts it. Where a bundler does not find it by itself,
 * `new Worker(new URL("@larder/client/worker", import.meta.url), { type: "module" })` does.
 *
 * @packageDocumentation
 */
import * as glue from "../../wasm/larder_wasm.js";
import { type Inner, serve } from "../async/serve.js";

// A second call of the glue's function gives the module that the first has loaded.
serve(globalThis as unknown as Inner, async (wasm) => {
  const { memory } = await glue.default({ module_or_path: wasm });
  return { WasmCache: glue.WasmCache, memory };
});
