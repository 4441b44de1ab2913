const format = new Intl.NumberFormat();

/** `1` as `1 item`, `12345` as `12,345 items`. */
export function countOf(count: number, one: string, many = `${one}s`): string {
  return `${format.format(count)} ${count === 1 ? one : many}`;
}
