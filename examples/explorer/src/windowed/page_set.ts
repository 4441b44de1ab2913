import type { LiveQuery, QueryResult } from "@larder/client";

import { PAGE_ROWS, type PageSpan } from "./page_span";

/** The rows of some adjoining pages at one moment. */
export interface WindowedRows<T> {
  /** How many rows the query matches, mounted or not. */
  readonly total: number;
  /** Index of the first mounted row. */
  readonly offset: number;
  readonly rows: readonly T[];
}

/** Adjoining live windows of one query that are read and followed as one. */
export class PageSet<T> {
  readonly #span: PageSpan;
  readonly #pages: readonly LiveQuery<T>[];
  #seen: readonly QueryResult<T>[] = [];
  #rows: WindowedRows<T> = { total: 0, offset: 0, rows: [] };

  constructor(span: PageSpan, pages: readonly LiveQuery<T>[]) {
    this.#span = span;
    this.#pages = pages;
  }

  readonly subscribe = (changed: () => void): (() => void) => {
    const cancels = this.#pages.map((page) => page.subscribe(changed));
    return () => {
      for (const cancel of cancels) cancel();
    };
  };

  /** The same object until one of the pages changed. */
  readonly getSnapshot = (): WindowedRows<T> => {
    const results = this.#pages.map((page) => page.getSnapshot());
    const unchanged = results.length === this.#seen.length && results.every((result, i) => result === this.#seen[i]);
    if (!unchanged) {
      this.#seen = results;
      this.#rows = {
        total: results[0]?.total ?? 0,
        offset: this.#span.first * PAGE_ROWS,
        rows: results.length === 1 && results[0] ? results[0].data : results.flatMap((result) => result.data),
      };
    }
    return this.#rows;
  };
}
