// TinyBase with its indexes: files by the field of the filter, in the order of names and ids. Rows are put together by the app from the ids.
import { createCheckpoints, createIndexes, createStore } from "tinybase";
import { read } from "../events.mjs";

export const packages = ["tinybase"];
export const cannot = { W9: "rows have no relations in them; joined queries give cells, not rows in rows" };

export async function open() {
  const store = createStore().setTablesSchema({
    file: {
      ...Object.fromEntries(["id", "device_id", "parent_id", "name", "extension", "kind", "path", "modified_at", "created_at"].map((name) => [name, { type: "string" }])),
      ...Object.fromEntries(["is_dir", "favorite"].map((name) => [name, { type: "boolean" }])),
      ...Object.fromEntries(["size", "version"].map((name) => [name, { type: "number" }])),
      content_identity: { type: "object" },
      tag_ids: { type: "array" },
    },
  });
  let checkpoints;
  let indexes;
  // Sort keys are one string: a name never holds a control character.
  const sortKey = (getCell, id) => `${getCell("name")}\u0000${id}`;
  const ascending = (a, b) => (a < b ? -1 : a > b ? 1 : 0);
  /** The slice that holds what a query shows, in order: of an index that is defined when it is first needed. */
  function slice({ where }) {
    indexes ??= createIndexes(store);
    const [[of, id]] = where === undefined ? [[() => "all", "all"]] : Object.entries(where);
    const name = where === undefined ? "all" : of;
    if (!indexes.hasIndex(name)) indexes.setIndexDefinition(name, "file", of, sortKey, undefined, ascending);
    return [name, id];
  }

  // An app keeps the row objects that it shows, until a cell of them changes.
  const rows = new Map();
  const row = (id) => {
    let found = rows.get(id);
    if (found === undefined) rows.set(id, (found = store.getRow("file", id)));
    return found;
  };
  const shown = new Map(); // from a row to those who show it
  const changed = new Set();
  let listening = false;
  function listen() {
    if (listening) return;
    listening = true;
    store.addRowListener("file", null, (_store, _table, id) => {
      rows.delete(id);
      for (const one of shown.get(id) ?? []) changed.add(one);
    });
    store.addDidFinishTransactionListener(() => {
      for (const one of changed) one.deliver();
      changed.clear();
    });
  }

  return {
    ingest(text) {
      const { type, rows: all } = read(text);
      store.transaction(() => {
        for (const one of all) store.setRow(type, one.id, one);
      });
    },
    apply(text) {
      const { type, rows: all, gone } = read(text);
      if (gone !== undefined) store.delRow(type, gone);
      else store.setRow(type, all[0].id, all[0]);
    },
    mount(query, show) {
      listen();
      const one = { ids: [], deliver() {} };
      const [index, id] = slice(query);
      indexes.addSliceRowIdsListener(index, id, () => changed.add(one));
      one.deliver = () => {
        const now = indexes.getSliceRowIds(index, id).slice(0, query.limit);
        for (const id of one.ids) shown.get(id).delete(one);
        for (const id of now) {
          if (!shown.has(id)) shown.set(id, new Set());
          shown.get(id).add(one);
        }
        one.ids = now;
        show(now.map(row));
      };
      one.deliver();
    },
    optimistic(id, fields) {
      checkpoints ??= createCheckpoints(store);
      store.setPartialRow("file", id, fields);
      checkpoints.addCheckpoint();
      return () => checkpoints.goBackward();
    },
    save: () => store.getJson(),
    restore: (saved) => store.setJson(saved),
  };
}
