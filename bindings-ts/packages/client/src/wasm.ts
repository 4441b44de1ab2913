import { LarderError } from "./errors.js";
import type { WasmSource } from "./options.js";

/** The generated module and its memory. */
export interface Wasm {
  readonly WasmCache: typeof import("../wasm/larder_wasm.js").WasmCache;
  readonly memory: WebAssembly.Memory;
}

/** Where it lies beside this package. */
export const ADDRESS = new URL("../wasm/larder_wasm_bg.wasm", import.meta.url);

let loading: Promise<Wasm> | undefined;

/** Loads the core once; a load that failed is tried again next time. The first caller's source is used for all. */
export function loadWasm(source?: WasmSource): Promise<Wasm> {
  loading ??= load(source).catch((error: unknown) => {
    loading = undefined;
    throw new LarderError(
      "wasm.load_failed",
      `The WebAssembly core could not be loaded (${error instanceof Error ? error.message : String(error)}). ` +
        "Serve larder_wasm_bg.wasm beside the bundle, or pass `wasm` to createCache.",
      { cause: error },
    );
  });
  return loading;
}

async function load(source: WasmSource | undefined): Promise<Wasm> {
  const glue = await import("../wasm/larder_wasm.js");
  const found = source ?? ADDRESS;
  const { memory } = await glue.default({ module_or_path: readFile(found) ?? found });
  return { WasmCache: glue.WasmCache, memory };
}

interface FileSystem {
  readFileSync(path: URL): Uint8Array<ArrayBuffer>;
}

/** The bytes of a `file:` address, where there is Node's file system; `fetch` does not read those. */
function readFile(source: WasmSource): BufferSource | undefined {
  const address = source instanceof URL ? source.href : source;
  if (typeof address !== "string" || !address.startsWith("file:")) return undefined;
  const { process } = globalThis as { process?: { getBuiltinModule?(name: "node:fs"): FileSystem } };
  return process?.getBuiltinModule?.("node:fs").readFileSync(new URL(address));
}
