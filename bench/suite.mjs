// The side-by-side suite; `cargo xtask bench` calls it.
//   node suite.mjs [--peers] [--chromium] [--only W1,W3] [--rows 1000,10000,100000] [--contenders floor,larder] [--quick] [--rounds 3[,1]]
// Each contender works on each case in a fresh process, in turn, so that a noisy moment is unfair to all alike; with --chromium, in a
// fresh page. With --peers all of them take part, and the results are written to RESULTS.md and as plots.
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { CONTENDERS, FLOOR, OURS, WORKLOADS } from "./contenders.mjs";
import { write } from "./material.mjs";
import { median } from "./measure.mjs";
import { console_bars, console_table, write_results } from "./report.mjs";
import { write_chromium } from "./report_chromium.mjs";

const LIMIT_MS = 120_000;

function option(name, otherwise) {
  const at = process.argv.indexOf(`--${name}`);
  return at < 0 ? otherwise : process.argv[at + 1].split(",");
}
const peers = process.argv.includes("--peers");
const quick = process.argv.includes("--quick");
const inChromium = process.argv.includes("--chromium");
const rows = option("rows", quick ? ["50", "200"] : ["1000", "10000", "100000"]).map(Number);
const only = option("only", Object.keys(WORKLOADS));
// Those that everything is compared with are measured more often; with the others the whole suite would take most of an hour.
const asked = option("rounds", undefined)?.map(Number);
const rounds = { ours: asked?.[0] ?? (quick ? 1 : 3), others: asked?.[1] ?? asked?.[0] ?? 1 };
const roundsOf = (contender) => (contender === FLOOR || OURS.includes(contender) ? rounds.ours : rounds.others);
const BUDGET_MS = quick ? 120 : Number(process.env.LARDER_BENCH_BUDGET_MS ?? 1200);
const sizes = option("sizes", []).map(Number);
const chosen = option("contenders", Object.keys(CONTENDERS).filter((name) => peers || CONTENDERS[name].packages.length === 0));

for (const name of only) if (!(name in WORKLOADS)) throw new Error(`there is no workload ${name}; there are ${Object.keys(WORKLOADS).join(", ")}`);
for (const name of chosen) if (!(name in CONTENDERS)) throw new Error(`there is no contender ${name}; there are ${Object.keys(CONTENDERS).join(", ")}`);

const pages = inChromium ? await (await import("./browser/work.mjs")).openPages(LIMIT_MS, BUDGET_MS) : undefined;
let running;
/** The answer of one process, or page, or what went wrong with it. */
function work(args) {
  if (pages !== undefined) return pages.work(...args);
  return new Promise((resolve) => {
    const script = fileURLToPath(new URL("contender.mjs", import.meta.url));
    const child = spawn(process.execPath, ["--expose-gc", "--max-old-space-size=8192", "--conditions=production", script, ...args], {
      stdio: ["ignore", "pipe", "pipe"],
      env: { ...process.env, NODE_ENV: "production", LARDER_BENCH_BUDGET_MS: String(BUDGET_MS) },
    });
    running = child;
    let out = "";
    let err = "";
    child.stdout.on("data", (data) => (out += data));
    child.stderr.on("data", (data) => (err += data));
    const timer = setTimeout(() => child.kill("SIGKILL"), LIMIT_MS);
    child.on("close", (code, signal) => {
      clearTimeout(timer);
      try {
        resolve(JSON.parse(out.trimEnd().split("\n").at(-1)));
      } catch {
        resolve({ failed: signal === "SIGKILL" ? `took longer than ${LIMIT_MS / 1000} s` : `ended with ${code ?? signal}: ${err.trim().slice(-500)}` });
      }
    });
  });
}

/** Why this contender does not take part in this case, or undefined if it does. */
function excuse(peer, contender, id, params) {
  if (peer.only !== undefined && !peer.only.includes(id)) return "not measured with hints";
  if (params.only !== undefined && !params.only.includes(contender)) return "only measured for the floor and Larder";
  if (inChromium && id === "W8") return "in a page, see the warm start";
  return peer.cannot[id];
}

/** The medians of the figures of several processes. */
function combine(results) {
  const combined = {};
  for (const [figure, value] of Object.entries(results[0])) {
    if (typeof value === "number") combined[figure] = median(results.map((result) => result[figure]));
    else combined[figure] = Object.fromEntries(Object.entries(value).map(([key, one]) => [key, typeof one === "number" ? median(results.map((result) => result[figure][key])) : one]));
  }
  return combined;
}

async function runCase(id, workload, params, folder, outcomes) {
  const cells = new Map(chosen.map((contender) => [contender, { results: [] }]));
  for (let round = 0; round < Math.max(rounds.ours, rounds.others); round++) {
    for (const contender of chosen) {
      const cell = cells.get(contender);
      if (round === 0) {
        const peer = await import(`./peers/${contender}.mjs`);
        cell.why = excuse(peer, contender, id, params);
      }
      if (cell.why !== undefined || cell.failed !== undefined || round >= roundsOf(contender)) continue;
      const merged = {};
      for (const phase of workload.phases ?? [""]) {
        const began = performance.now();
        const { result, failed } = await work([contender, WORKLOADS[id], folder, phase, join(folder, `${contender}.saved`)]);
        if (process.env.LARDER_BENCH_VERBOSE) console.log(`      ${contender} ${phase} ${((performance.now() - began) / 1000).toFixed(1)} s`, failed ?? JSON.stringify(result));
        if (failed !== undefined) cell.failed = failed;
        Object.assign(merged, result);
      }
      if (cell.failed === undefined) cell.results.push(merged);
    }
  }
  const outcome = { id, title: workload.title, params, cells: {} };
  for (const [contender, { results, why, failed }] of cells) {
    outcome.cells[contender] = failed !== undefined ? { failed } : why !== undefined ? { why } : combine(results);
  }
  outcomes.push(outcome);
  console_table(outcome);
}

const outcomes = [];
const began = { date: new Date(), load: loadavg() };
const scratch = mkdtempSync(join(tmpdir(), "larder-bench-"));
process.on("exit", () => {
  running?.kill("SIGKILL");
  rmSync(scratch, { recursive: true, force: true });
});
for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => process.exit(1));

const cases = [];
for (const id of only) {
  const workload = await import(`./workloads/${WORKLOADS[id]}.mjs`);
  // A page that holds as much text as the largest case is no page.
  for (const params of workload.cases(rows, { quick })) if (!inChromium || params.rows <= 100_000) cases.push({ id, workload, params });
}
for (const [done, { id, workload, params }] of cases.entries()) {
  const seconds = Math.round((Date.now() - began.date) / 1000);
  console.log(`\n[${done + 1} of ${cases.length}, after ${seconds} s] ${id} ${workload.title}, ${params.name}`);
  const folder = join(scratch, "case");
  write(folder, workload.build(params));
  await runCase(id, workload, params, folder, outcomes);
  rmSync(folder, { recursive: true });
}
await pages?.close();
if (peers && !quick && !process.argv.includes("--dry")) {
  const circumstances = { began, load: loadavg(), rounds, chosen, sizes };
  if (inChromium) {
    console.log("\nA warm start");
    const warm = await (await import("./warm/run.mjs")).warmStarts({ rounds: rounds.ours });
    for (const row of warm) console.log(`  ${row.join("  ")}`);
    write_chromium(outcomes, { ...circumstances, version: pages.version, warm });
  } else write_results(outcomes, circumstances);
}
if (!quick) console_bars(outcomes, sizes);
const failures = outcomes.flatMap(({ id, params, cells }) =>
  Object.entries(cells).filter(([, cell]) => cell.failed !== undefined).map(([contender, cell]) => `${id} ${params.name}, ${contender}: ${cell.failed}`),
);
for (const failure of failures) console.error(`\nFAILED ${failure}`);
process.exitCode = failures.length === 0 ? 0 : 1;
