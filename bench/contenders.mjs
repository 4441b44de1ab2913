// Who takes part. The file of each in `peers/` says what it cannot do and why.
export const OURS = ["larder", "larder_hints"];
export const FLOOR = "floor";

/** In the order of the tables; `packages` are what has to be installed. */
export const CONTENDERS = {
  floor: { title: "plain JavaScript", packages: [] },
  larder: { title: "Larder", packages: [] },
  larder_hints: { title: "Larder, index hints", packages: [] },
  tanstack_db: { title: "TanStack DB", packages: ["@tanstack/db"] },
  zero: { title: "Zero's engine", packages: ["@rocicorp/zero"] },
  rindle: { title: "Rindle", packages: ["@rindle/wasm"] },
  tinybase: { title: "TinyBase", packages: ["tinybase"] },
  redux_toolkit: { title: "Redux Toolkit", packages: ["@reduxjs/toolkit"] },
  relay: { title: "Relay", packages: ["relay-runtime"] },
  apollo: { title: "Apollo Client", packages: ["@apollo/client"] },
  graphcache: { title: "urql Graphcache", packages: ["@urql/exchange-graphcache", "@urql/core"] },
};

export const WORKLOADS = {
  W1: "w1_ingest",
  W2: "w2_first_query",
  W3: "w3_update",
  W4: "w4_fan_out",
  W5: "w5_burst",
  W6: "w6_optimistic",
  W7: "w7_delete",
  W8: "w8_restart",
  W9: "w9_include",
};
