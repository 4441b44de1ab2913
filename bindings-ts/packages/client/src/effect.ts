import type { Status } from "./status.js";

/** A stable name and a sentence: what went wrong. */
export interface ErrorInfo {
  readonly kind: string;
  readonly message: string;
}

/** What the core asks the world outside to do after a step. */
export type Effect =
  | { readonly type: "send"; readonly data: string }
  | { readonly type: "connect" }
  | { readonly type: "disconnect" }
  | { readonly type: "wake_at"; readonly data: number }
  | { readonly type: "status"; readonly data: Status }
  | { readonly type: "settled"; readonly data: { readonly id: string; readonly rejection: ErrorInfo | null } }
  | { readonly type: "answer"; readonly data: { readonly id: string; readonly data: unknown } }
  | { readonly type: "failed"; readonly data: { readonly id: string } & ErrorInfo }
  | { readonly type: "event"; readonly data: unknown }
  | { readonly type: "refused"; readonly data: ErrorInfo };
