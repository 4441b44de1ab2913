import type { WasmSource } from "../options.js";
import type { Applied, Config, Effect, ErrorInfo, RegistrySpec, Status } from "../generated.js";
import type { Text } from "../text.js";

/** What a page asks of the core that runs elsewhere. Pages send arrays of these: all of one task at once. */
export type Request =
  | { readonly type: "call"; readonly number: number; readonly call: PageCall; readonly text?: Text }
  /** Keeps a query mounted as `view`, a number of the page's choice. */
  | { readonly type: "mount"; readonly view: number; readonly text: string }
  | { readonly type: "unmount"; readonly view: number }
  /** Stores what is not stored yet; and then lets go of the storage, or leaves nothing in it, for all pages. */
  | { readonly type: "store"; readonly number: number; readonly end?: StoreEnd }
  /** Asks the backend again for what a remote query shows, or for more of it. */
  | { readonly type: "refetch" | "next_page"; readonly view: number }
  /** Connects to this address; without one, the page is asked for the address of each attempt. */
  | { readonly type: "connect"; readonly url?: string }
  /** The address that the page was asked for. */
  | { readonly type: "address"; readonly url: string }
  /** There is no connection to be on behalf of this page any more. */
  | { readonly type: "close" }
  /** The page has a way to the backend of its own; it gets the effects and tells what happened. */
  | { readonly type: "attach" }
  | { readonly type: "session"; readonly call: SessionCall; readonly text?: Text; readonly at_ms?: number };

/** The calls that have an answer. */
export type PageCall = "apply" | "mutate" | "ack" | "reject" | "retry" | "discard" | "pin" | "unpin" | "ask" | "invalidate" | "pending" | "stats" | "explain";

/** What becomes of the storage. */
export type StoreEnd = "close" | "wipe";

export type SessionCall = "connected" | "receive" | "disconnected" | "tick" | "end";

/** What a page is told. Arrays of these come, in the order in which it happened. */
export interface Notice {
  /** Which page it is for; without it, for all. */
  readonly to?: string;
  /** The query of this view has this number, or an error. */
  readonly mounted?: { readonly view: number; readonly query?: number; readonly error?: ErrorInfo };
  readonly patch?: ArrayBuffer;
  readonly effects?: readonly Effect[];
  /** The outcome of the call with this number. */
  readonly answer?: Answer;
  /** For the page's own way to the backend. */
  readonly transport?: Effect;
  /** That way is not used any more. */
  readonly detached?: true;
  /** The page follows from here on; the patch beside it has all that its mirror needs, and this is how things stand. */
  readonly welcome?: Status;
  /** An address to connect to is wanted. */
  readonly address?: true;
  /** The core is gone, for this reason. */
  readonly crashed?: ErrorInfo;
}

export interface Answer {
  readonly number: number;
  readonly error?: ErrorInfo;
  readonly value?: unknown;
  readonly applied?: Applied;
}

/** The first message to a worker; it answers with {@link Opened}. */
export interface Open {
  /** The way to the storage. */
  readonly storage?: MessagePort;
  readonly registry: RegistrySpec;
  readonly config: Config;
  /** Where the core is loaded from. */
  readonly wasm: Exclude<WasmSource, Request | Response | URL>;
  /** Several tabs share the cache of this name; this is the tab with this id. */
  readonly tabs?: { readonly name: string; readonly tab: string };
}

export interface Opened {
  readonly error?: ErrorInfo;
}

/** What a tab tells its worker later. */
export type TabNews = "rest" | "wake";
