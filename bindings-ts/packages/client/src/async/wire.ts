import type { Notice, Request } from "./messages.js";

/** The way from a page to the keeper of its core. What is sent arrives once and in order. */
export interface Wire {
  send(requests: readonly Request[], transfer: ArrayBuffer[]): void;
  /** Called with what the keeper has to tell. */
  onNotices: (notices: readonly Notice[]) => void;
  /** Called when what was sent may be lost and has to be sent again: there is another keeper. */
  onJoined: () => void;
  /** Other pages have the same keeper. */
  readonly isShared?: boolean;
  /** Nobody uses it any more. */
  close(): void;
}
