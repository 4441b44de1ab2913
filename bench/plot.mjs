// Plots as SVG, with logarithmic axes, made of nothing but text.
import { amount, format } from "./bars.mjs";
import { CONTENDERS } from "./contenders.mjs";

const WIDTH = 900;
const HEIGHT = 460;
const LEFT = 110;
const RIGHT = 190;
const TOP = 50;
const BOTTOM = 55;
const COLORS = {
  floor: "#555555", larder: "#c0392b", tanstack_db: "#2e86c1", zero: "#8e44ad", rindle: "#ca6f1e", tinybase: "#1e8449",
  redux_toolkit: "#6c3483", relay: "#b7950b", apollo: "#117a65", graphcache: "#839192",
};

const decades = (low, high) => {
  const marks = [];
  for (let exponent = Math.floor(Math.log10(low)); 10 ** exponent <= high * 1.0001; exponent++) marks.push(10 ** exponent);
  return marks;
};

/** Moves labels apart that would lie on each other, from the top down. */
function spread(labels, gap = 15) {
  labels.sort((a, b) => a.y - b.y);
  for (let i = 1; i < labels.length; i++) labels[i].y = Math.max(labels[i].y, labels[i - 1].y + gap);
  return labels;
}

/** `series` are `{ name, points: [[x, y], …] }`. */
function chart(title, xTitle, yTitle, series) {
  const all = series.flatMap(({ points }) => points);
  const [xs, ys] = [all.map(([x]) => x), all.map(([, y]) => y)];
  const [x0, x1] = [Math.min(...xs), Math.max(...xs)];
  const [y0, y1] = [10 ** Math.floor(Math.log10(Math.min(...ys))), 10 ** Math.ceil(Math.log10(Math.max(...ys)))];
  const x = (value) => LEFT + ((Math.log10(value) - Math.log10(x0)) / (Math.log10(x1) - Math.log10(x0) || 1)) * (WIDTH - LEFT - RIGHT);
  const y = (value) => HEIGHT - BOTTOM - ((Math.log10(value) - Math.log10(y0)) / (Math.log10(y1) - Math.log10(y0) || 1)) * (HEIGHT - TOP - BOTTOM);
  const out = [];
  const text = (atX, atY, words, extra = "") => out.push(`<text x="${atX.toFixed(1)}" y="${atY.toFixed(1)}" ${extra}>${words.replaceAll("&", "&amp;").replaceAll("<", "&lt;")}</text>`);
  for (const mark of decades(y0, y1)) {
    out.push(`<line x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${y(mark).toFixed(1)}" y2="${y(mark).toFixed(1)}" stroke="#dddddd"/>`);
    text(LEFT - 8, y(mark) + 4, format(mark), 'text-anchor="end"');
  }
  for (const mark of decades(x0, x1).filter((value) => value >= x0)) {
    out.push(`<line x1="${x(mark).toFixed(1)}" x2="${x(mark).toFixed(1)}" y1="${TOP}" y2="${HEIGHT - BOTTOM}" stroke="#eeeeee"/>`);
    text(x(mark), HEIGHT - BOTTOM + 18, format(mark), 'text-anchor="middle"');
  }
  const labels = [];
  for (const { name, points } of series) {
    const color = COLORS[name];
    const width = name === "larder" ? 3.5 : 1.8;
    out.push(`<polyline fill="none" stroke="${color}" stroke-width="${width}"${name === "floor" ? ' stroke-dasharray="6 4"' : ""} points="${points.map(([a, b]) => `${x(a).toFixed(1)},${y(b).toFixed(1)}`).join(" ")}"/>`);
    for (const [a, b] of points) out.push(`<circle cx="${x(a).toFixed(1)}" cy="${y(b).toFixed(1)}" r="${width + 0.7}" fill="${color}"/>`);
    const [lastX, lastY] = points.at(-1);
    labels.push({ name, color, from: x(lastX), y: y(lastY), at: y(lastY) });
  }
  for (const { name, color, from, y: moved, at } of spread(labels)) {
    out.push(`<line x1="${(from + 6).toFixed(1)}" y1="${at.toFixed(1)}" x2="${WIDTH - RIGHT + 12}" y2="${moved.toFixed(1)}" stroke="${color}" stroke-width="0.6"/>`);
    text(WIDTH - RIGHT + 16, moved + 4, CONTENDERS[name].title, `fill="${color}"${name === "larder" ? ' font-weight="bold"' : ""}`);
  }
  text(LEFT, 26, title, 'font-size="17" font-weight="bold"');
  text((LEFT + WIDTH - RIGHT) / 2, HEIGHT - 14, xTitle, 'text-anchor="middle"');
  text(0, 0, yTitle, `text-anchor="middle" transform="translate(18 ${(TOP + HEIGHT - BOTTOM) / 2}) rotate(-90)"`);
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" font-family="sans-serif" font-size="13" fill="#222222">
<rect width="${WIDTH}" height="${HEIGHT}" fill="#ffffff"/>
${out.join("\n")}
</svg>
`;
}

/** The points of every contender with at least two. */
function seriesOf(outcomes, figure, xOf) {
  const names = Object.keys(outcomes[0]?.cells ?? {}).filter((name) => name in COLORS);
  return names
    .map((name) => ({ name, points: outcomes.flatMap(({ params, cells }) => (cells[name]?.[figure] ? [[xOf(params), amount(cells[name][figure])]] : [])) }))
    .filter(({ points }) => points.length > 1);
}

/** The plots that this run has points for. */
export function cost_plots(outcomes) {
  const windows = outcomes.filter(({ id, params }) => id === "W3" && params.kind === "window");
  const fanOut = outcomes.filter(({ id }) => id === "W4");
  const plots = [
    ["cost-by-rows.svg", "One event into a window of 100, by cached rows", "cached rows", "CPU µs per event", seriesOf(windows, "update", ({ rows }) => rows)],
    ["cost-by-queries.svg", "One event, by mounted queries (10,000 rows)", "mounted queries", "CPU µs per event", seriesOf(fanOut, "update", ({ queries }) => queries)],
    ["mount-by-queries.svg", "Mounting all queries (10,000 rows)", "mounted queries", "CPU ms", seriesOf(fanOut, "mount", ({ queries }) => queries)],
  ];
  return plots.filter(([, , , , series]) => series.length > 0).map(([file, title, xTitle, yTitle, series]) => ({ file, title, svg: chart(title, xTitle, yTitle, series) }));
}
