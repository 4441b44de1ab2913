// Timing: CPU time of the process, medians, contenders taken in turn so that a noisy machine is unfair to all alike.

/** CPU milliseconds that `work` takes, garbage collection and compiler threads included. */
export function cpu(work) {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

/** Wall milliseconds that `work` takes. */
export function wall(work) {
  const before = performance.now();
  work();
  return performance.now() - before;
}

export function median(numbers) {
  const sorted = [...numbers].sort((a, b) => a - b);
  return sorted[sorted.length >> 1];
}
