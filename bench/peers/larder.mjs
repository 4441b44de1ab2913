// Larder, from the packages of this repository.
import { createCache } from "@larder/client";

export const packages = ["@larder/client"];
export const cannot = {};

const REGISTRY = {
  types: [
    { name: "file", version: "version", relations: { tags: { to: "tag", kind: "many", field: "tag_ids" } } },
    { name: "tag", version: "version" },
  ],
};

/** `saved` is a folder to keep everything in. */
export async function open({ saved } = {}, registry = REGISTRY) {
  const storage = saved && (await import("./file_storage.mjs")).fileStorage(saved);
  const cache = await createCache({ registry, ...(storage && { storage }) });
  const queryOf = ({ where, orderBy, limit, include }) => ({
    from: "file",
    ...(where && { where }),
    orderBy: [{ [orderBy]: "asc" }],
    ...(limit && { limit }),
    ...(include && { include: { tags: true } }),
  });
  let mutations = 0;
  return {
    ingest: (text) => cache.apply(text),
    apply: (text) => cache.apply(text),
    mount(query, show) {
      const live = cache.liveQuery(queryOf(query));
      live.subscribe(() => show(live.getSnapshot().data));
      show(live.getSnapshot().data);
    },
    optimistic(id, fields) {
      const operation = { type: "merge", data: { resource_type: "file", id, fields } };
      const mutation = cache.mutate({ id: `m${++mutations}`, name: "files.edit", optimistic: [operation] });
      return () => cache.reject(mutation.id, { kind: "refused", message: "no" });
    },
    /** Everything that has come is in the storage. */
    save: () => cache.flush(),
    /** All of what is stored is back; the first windows are there before. */
    restored: () =>
      new Promise((resolve) => {
        const look = () => cache.status.storage !== "restoring" && resolve();
        cache.onStatus(look);
        look();
      }),
    stats: () => cache.stats(),
    close: () => cache.dispose(),
  };
}
