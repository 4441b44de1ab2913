// What one case of a workload is made of, on disk: made once, read by the process of each contender, so that neither making
// it nor the reference model is in the way of what is measured.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Model } from "./model.mjs";

/** Writes `{ batches, events, queries }`; `batches` may be a generator, as the largest ones do not fit into memory at once. */
export function write(folder, { batches, events = [], queries = [], rest = {} }) {
  mkdirSync(folder, { recursive: true });
  let count = 0;
  for (const batch of batches) writeFileSync(join(folder, `batch-${count++}.json`), batch);
  writeFileSync(join(folder, "events.txt"), events.join("\n"));
  writeFileSync(join(folder, "case.json"), JSON.stringify({ count, queries, ...rest }));
}

export class Material {
  #folder;

  constructor(folder) {
    this.#folder = folder;
    Object.assign(this, JSON.parse(readFileSync(join(folder, "case.json"), "utf8")));
    const events = readFileSync(join(folder, "events.txt"), "utf8");
    this.events = events === "" ? [] : events.split("\n");
  }

  *batches() {
    for (let i = 0; i < this.count; i++) yield readFileSync(join(this.#folder, `batch-${i}.json`), "utf8");
  }

  /** The reference after all batches and the first `events` events. */
  model(events = 0) {
    const model = new Model();
    for (const batch of this.batches()) model.apply(batch);
    for (const event of this.events.slice(0, events)) model.apply(event);
    return model;
  }
}

/** A store with all batches in it, and what GraphQL caches need besides: what a server would have answered to each query. */
export async function filled(peer, material, queries = material.queries, options = undefined) {
  const store = await peer.open(options);
  for (const batch of material.batches()) store.ingest(batch);
  if (store.prepare !== undefined) {
    const model = material.model();
    for (const query of queries) store.prepare(query, model.query(query));
  }
  await store.settle?.();
  return store;
}

/** Mounts the queries; the answer always holds what was delivered last for each. */
export function mountAll(store, queries) {
  const shown = queries.map(() => undefined);
  queries.forEach((query, i) => store.mount(query, (list) => (shown[i] = list)));
  return shown;
}
