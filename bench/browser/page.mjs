// One contender with one case, in a fresh page; `run.mjs` calls it.
import { watchMemories } from "../memory.mjs";
import { Material } from "./material.mjs";

const PEERS = import.meta.glob("../peers/{floor,larder,larder_hints,tanstack_db,zero,rindle,tinybase,redux_toolkit,relay,apollo,graphcache}.mjs");
const MEASURES = import.meta.glob("../workloads/*.mjs");

// Node has it, and some contenders deliver with it.
globalThis.setImmediate ??= (work) => {
  const { port1, port2 } = new MessageChannel();
  port1.onmessage = () => (port1.close(), work());
  port2.postMessage(undefined);
};
watchMemories();
globalThis.measure = async (peer, workload, budget_ms) => {
  try {
    globalThis.BUDGET_MS = budget_ms;
    const contender = await PEERS[`../peers/${peer}.mjs`]();
    const { measure } = await MEASURES[`../workloads/${workload}.mjs`]();
    return { result: await measure(contender, await Material.fetch("/case"), {}) };
  } catch (error) {
    return { failed: error.stack ?? String(error) };
  }
};
globalThis.ready = true;
