import { expect, test } from "vitest";

import { PAGE_ROWS, pageSpan } from "../src/windowed/page_span";

test("every visible row lies on a mounted page, wherever the view is", () => {
  const total = 100_000;
  for (let first = 0; first < total; first += 37) {
    const last = Math.min(first + 30, total - 1);
    const span = pageSpan(first, last, total);
    expect(span.first * PAGE_ROWS).toBeLessThanOrEqual(first);
    expect((span.last + 1) * PAGE_ROWS).toBeGreaterThan(last);
    expect(span.last - span.first).toBeLessThanOrEqual(1);
  }
});

test("the next page is mounted before its rows come into view", () => {
  expect(pageSpan(100, 130, 1000)).toEqual({ first: 0, last: 0 });
  expect(pageSpan(130, 160, 1000)).toEqual({ first: 0, last: 1 });
  expect(pageSpan(280, 310, 1000)).toEqual({ first: 1, last: 1 });
});

test("there are no pages behind the last row, and always a first", () => {
  expect(pageSpan(0, 0, 0)).toEqual({ first: 0, last: 0 });
  expect(pageSpan(150, 199, 200)).toEqual({ first: 0, last: 0 });
  expect(pageSpan(900, 930, 150)).toEqual({ first: 0, last: 0 });
});
