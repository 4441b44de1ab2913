import type { WasmSource } from "../options.js";
import { ADDRESS } from "../wasm.js";

/** The source in a form that can be sent to a worker. */
export async function sendable(source: WasmSource | undefined): Promise<string | BufferSource | WebAssembly.Module> {
  if (source === undefined || source instanceof URL) return (source ?? ADDRESS).href;
  // A page's relative addresses are not the worker's.
  if (typeof source === "string") return new URL(source, globalThis.location?.href).href;
  if (source instanceof Response || source instanceof Request) return (await fetched(source)).arrayBuffer();
  return source;
}

function fetched(source: Request | Response): Promise<Response> | Response {
  return source instanceof Request ? fetch(source) : source;
}
