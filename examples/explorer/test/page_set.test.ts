import { type Cache, createCache, type Query } from "@larder/client";
import { beforeEach, expect, test } from "vitest";

import { PageSet } from "../src/windowed/page_set";
import { PAGE_ROWS } from "../src/windowed/page_span";
import { indexOfRow, rowAt } from "../src/windowed/row_at";

interface Row {
  readonly id: string;
  readonly n: number;
}

const query: Query = { from: "file", orderBy: [{ n: "asc" }] };
let cache: Cache;
let sequence = 0;

beforeEach(async () => {
  cache = await createCache({ registry: { types: [{ name: "file" }] } });
  sequence = 0;
  const resources = Array.from({ length: 1000 }, (_, n) => ({ id: `f${n}`, n }));
  apply({ type: "ResourceBatchChanged", data: { resource_type: "file", resources } });
});

function apply(kind: object): void {
  sequence += 1;
  const envelope = { id: `e${sequence}`, timestamp: "2026-11-21T10:00:00Z", library_id: "l", sequence };
  cache.apply({ envelope, kind });
}

function pages(first: number, last: number): PageSet<Row> {
  const windows = [];
  for (let page = first; page <= last; page++) {
    windows.push(cache.liveQuery<Row>({ ...query, offset: page * PAGE_ROWS, limit: PAGE_ROWS }));
  }
  return new PageSet<Row>({ first, last }, windows);
}

test("adjoining pages read as one stretch of the list", () => {
  const rows = pages(1, 2).getSnapshot();
  expect(rows.total).toBe(1000);
  expect(rowAt(rows, 200)?.n).toBe(200);
  expect(rowAt(rows, 599)?.n).toBe(599);
  expect(rowAt(rows, 199)).toBeUndefined();
  expect(rowAt(rows, 600)).toBeUndefined();
  expect(indexOfRow(rows, "f450")).toBe(450);
  expect(indexOfRow(rows, "f100")).toBe(-1);
});

test("the rows are the same object until one of them changes, and unchanged rows keep their identity", () => {
  const set = pages(0, 1);
  let calls = 0;
  const cancel = set.subscribe(() => (calls += 1));
  const before = set.getSnapshot();
  expect(set.getSnapshot()).toBe(before);

  apply({ type: "ResourceChanged", data: { resource_type: "file", resource: { id: "f900", n: 900, far: true } } });
  expect(set.getSnapshot()).toBe(before);
  expect(calls).toBe(0);

  apply({ type: "ResourceChanged", data: { resource_type: "file", resource: { id: "f7", n: 7, near: true } } });
  const after = set.getSnapshot();
  expect(after).not.toBe(before);
  expect(rowAt(after, 7)).toEqual({ id: "f7", n: 7, near: true });
  expect(rowAt(after, 8)).toBe(rowAt(before, 8));
  cancel();
});

test("a row that goes moves the others up across the border of the pages", () => {
  const set = pages(0, 1);
  const cancel = set.subscribe(() => undefined);
  apply({ type: "ResourceDeleted", data: { resource_type: "file", resource_id: "f0" } });
  const rows = set.getSnapshot();
  expect(rows.total).toBe(999);
  expect(rowAt(rows, 199)?.n).toBe(200);
  expect(rowAt(rows, 399)?.n).toBe(400);
  cancel();
});
