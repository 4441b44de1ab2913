// Events as a backend sends them, as JSON text, and what contenders without a wire format of their own read from them.
import { random } from "./data.mjs";

const event = (type, data) => JSON.stringify({ kind: { type, data } });

export const batchEvent = (type, rows) => event("ResourceBatchChanged", { resource_type: type, resources: rows });
export const changeEvent = (type, row) => event("ResourceChanged", { resource_type: type, resource: row });
export const deleteEvent = (type, id) => event("ResourceDeleted", { resource_type: type, resource_id: id });

/** The event that a text holds: the rows of a type that changed, or the id of one that is gone. */
export function read(text) {
  const { type, data } = JSON.parse(text).kind;
  if (type === "ResourceDeleted") return { type: data.resource_type, rows: [], gone: data.resource_id };
  return { type: data.resource_type, rows: type === "ResourceChanged" ? [data.resource] : data.resources };
}

const clone = (row) => ({ ...row, version: row.version + 1 });

/**
 * `count` changes of `rows`, in turn: two rows of `shown` get another size, one is renamed, which moves it within its list or
 * out of the window, and one row anywhere gets another size.
 */
export function mixedChanges(rows, shown, count) {
  const next = random(7);
  const pick = (list) => list[Math.floor(next() * list.length)];
  const current = new Map();
  return Array.from({ length: count }, (_, index) => {
    const source = index % 4 === 3 ? pick(rows) : pick(shown);
    const row = clone(current.get(source.id) ?? source);
    if (index % 4 === 2) row.name = `${next() < 0.5 ? "backup" : "zebra"} ${Math.floor(next() * 10000)}.jpg`;
    else row.size = Math.floor(next() * 1e9);
    current.set(row.id, row);
    return changeEvent("file", row);
  });
}

/** `count` changes of the size of rows among `shown`: nothing moves. */
export function sizeChanges(shown, count) {
  const next = random(8);
  const current = new Map();
  return Array.from({ length: count }, () => {
    const source = shown[Math.floor(next() * shown.length)];
    const row = clone(current.get(source.id) ?? source);
    row.size = Math.floor(next() * 1e9);
    current.set(row.id, row);
    return changeEvent("file", row);
  });
}
