// One contender with one case, in a process of its own: node --expose-gc contender.mjs PEER WORKLOAD FOLDER [PHASE SAVED]
import { Material } from "./material.mjs";
import { watchMemories } from "./memory.mjs";

const [name, workload, folder, phase, saved] = process.argv.slice(2);
watchMemories();
const peer = await import(`./peers/${name}.mjs`);
const { measure } = await import(`./workloads/${workload}.mjs`);
const answer = { result: undefined, failed: undefined };
try {
  answer.result = await measure(peer, new Material(folder), { phase, saved });
} catch (error) {
  answer.failed = error.stack ?? String(error);
}
process.stdout.write(`\n${JSON.stringify(answer)}\n`, () => process.exit(0));
