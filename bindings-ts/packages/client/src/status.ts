import type { Status } from "./generated.js";

/** The state of a cache that has not heard of a backend. */
export const OFFLINE: Status = { phase: "offline", cursor: null, pending: 0, library: null };
