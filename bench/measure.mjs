// Timing: CPU time of the process beside wall time, medians. On a machine that others use as well, only ratios within one
// run mean something, and of CPU time more than of wall time.

export function median(numbers) {
  const sorted = [...numbers].sort((a, b) => a - b);
  return sorted[sorted.length >> 1];
}

export const settleMemory = () => {
  globalThis.gc?.();
  globalThis.gc?.();
};

const inNode = globalThis.process?.cpuUsage !== undefined;

/** Milliseconds of CPU so far; a page sees no more than the clock. */
function cpuNow() {
  if (!inNode) return performance.now();
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

/** CPU milliseconds (garbage collection and compiler threads included) and wall milliseconds of `work`, and what it returns. */
export async function once(work) {
  const cpu = cpuNow();
  const wall = performance.now();
  let result = work();
  if (result instanceof Promise) result = await result;
  const wall_ms = performance.now() - wall;
  return { cpu_ms: cpuNow() - cpu, wall_ms, result };
}

// A quick look that everything works needs no good figures.
const BUDGET_MS = Number(globalThis.process?.env.LARDER_BENCH_BUDGET_MS ?? globalThis.BUDGET_MS ?? 2500);
const WARM_UP_MS = BUDGET_MS / 6;
const SLICE_MS = 20;

/**
 * Microseconds that one call of `step(index)` takes, for as many of `count` steps as fit into the budget: medians of slices
 * long enough to be timed. The first steps only warm up, as far as `count` allows.
 */
export async function perStep(count, step, { settle } = {}) {
  const run = async (from, to) => {
    for (let i = from; i < to; i++) {
      step(i);
      if (settle !== undefined) await settle();
    }
  };
  const began = performance.now();
  let done = 0;
  while (done < count / 4 && performance.now() - began < WARM_UP_MS) await run(done, ++done);
  const perWarm = (performance.now() - began) / done;
  const size = Math.max(1, Math.min(250, Math.round(SLICE_MS / perWarm), Math.floor((count - done) / 8)));
  const cpu = [];
  const wall = [];
  const deadline = performance.now() + BUDGET_MS;
  while (done + size <= count && (performance.now() < deadline || cpu.length < 3)) {
    const from = done;
    done += size;
    const { cpu_ms, wall_ms } = await once(() => run(from, done));
    cpu.push((cpu_ms * 1000) / size);
    wall.push((wall_ms * 1000) / size);
  }
  return { cpu_us: median(cpu), wall_us: median(wall), steps: done };
}
