// Larder with a registry that says which fields queries will use, so that they are indexed as rows come in.
import { open as openLarder } from "./larder.mjs";

export const packages = ["@larder/client"];
export const only = ["W1", "W2"];
export const cannot = {};

export const open = (options) =>
  openLarder(options, { types: [{ name: "file", version: "version", index: ["parent_id", "name"] }, { name: "tag" }] });
