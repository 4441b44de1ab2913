import type { RegistrySpec } from "@larder/client";

/** The resource types of the engine that this page shows. */
export const registry: RegistrySpec = {
  types: [
    { name: "file", version: "version", relations: { tags: { to: "tag", kind: "many", field: "tag_ids" } } },
    { name: "tag", version: "version" },
    { name: "location", version: "version" },
    { name: "device", version: "version" },
  ],
};
