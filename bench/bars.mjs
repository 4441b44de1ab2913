// What Larder is to reach, as ratios to the floor and to the best library of the same row, and whether it does.
import { CONTENDERS, FLOOR, OURS } from "./contenders.mjs";

const atMost = (ratio, bar) => ratio === undefined || ratio <= bar;
/** A bar: the cell it looks at, and the ratios it allows. */
const BARS = [
  { id: "W1", rows: 100_000, figure: "ingest", floor: 0.55, best: 0.2 },
  { id: "W1", rows: 100_000, figure: "memory", label: "memory after it", json: 1.1 },
  { id: "W2", rows: 100_000, figure: "first", label: "first query, cold", floor: 1 },
  { id: "W2", rows: 100_000, figure: "first", label: "first query, cold, index hints", ours: "larder_hints", floor: 0.2 },
  { id: "W2", rows: 100_000, figure: "next", label: "next value", floor: 0.3 },
  { id: "W3", rows: 10_000, kind: "window", figure: "update", floor: 1.1, best: 0.4 },
  { id: "W3", rows: 100_000, kind: "window", figure: "update", floor: 0.9, best: 0.4 },
  { id: "W3", rows: 10_000, kind: "broad", figure: "update", floor: 1.1, best: 0.4 },
  { id: "W3", rows: 100_000, kind: "broad", figure: "update", floor: 0.9, best: 0.4 },
  { id: "W3", rows: 1_000_000, kind: "window", figure: "update", label: "against 10,000 rows", against: { rows: 10_000, kind: "window" }, self: 2 },
  { id: "W3", rows: 100_000, kind: "full", figure: "update", floor: 1, best: 0.1 },
  { id: "W4", queries: 10_000, figure: "update", floor: 1.2, best: 0.3 },
  { id: "W4", queries: 10_000, figure: "update", label: "against 10 queries", against: { queries: 10 }, self: 1.3 },
  { id: "W4", queries: 10_000, figure: "mount", label: "mounting them", ms: 100 },
  { id: "W5", rows: 10_000, figure: "event", best: 1 / 4 },
  { id: "W5", rows: 100_000, figure: "event", best: 1 / 2 },
  { id: "W6", rows: 10_000, figure: "pair", best: 0.2 },
  { id: "W7", rows: 10_000, figure: "delete", best: 0.4 },
  { id: "W9", rows: 10_000, figure: "update", best: 0.3 },
  { id: "W9", rows: 100_000, figure: "update", best: 0.3 },
];

/** What a figure comes to: CPU time, or megabytes in all. WebAssembly memory is part of what is outside of the heap in Node. */
export const amount = (value) => (value.unit === "MB" ? value.heap + Math.max(value.outside, value.linear) : (value.cpu ?? value.rows));

/** The library with the smallest amount. */
export function best(cells, figure) {
  const libraries = Object.entries(cells).filter(([name, cell]) => name !== FLOOR && !OURS.includes(name) && cell[figure] !== undefined);
  const sorted = libraries.map(([name, cell]) => ({ name, amount: amount(cell[figure]) })).sort((a, b) => a.amount - b.amount);
  return sorted[0];
}

const find = (outcomes, { id, rows, kind, queries }) =>
  outcomes.find(({ id: other, params }) => id === other && (rows ?? params.rows) === params.rows && kind === params.kind && (queries ?? params.queries) === params.queries);

/** What an app downloads at once, in bytes after gzip: the module, and both packages with its glue. */
const SIZES = [
  { title: "gzip: the browser module", most: 150 },
  { title: "gzip: @larder/client and @larder/react", most: 12 },
];

/** A row for each bar that this run has figures for; `sizes` are the bytes of `SIZES`, if they are known. */
export function judge(outcomes, sizes = []) {
  const ofSizes = sizes.map((bytes, i) => ({ ...SIZES[i], mine: bytes / 1000 }));
  return [...judgeCells(outcomes), ...ofSizes.map(({ title, most, mine }) => ({ title, unit: "KB", mine, ratios: {}, wants: `≤ ${most} KB`, met: mine <= most }))];
}

function judgeCells(outcomes) {
  return BARS.flatMap((bar) => {
    const { ours = "larder", figure, floor, best: ofBest, self, ms, json } = bar;
    const outcome = find(outcomes, bar);
    const value = outcome?.cells[ours]?.[figure];
    if (value === undefined) return [];
    const mine = amount(value);
    const floorValue = outcome.cells[FLOOR]?.[figure];
    const floorAmount = floorValue && amount(floorValue);
    const leader = best(outcome.cells, figure);
    const before = bar.against && find(outcomes, { ...bar, ...bar.against })?.cells[ours]?.[figure];
    const ratios = {
      floor: floorAmount && mine / floorAmount,
      best: leader && mine / leader.amount,
      self: before && mine / amount(before),
      json: json && mine / value.json,
    };
    const wants = [
      floor && `${format(floor)}× floor`, ofBest && `${format(ofBest)}× best library`, self && `${format(self)}× its own`,
      ms && `${ms} ms`, json && `${format(json)}× the JSON`,
    ].filter(Boolean);
    const met =
      (!floor || atMost(ratios.floor, floor)) && (!ofBest || atMost(ratios.best, ofBest)) && (!self || atMost(ratios.self, self)) &&
      (!ms || mine <= ms) && (!json || ratios.json <= json);
    const title = `${bar.id} ${outcome.title}, ${outcome.params.name}${bar.label ? `: ${bar.label}` : ""}`;
    return [{ title, unit: value.unit, mine, floor: floorAmount, leader: leader && { ...leader, title: CONTENDERS[leader.name].title }, ratios, wants: `≤ ${wants.join(", ")}`, met }];
  });
}

/** Three digits that matter. */
export function format(number) {
  if (number === undefined) return "–";
  const digits = Math.abs(number) >= 100 ? 0 : Math.abs(number) >= 10 ? 1 : Math.abs(number) >= 1 ? 2 : 3;
  return number.toLocaleString("en-US", { minimumFractionDigits: 0, maximumFractionDigits: digits });
}
