import { createCache, upsert } from "@larder/client";
import { autoStorage } from "@larder/client/storage";

// A page that has no backend: it shows tags, and an edit makes another one.
const where = new URLSearchParams(location.search).get("core");
const storage = autoStorage(`reload_${where}`);
const options = { registry: { types: [{ name: "tag" }] }, storage };
const cache = where === "page" ? await createCache(options) : await createCache({ ...options, worker: true });

const tags = cache.liveQuery<{ name: string }>({ from: "tag", orderBy: [{ name: "asc" }] });
const show = (): void => {
  document.querySelector("ul")?.replaceChildren(
    ...tags.getSnapshot().data.map(({ name }) => Object.assign(document.createElement("li"), { textContent: name })),
  );
};
tags.subscribe(show);
show();

Object.assign(globalThis, {
  edit(id: string) {
    cache.mutate({ name: "tags.create", optimistic: [upsert("tag", { id, name: `tag ${id}` })] }).settled.catch(() => undefined);
  },
});
