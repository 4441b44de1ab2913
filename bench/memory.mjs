// How much memory is held: the heap and what it refers to outside, and linear memory of WebAssembly, which engines count in
// different ways and which is therefore counted here.
import { settleMemory } from "./measure.mjs";

const memories = new Set();

function look(result) {
  const { exports } = result.instance ?? result;
  if (exports === undefined) return result; // A module, not an instance.
  for (const value of Object.values(exports)) if (value instanceof WebAssembly.Memory) memories.add(value);
  return result;
}

/** From now on, sees the memories of modules that are loaded. */
export function watchMemories() {
  for (const name of ["instantiate", "instantiateStreaming"]) {
    const original = WebAssembly[name];
    WebAssembly[name] = (...args) => original.call(WebAssembly, ...args).then(look);
  }
}

/** Megabytes that are held now. */
export function held() {
  settleMemory();
  // A page is not told what is outside of its heap, but for linear memory.
  const page = () => ({ heapUsed: performance.memory.usedJSHeapSize, external: 0 });
  const { heapUsed, external } = globalThis.process?.memoryUsage?.() ?? page();
  const linear = [...memories].reduce((sum, memory) => sum + memory.buffer.byteLength, 0);
  return { heap: heapUsed / 1e6, outside: external / 1e6, linear: linear / 1e6 };
}
