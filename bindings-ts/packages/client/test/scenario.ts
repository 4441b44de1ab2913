import type { Applied, CacheOptions, Mutation, Query, Stats, Status } from "../src/index.js";

/** A golden scenario; what the keys mean is in the README of `tests/scenarios`. */
export interface Scenario {
  readonly about: string;
  readonly registry: CacheOptions["registry"];
  readonly config?: Omit<CacheOptions, "registry" | "wasm">;
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
  readonly unmount?: string;
  readonly mutate?: Mutation;
  readonly ack?: { readonly id: string; readonly sequence?: number };
  readonly reject?: { readonly id: string; readonly kind: string; readonly message: string };
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
  readonly notified?: readonly string[];
  readonly same?: { readonly [query: string]: readonly string[] };
  readonly status?: Partial<Omit<Status, "cursor">>;
  readonly pending?: readonly object[];
  readonly stats?: Partial<Stats>;
  readonly wakeAt?: number;
}

interface Shows {
  readonly total: number;
  readonly data?: readonly unknown[];
  readonly ids?: readonly string[];
  readonly aggregates?: object;
}

const ACTIONS = [
  "apply", "applyBytes", "mount", "unmount", "mutate", "ack", "reject",
  "connect", "connected", "receive", "disconnected", "tick", "disconnect",
];
const EXPECTATIONS = [
  "error", "refused", "sent", "settled", "events", "connection",
  "applied", "shows", "notified", "same", "status", "pending", "stats", "wakeAt",
];

/** Reads a scenario. A key that is not known is an error, so that a typo does not pass for an expectation that holds. */
export function read(text: string): Scenario {
  const scenario = JSON.parse(text) as Scenario;
  only(scenario, "about", "registry", "config", "steps");
  for (const step of scenario.steps) {
    only(step, "about", "at", ...ACTIONS, ...EXPECTATIONS);
    if (Object.keys(step).filter((key) => ACTIONS.includes(key)).length !== 1) throw new Error(`not one action: ${JSON.stringify(step)}`);
    only(step.mount, "name", "query");
    only(step.mutate, "id", "name", "args", "optimistic");
    only(step.ack, "id", "sequence");
    only(step.reject, "id", "kind", "message");
    only(step.applied, "changed", "stale", "duplicate", "held");
    only(step.status, "phase", "library", "pending");
    for (const shows of Object.values(step.shows ?? {})) only(shows, "total", "data", "ids", "aggregates");
  }
  return scenario;
}

function only(object: object | undefined, ...known: string[]): void {
  const unknown = Object.keys(object ?? {}).filter((key) => !known.includes(key));
  if (unknown.length > 0) throw new Error(`unknown keys ${unknown.join(", ")} in ${JSON.stringify(object)}`);
}
