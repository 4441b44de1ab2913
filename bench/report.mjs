// What a run says: each case on the console as it is done, all of it in RESULTS.md at the end.
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { cpus, totalmem } from "node:os";
import { amount, format, judge } from "./bars.mjs";
import { CONTENDERS, FLOOR } from "./contenders.mjs";
import { cost_plots } from "./plot.mjs";
import { chromium_section } from "./report_chromium.mjs";

const FIGURES = { ingest: "ingest", cold: "the first time", memory: "memory", first: "first", next: "next", update: "update", mount: "mount all", event: "event", pair: "edit and rollback", delete: "delete", save: "save", restore: "to the first window", whole: "all of it back", fresh: "new objects" };
export const figuresOf = ({ cells }) => Object.keys(FIGURES).filter((figure) => Object.values(cells).some((cell) => cell[figure] !== undefined));

/** One case as rows of cells: who, and for each figure the amount and its ratio to the floor. */
export function rowsOf(outcome) {
  const figures = figuresOf(outcome);
  return Object.entries(outcome.cells).map(([name, cell]) => {
    const shown = figures.map((figure) => {
      const value = cell[figure];
      if (value === undefined) return cell.failed !== undefined ? "wrong" : "–";
      if (figure === "fresh") return `${value.rows} of ${value.needed}`;
      const floor = outcome.cells[FLOOR]?.[figure];
      const ratio = floor === undefined ? "" : ` (${format(amount(value) / amount(floor))}×)`;
      return `${format(amount(value))}${ratio}${value.wall === undefined ? "" : ` / ${format(value.wall)}`}`;
    });
    return [CONTENDERS[name].title, ...shown];
  });
}

export function headingOf(outcome) {
  const unit = (figure) => Object.values(outcome.cells).find((cell) => cell[figure] !== undefined)[figure].unit;
  return figuresOf(outcome).map((figure) => (figure === "fresh" ? "new objects of those needed" : `${FIGURES[figure]}, ${unit(figure)}`));
}

export function console_table(outcome) {
  console.log(`\n${outcome.id} ${outcome.title}, ${outcome.params.name}: CPU time (against the floor) / wall time`);
  if (figuresOf(outcome).length === 0) return console.log("  nobody does this");
  const rows = [["", ...headingOf(outcome)], ...rowsOf(outcome)];
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)));
  for (const row of rows) console.log(`  ${row.map((text, column) => (column === 0 ? text.padEnd(widths[0]) : text.padStart(widths[column]))).join("  ")}`);
}

export const table = (heading, rows) => [`| ${heading.join(" | ")} |`, `|---|${heading.slice(1).map(() => "---:|").join("")}`, ...rows.map((row) => `| ${row.join(" | ")} |`)].join("\n");

function versions(chosen) {
  const names = [...new Set(chosen.flatMap((name) => CONTENDERS[name].packages))];
  return names.map((name) => {
    const path = new URL(`node_modules/${name}/package.json`, import.meta.url);
    return existsSync(path) ? `${name} ${JSON.parse(readFileSync(path, "utf8")).version}` : name;
  });
}

/** Each bar, what there is, and whether it is met. */
export function console_bars(outcomes, sizes) {
  const judged = judge(outcomes, sizes);
  console.log(`\nThe bars: ${judged.filter(({ met }) => met).length} of ${judged.length} are met`);
  for (const { title, unit, mine, ratios, wants, met } of judged) {
    const found = Object.entries(ratios).filter(([, ratio]) => ratio).map(([of, ratio]) => `${format(ratio)}× ${of}`);
    console.log(`  ${met ? "met    " : "NOT MET"} ${title}: ${[`${format(mine)} ${unit}`, ...found].join(", ")}; wanted ${wants}`);
  }
}

export function bars(outcomes, sizes) {
  const rows = judge(outcomes, sizes).map(({ title, unit, mine, floor, leader, ratios, wants, met }) => [
    title,
    floor === undefined ? "–" : `${format(floor)} ${unit}`,
    leader === undefined ? "–" : `${format(leader.amount)} ${unit} (${leader.title})`,
    `${format(mine)} ${unit}`,
    [ratios.floor && `${format(ratios.floor)}× floor`, ratios.best && `${format(ratios.best)}× best`, ratios.self && `${format(ratios.self)}× its own`, ratios.json && `${format(ratios.json)}× JSON`].filter(Boolean).join(", "),
    wants,
    met ? "yes" : "**no**",
  ]);
  return table(["", "floor", "best library", "Larder", "ratio", "bar", "met"], rows);
}

export const roundsText = ({ ours, others }) => (ours === others ? `${ours} each` : `${ours} each for plain JavaScript and Larder, ${others} for the others`);

function excuses(outcomes) {
  const seen = new Map();
  for (const { id, cells } of outcomes) {
    for (const [name, { why }] of Object.entries(cells)) if (why !== undefined) seen.set(`${CONTENDERS[name].title}: ${why}`, [...(seen.get(`${CONTENDERS[name].title}: ${why}`) ?? []), id]);
  }
  return [...seen].map(([why, ids]) => `- ${[...new Set(ids)].join(", ")}, ${why}.`).join("\n");
}

/** Writes RESULTS.md and the plots beside this file. */
export function write_results(outcomes, { began, load, rounds, chosen, sizes }) {
  const processors = cpus();
  const loads = (numbers) => numbers.map((number) => number.toFixed(1)).join(", ");
  const plots = cost_plots(outcomes);
  for (const { file, svg } of plots) writeFileSync(new URL(file, import.meta.url), svg);
  const failures = outcomes.flatMap(({ id, params, cells }) => Object.entries(cells).filter(([, { failed }]) => failed).map(([name, { failed }]) => `- ${id} ${params.name}, ${CONTENDERS[name].title}: ${failed.split("\n")[0]}`));
  const sections = outcomes
    .filter((outcome) => figuresOf(outcome).length > 0)
    .map((outcome) => `### ${outcome.id} ${outcome.title}, ${outcome.params.name}\n\n${table(["", ...headingOf(outcome)], rowsOf(outcome).filter((row) => row.slice(1).some((cell) => cell !== "–")))}`);
  const text = `# Larder beside other libraries

Written by \`cargo xtask bench --peers\`; what is measured and how is in [README.md](README.md).

- ${began.date.toISOString().slice(0, 16).replace("T", " ")} UTC, Node ${process.version}, ${processors.length} × ${processors[0].model.trim()}, ${Math.round(totalmem() / 1e9)} GB.
- Load of the machine (1, 5, 15 minutes) when it began: ${loads(began.load)}; when it ended: ${loads(load)}. This suite alone makes about 1. ${Math.max(began.load[0], load[0]) > 2.2 ? "**Others used the machine meanwhile: trust ratios of large size only.**" : ""}
- Medians of ${roundsText(rounds)}. ${versions(chosen).join(", ")}.

## The bars

CPU time, compiler and garbage collector threads included. "Best library" is the one with the smallest figure in that row of this run.

${bars(outcomes, sizes)}

## Plots

${plots.map(({ file, title }) => `![${title}](${file})`).join("\n\n")}

## All figures

CPU time (against the floor) / wall time. "–" is explained [below](#who-sits-out); "wrong" differed from the reference model or failed.

${sections.join("\n\n")}

## Who sits out

${excuses(outcomes) || "Nobody."}

## What failed

${failures.join("\n") || "Nothing: every list that was delivered was the one of the reference model, field by field."}
${chromium_section()}`;
  writeFileSync(new URL("RESULTS.md", import.meta.url), text);
}
