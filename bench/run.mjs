// Larder beside plain JavaScript: each contender in a fresh process, ratios within this one run. `cargo xtask bench` calls it.
import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { median } from "./measure.mjs";

const ROUNDS = Number(process.env.LARDER_BENCH_ROUNDS ?? 3);

function run(script, contender, count) {
  const path = fileURLToPath(new URL(script, import.meta.url));
  const args = ["--expose-gc", path, contender, String(count)];
  return JSON.parse(execFileSync(process.execPath, args, { encoding: "utf8", maxBuffer: 1 << 26 }));
}

/** Both contenders in turn, so that a noisy moment hits both; they must agree on the result. */
function compare(script, count, figure) {
  const figures = { larder: [], plain: [] };
  const checks = new Set();
  for (let round = 0; round < ROUNDS; round++) {
    for (const contender of ["plain", "larder"]) {
      const result = run(script, contender, count);
      figures[contender].push(result[figure]);
      checks.add(result.check);
    }
  }
  if (checks.size !== 1) throw new Error(`${script} ${count}: Larder and plain JavaScript disagree on the result`);
  return { larder: median(figures.larder), plain: median(figures.plain) };
}

const rows = [
  ["ingest of one batch event, 10,000 files, CPU ms", () => compare("ingest.mjs", 10_000, "cpu_ms")],
  ["ingest of one batch event, 100,000 files, CPU ms", () => compare("ingest.mjs", 100_000, "cpu_ms")],
  ["one event, window of 100 over 10,000 files, CPU µs", () => compare("update.mjs", 10_000, "cpu_us")],
  ["one event, window of 100 over 100,000 files, CPU µs", () => compare("update.mjs", 100_000, "cpu_us")],
];

console.log(`| Node ${process.version}, medians of ${ROUNDS} processes each | plain JavaScript | Larder | ratio |`);
console.log("|---|---:|---:|---:|");
for (const [name, measure] of rows) {
  const { larder, plain } = measure();
  console.log(`| ${name} | ${plain.toFixed(1)} | ${larder.toFixed(1)} | ${(larder / plain).toFixed(2)}× |`);
}
