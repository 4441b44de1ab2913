// TanStack DB, as its adapters for frameworks use it: a collection fed by a sync function, live queries resolved to pooled ones
// where they can be (an equality and an order; a limit is cut off by the app then), an observer for each subscriber.
import {
  BTreeIndex, createCollection, createLiveQueryObserver, createTransaction, eq, materialize, Query, resolveLiveQueryValue,
} from "@tanstack/db";
import { read } from "../events.mjs";

export const packages = ["@tanstack/db"];
export const cannot = { W8: "its persistence needs IndexedDB or SQLite; there is none for Node in the package" };

function collection(id) {
  let feed;
  const made = createCollection({
    id,
    getKey: (row) => row.id,
    autoIndex: "eager",
    defaultIndexType: BTreeIndex,
    defaultStringCollation: { stringSort: "lexical" },
    startSync: true,
    sync: { sync: (params) => void (feed = params).markReady(), rowUpdateMode: "full" },
    onUpdate: async () => {},
  });
  return { made, feed };
}

let stores = 0;

export async function open() {
  const store = ++stores;
  const tables = { file: collection(`file${store}`), tag: collection(`tag${store}`), link: collection(`link${store}`) };
  const known = { file: new Set(), tag: new Set(), link: new Set() };
  function write(table, rows, gone) {
    const { feed } = tables[table];
    feed.begin();
    for (const value of rows) {
      feed.write({ type: known[table].has(value.id) ? "update" : "insert", value });
      known[table].add(value.id);
    }
    if (gone !== undefined) feed.write({ type: "delete", key: gone });
    feed.commit();
  }
  const { file, tag, link } = tables;

  function builder({ where, orderBy, limit, include }) {
    let query = new Query().from({ file: file.made });
    for (const [field, value] of Object.entries(where ?? {})) query = query.where(({ file: row }) => eq(row[field], value));
    query = query.orderBy(({ file: row }) => row[orderBy], "asc").orderBy(({ file: row }) => row.id, "asc");
    if (!include) return where ? query : query.limit(limit ?? Infinity);
    return query.limit(limit).select(({ file: row }) => ({
      ...row,
      tags: materialize(
        new Query()
          .from({ link: link.made })
          .innerJoin({ tag: tag.made }, ({ link: l, tag: t }) => eq(l.tag_id, t.id))
          .where(({ link: l }) => eq(l.file_id, row.id))
          .orderBy(({ tag: t }) => t.id, "asc")
          .select(({ tag: t }) => ({ ...t })),
      ),
    }));
  }

  return {
    ingest(text) {
      const { type, rows } = read(text);
      write(type, rows);
      // A relation of many to many is a table between, as in SQL.
      const links = rows.flatMap((row) => (row.tag_ids ?? []).map((tag_id) => ({ id: `${row.id} ${tag_id}`, file_id: row.id, tag_id })));
      if (links.length > 0) write("link", links);
    },
    apply(text) {
      const { type, rows, gone } = read(text);
      write(type, rows, gone);
    },
    mount(query, show) {
      const full = query.where === undefined && query.limit === undefined;
      const value = full ? new Query().from({ file: file.made }).orderBy(({ file: row }) => row.name, "asc").orderBy(({ file: row }) => row.id, "asc") : builder(query);
      const observer = createLiveQueryObserver(resolveLiveQueryValue(value));
      const deliver = () => {
        const { data } = observer.getSnapshot();
        show(query.limit !== undefined && data.length > query.limit ? data.slice(0, query.limit) : data);
      };
      observer.subscribe(deliver);
      deliver();
    },
    optimistic(id, fields) {
      const edit = createTransaction({ autoCommit: false, mutationFn: async () => {} });
      edit.isPersisted.promise.catch(() => {}); // It is rolled back, as it should be.
      edit.mutate(() => file.made.update(id, (draft) => void Object.assign(draft, fields)));
      return () => edit.rollback();
    },
  };
}
