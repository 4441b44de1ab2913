// What a run in Chromium says: a section of RESULTS.md, which a run in Node leaves as it is.
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { bars, figuresOf, headingOf, roundsText, rowsOf, table } from "./report.mjs";
import { CONTENDERS } from "./contenders.mjs";

const RESULTS = new URL("RESULTS.md", import.meta.url);
const WARM = ["100,000 rows", "to the first window, ms", "CPU of the page until then, ms", "until all rows are there, ms", "bar", "met"];
const HEADING = "\n## In Chromium\n";

/** The section that is there, or nothing. */
export function chromium_section() {
  const text = existsSync(RESULTS) ? readFileSync(RESULTS, "utf8") : "";
  const at = text.indexOf(HEADING);
  return at < 0 ? "" : text.slice(at);
}

/** Writes the section anew. */
export function write_chromium(outcomes, { began, load, rounds, version, warm }) {
  const text = existsSync(RESULTS) ? readFileSync(RESULTS, "utf8") : "";
  const before = text.slice(0, text.length - chromium_section().length);
  const loads = (numbers) => numbers.map((number) => number.toFixed(1)).join(", ");
  const failures = outcomes.flatMap(({ id, params, cells }) =>
    Object.entries(cells).filter(([, { failed }]) => failed).map(([name, { failed }]) => `- ${id} ${params.name}, ${CONTENDERS[name].title}: ${failed.split("\n")[0]}`),
  );
  const sections = outcomes
    .filter((outcome) => figuresOf(outcome).length > 0)
    .map((outcome) => `### ${outcome.id} ${outcome.title}, ${outcome.params.name}, in a page\n\n${table(["", ...headingOf(outcome)], rowsOf(outcome).filter((row) => row.slice(1).some((cell) => cell !== "–")))}`);
  writeFileSync(RESULTS, `${before}${HEADING}
Written by \`cargo xtask bench --chromium --peers\`: each contender and case in a fresh page of Chromium ${version}, bundled by Vite; ${began.date.toISOString().slice(0, 16).replace("T", " ")} UTC,
medians of ${roundsText(rounds)}. Load of the machine when it began: ${loads(began.load)}; when it ended: ${loads(load)}. A page sees no CPU time, so both
figures are of the clock.

${bars(outcomes)}

### A warm start

From opening the cache in a fresh page to the first window of what was stored; the window must be there before the rest is read.

${table(WARM, warm)}

${sections.join("\n\n")}

${failures.length === 0 ? "Every list that was delivered was the one of the reference model, field by field." : `What failed:\n\n${failures.join("\n")}`}
`);
}
