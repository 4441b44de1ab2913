// The reference: what every contender must show, worked out from nothing each time by scanning, filtering and sorting.
import { isDeepStrictEqual } from "node:util";
import { read } from "./events.mjs";

/** Ascending by the key, then by id; code units, which for this data is the order of the bytes too. */
export const by = (field) => (a, b) =>
  a[field] < b[field] ? -1 : a[field] > b[field] ? 1 : a.id < b.id ? -1 : a.id > b.id ? 1 : 0;

export class Model {
  #tables = { file: new Map(), tag: new Map() };

  apply(text) {
    const { type, rows, gone } = read(text);
    for (const row of rows) this.#tables[type].set(row.id, row);
    if (gone !== undefined) this.#tables[type].delete(gone);
  }

  /** What a query shows: `{ where: { field: value }, orderBy, limit, include }`. */
  query({ where = {}, orderBy, limit, include }) {
    const conditions = Object.entries(where);
    const found = [...this.#tables.file.values()].filter((row) => conditions.every(([field, value]) => row[field] === value));
    const window = found.sort(by(orderBy)).slice(0, limit);
    if (!include) return window;
    return window.map((row) => ({ ...row, tags: row.tag_ids.map((id) => this.#tables.tag.get(id)) }));
  }
}

/** Throws unless the list holds what it must, row by row, field by field. Fields that a contender adds are its own business. */
export function mustShow(what, list, expected) {
  if (list?.length === undefined) throw new Error(`${what}: nothing was delivered`);
  if (list.length !== expected.length) throw new Error(`${what}: ${list.length} rows instead of ${expected.length}`);
  for (let i = 0; i < expected.length; i++) mustMatch(`${what}, row ${i}`, list[i], expected[i]);
}

function mustMatch(what, row, expected) {
  for (const [field, value] of Object.entries(expected)) {
    const found = row?.[field];
    if (field === "tags") {
      if (found?.length !== value.length) throw new Error(`${what}: ${found?.length} tags instead of ${value.length}`);
      value.forEach((tag, i) => mustMatch(`${what}, tag ${i}`, found[i], tag));
    } else if (typeof value === "object" && value !== null && !Array.isArray(value)) {
      mustMatch(`${what}.${field}`, found, value);
    } else if (!isDeepStrictEqual(found, value)) {
      throw new Error(`${what}: ${field} is ${JSON.stringify(found)} instead of ${JSON.stringify(value)}`);
    }
  }
}
