import type { Applied, CacheOptions, Invalidation, Mutation, Query, RemoteOptions, RemoteResult, Stats, Status } from "../src/index.js";

/** A golden scenario; what the keys mean is in the README of `tests/scenarios`. */
export interface Scenario {
  readonly about: string;
  readonly registry: CacheOptions["registry"];
  readonly config?: Omit<CacheOptions, "registry" | "wasm">;
  readonly storage?: true;
  readonly steps: readonly Step[];
}

export interface Step extends Action, Expectation {
  readonly about?: string;
  readonly at?: number;
}

interface Action {
  readonly apply?: string | object;
  readonly applyBytes?: readonly number[];
  readonly mount?: { readonly name: string; readonly query: Query };
  readonly mountRemote?: { readonly name: string; readonly query: Query & RemoteOptions };
  readonly refetch?: string;
  readonly nextPage?: string;
  readonly invalidate?: Invalidation;
  readonly unmount?: string;
  readonly mutate?: Mutation;
  readonly ack?: { readonly id: string; readonly sequence?: number };
  readonly reject?: { readonly id: string; readonly kind: string; readonly message: string };
  readonly retry?: string;
  readonly discard?: string;
  readonly pin?: { readonly type: string; readonly id: string };
  readonly unpin?: { readonly type: string; readonly id: string };
  readonly restart?: true;
  readonly connect?: true;
  readonly connected?: true;
  readonly receive?: string | object;
  readonly disconnected?: true;
  readonly tick?: true;
  readonly disconnect?: true;
}

interface Expectation {
  readonly error?: string;
  readonly refused?: readonly string[];
  readonly sent?: readonly object[];
  readonly settled?: readonly object[];
  readonly events?: readonly unknown[];
  readonly connection?: readonly string[];
  readonly applied?: Partial<Applied>;
  readonly shows?: { readonly [query: string]: Shows };
  readonly remote?: { readonly [query: string]: Partial<Omit<RemoteResult, "error">> & { readonly error?: string | null } };
  readonly notified?: readonly string[];
  readonly same?: { readonly [query: string]: readonly string[] };
  readonly status?: Partial<Omit<Status, "cursor">>;
  readonly pending?: readonly object[];
  readonly stats?: Partial<Stats>;
  readonly wakeAt?: number;
}

interface Shows {
  readonly total: number;
  readonly complete?: boolean;
  readonly data?: readonly unknown[];
  readonly ids?: readonly string[];
  readonly aggregates?: object;
}

const ACTIONS = [
  "apply", "applyBytes", "mount", "mountRemote", "refetch", "nextPage", "invalidate", "unmount",
  "mutate", "ack", "reject", "retry", "discard", "pin", "unpin", "restart",
  "connect", "connected", "receive", "disconnected", "tick", "disconnect",
];
const EXPECTATIONS = [
  "error", "refused", "sent", "settled", "events", "connection",
  "applied", "shows", "remote", "notified", "same", "status", "pending", "stats", "wakeAt",
];

/** Reads a scenario. A key that is not known is an error, so that a typo does not pass for an expectation that holds. */
export function read(text: string): Scenario {
  const scenario = JSON.parse(text) as Scenario;
  only(scenario, "about", "registry", "config", "storage", "steps");
  for (const step of scenario.steps) {
    only(step, "about", "at", ...ACTIONS, ...EXPECTATIONS);
    if (Object.keys(step).filter((key) => ACTIONS.includes(key)).length !== 1) throw new Error(`not one action: ${JSON.stringify(step)}`);
    only(step.mount, "name", "query");
    only(step.mountRemote, "name", "query");
    for (const remote of Object.values(step.remote ?? {})) only(remote, "status", "isFetching", "isStale", "error", "hasNextPage", "backendTotal");
    only(step.mutate, "id", "name", "args", "optimistic");
    only(step.ack, "id", "sequence");
    only(step.pin, "type", "id");
    only(step.unpin, "type", "id");
    only(step.reject, "id", "kind", "message");
    only(step.applied, "changed", "stale", "duplicate", "held");
    only(step.status, "phase", "storage", "library", "pending");
    for (const shows of Object.values(step.shows ?? {})) only(shows, "total", "complete", "data", "ids", "aggregates");
  }
  return scenario;
}

function only(object: object | undefined, ...known: string[]): void {
  const unknown = Object.keys(object ?? {}).filter((key) => !known.includes(key));
  if (unknown.length > 0) throw new Error(`unknown keys ${unknown.join(", ")} in ${JSON.stringify(object)}`);
}
