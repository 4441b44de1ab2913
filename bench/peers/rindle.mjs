// Rindle's engine in the process, through the public API of @rindle/wasm. Bulk and events go through its server batches,
// optimistic edits through a write that the next batch rewinds, as the package's types describe it.
import { boolean, createSchema, initWasm, json, number, Store, string, table, WasmBackend } from "@rindle/wasm";
import { read } from "../events.mjs";

export const packages = ["@rindle/wasm"];
export const cannot = { W8: "the in-process engine keeps nothing across restarts" };

const COLUMNS = {
  file: {
    id: string(), device_id: string(), parent_id: string(), name: string(), extension: string(), kind: string(),
    is_dir: boolean(), size: number(), path: string(), content_identity: json(), favorite: boolean(), tag_ids: json(),
    modified_at: string(), created_at: string(), version: number(),
  },
  tag: { id: string(), name: string(), color: string(), version: number() },
  link: { id: string(), file_id: string(), tag_id: string() },
};

/** The cells of a row in the order of the columns; JSON columns are text for the engine. */
const cells = Object.fromEntries(
  Object.entries(COLUMNS).map(([name, columns]) => {
    const readers = Object.entries(columns).map(([field, { type }]) => (type === "json" ? (row) => JSON.stringify(row[field]) : (row) => row[field]));
    return [name, (row) => readers.map((reader) => reader(row))];
  }),
);

export async function open() {
  await initWasm();
  const tables = Object.fromEntries(Object.entries(COLUMNS).map(([name, columns]) => [name, table(name).columns(columns).primaryKey("id")]));
  const schema = createSchema({ tables: Object.values(tables) });
  const backend = new WasmBackend(schema);
  const store = new Store(schema, backend);
  // An edit names the old cells, which whoever reads the stream has to keep.
  const known = { file: new Map(), tag: new Map(), link: new Map() };

  function operations(type, rows, gone) {
    const all = [];
    for (const object of rows) {
      const row = cells[type](object);
      const old = known[type].get(object.id);
      known[type].set(object.id, row);
      all.push(old === undefined ? { table: type, type: "add", row } : { table: type, type: "edit", row, old });
    }
    if (gone !== undefined) {
      all.push({ table: type, type: "remove", row: known[type].get(gone) });
      known[type].delete(gone);
    }
    return all;
  }
  function write(type, rows, gone) {
    backend.serverBatchBegin(operations(type, rows, gone));
    backend.serverBatchEnd();
  }

  return {
    ingest(text) {
      const { type, rows } = read(text);
      write(type, rows);
      const links = rows.flatMap((row) => (row.tag_ids ?? []).map((tag_id) => ({ id: `${row.id} ${tag_id}`, file_id: row.id, tag_id })));
      if (links.length > 0) write("link", links);
    },
    apply(text) {
      const { type, rows, gone } = read(text);
      write(type, rows, gone);
    },
    mount({ where, orderBy, limit, include }, show) {
      let query = store.query.file;
      for (const [field, value] of Object.entries(where ?? {})) query = query.where[field](value);
      query = query.orderBy(orderBy, "asc");
      if (limit !== undefined) query = query.limit(limit);
      if (include) {
        query = query.sub("links", tables.link, { parent: ["id"], child: ["file_id"] }, (link) =>
          link.orderBy("tag_id", "asc").sub("tag", tables.tag, { parent: ["tag_id"], child: ["id"] }, (tag) => tag.one()),
        );
      }
      query.materialize().subscribe(show);
    },
    /** There is no public way to give its memory back; without it, each further store of a process is slower than the one before. */
    close: () => backend.db.free(),
    /** The tags as an app would write them down, for the comparison only. */
    rowOf: (row) => ({ ...row, tags: row.links.map((link) => (Array.isArray(link.tag) ? link.tag[0] : link.tag)) }),
    optimistic(id, fields) {
      const old = known.file.get(id);
      const names = Object.keys(COLUMNS.file);
      const row = old.slice();
      for (const [field, value] of Object.entries(fields)) row[names.indexOf(field)] = value;
      backend.writeWith((tx) => tx.edit("file", old, row));
      return () => {
        // Nothing from the server and nothing to try again: the edit is rewound.
        backend.serverBatchBegin([]);
        backend.serverBatchEnd();
      };
    },
  };
}
