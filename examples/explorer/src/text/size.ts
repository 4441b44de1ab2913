const UNITS = ["kB", "MB", "GB", "TB", "PB"];

/** `1234567` as `1.2 MB`: one decimal below ten, none above. */
export function formatSize(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  let value = bytes;
  let unit = "";
  for (const next of UNITS) {
    value /= 1000;
    unit = next;
    // 999.6 would read as 1000.
    if (value < 999.5) break;
  }
  return `${value < 9.95 ? value.toFixed(1) : Math.round(value)} ${unit}`;
}
