// Zero's query engine (ZQL) in the process. `MemorySource` and `QueryDelegateBase` are not exported by @rocicorp/zero, so they are
// imported by path, as Zero's own benchmarks do within its repository; queries and schema are the public API.
import { boolean, createBuilder, createSchema, json, number, relationships, string, table } from "@rocicorp/zero";
import { consume } from "@rocicorp/zero/bindings";
import { read } from "../events.mjs";
import { MemorySource } from "../node_modules/@rocicorp/zero/out/zql/src/ivm/memory-source.js";
import { QueryDelegateBase } from "../node_modules/@rocicorp/zero/out/zql/src/query/query-delegate-base.js";

export const packages = ["@rocicorp/zero"];
export const cannot = {
  W6: "optimistic edits are done by Replicache, above the engine, which needs a server and IndexedDB",
  W8: "persistence is done by Replicache, above the engine, which needs IndexedDB",
};

const file = table("file").columns({
  id: string(), device_id: string(), parent_id: string(), name: string(), extension: string(), kind: string(),
  is_dir: boolean(), size: number(), path: string(), content_identity: json(), favorite: boolean(), tag_ids: json(),
  modified_at: string(), created_at: string(), version: number(),
}).primaryKey("id");
const tag = table("tag").columns({ id: string(), name: string(), color: string(), version: number() }).primaryKey("id");
const link = table("link").columns({ file_id: string(), tag_id: string() }).primaryKey("file_id", "tag_id");
const schema = createSchema({
  tables: [file, tag, link],
  relationships: [
    relationships(file, ({ many }) => ({
      tags: many({ sourceField: ["id"], destField: ["file_id"], destSchema: link }, { sourceField: ["tag_id"], destField: ["id"], destSchema: tag }),
    })),
  ],
});
const [ADD, REMOVE, EDIT] = [0, 1, 2];

class Delegate extends QueryDelegateBase {
  defaultQueryComplete = true;
  enableNotExists = true;
  sources = Object.fromEntries(
    Object.entries(schema.tables).map(([name, { columns, primaryKey }]) => [name, new MemorySource(name, columns, primaryKey)]),
  );
  commits = new Set();
  getSource(name) {
    return this.sources[name];
  }
  onTransactionCommit(listener) {
    this.commits.add(listener);
    return () => this.commits.delete(listener);
  }
}

export async function open() {
  const delegate = new Delegate();
  const queries = createBuilder(schema);
  // An edit names the old row, which whoever reads the stream has to keep.
  const known = { file: new Map(), tag: new Map() };
  function push({ type, rows, gone }) {
    for (const row of rows) {
      const old = known[type].get(row.id);
      known[type].set(row.id, row);
      consume(delegate.sources[type].push(old === undefined ? [ADD, row, null] : [EDIT, row, old]));
    }
    if (gone !== undefined) consume(delegate.sources[type].push([REMOVE, known[type].get(gone), null]));
    for (const flush of delegate.commits) flush();
  }

  return {
    ingest(text) {
      const event = read(text);
      push(event);
      for (const row of event.rows) {
        for (const tag_id of row.tag_ids ?? []) consume(delegate.sources.link.push([ADD, { file_id: row.id, tag_id }, null]));
      }
    },
    apply: (text) => push(read(text)),
    mount({ where, orderBy, limit, include }, show) {
      let query = queries.file;
      for (const [field, value] of Object.entries(where ?? {})) query = query.where(field, value);
      query = query.orderBy(orderBy, "asc");
      if (limit !== undefined) query = query.limit(limit);
      if (include) query = query.related("tags");
      delegate.materialize(query).addListener(show);
    },
  };
}
