/** Rows of one mounted window. */
export const PAGE_ROWS = 200;
/** Rows that are mounted beyond the visible ones on either side. */
const AHEAD_ROWS = 60;

/** The first and the last page that have to be mounted. */
export interface PageSpan {
  readonly first: number;
  readonly last: number;
}

/** Where every list begins. */
export const FIRST_PAGE: PageSpan = { first: 0, last: 0 };

/** The pages under the visible rows and a little around them, within `total` rows. */
export function pageSpan(firstRow: number, lastRow: number, total: number): PageSpan {
  const lastPage = Math.max(0, Math.ceil(total / PAGE_ROWS) - 1);
  const first = clamp(Math.floor((firstRow - AHEAD_ROWS) / PAGE_ROWS), lastPage);
  const last = clamp(Math.floor((lastRow + AHEAD_ROWS) / PAGE_ROWS), lastPage);
  return { first, last: Math.max(first, last) };
}

/** Whether both name the same pages. */
export function sameSpan(a: PageSpan, b: PageSpan): boolean {
  return a.first === b.first && a.last === b.last;
}

function clamp(page: number, lastPage: number): number {
  return Math.min(Math.max(page, 0), lastPage);
}
