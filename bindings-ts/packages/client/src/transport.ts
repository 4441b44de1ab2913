import type { Effect } from "./generated.js";
import { report } from "./report.js";
import type { Text } from "./text.js";

/** The way to a backend, as the cache uses it. `connect` makes one of a WebSocket; an app may bring its own. */
export interface Transport {
  /** Opens a connection; answered by {@link Session.connected} or {@link Session.disconnected}, but not from within. */
  connect(): void;
  /** Closes the connection, or gives up opening it; answered by {@link Session.disconnected}, but not from within. */
  disconnect(): void;
  /** Sends one text message over the open connection. */
  send(message: string): void;
  /** Calls {@link Session.tick} at this time, and no longer at the time wished before. */
  wakeAt(at_ms: number): void;
}

/** What a {@link Transport} tells the cache. All times are those of {@link now_ms}. */
export interface Session {
  /** The connection is open. */
  connected(): void;
  /** A message came. A bad one is reported to `cache.onError` and does no harm. */
  receive(message: Text): void;
  /** The connection is closed, or could not be opened. */
  disconnected(): void;
  /** The time of the last `wakeAt` has come. */
  tick(at_ms?: number): void;
  /** Ends the session: the transport is told to disconnect, and that is the last it hears. */
  end(): void;
}

/** Milliseconds since 1970 that never go back, whatever happens to the clock of the machine. */
export function now_ms(): number {
  return Math.floor(performance.timeOrigin + performance.now());
}

/** Carries out an effect that is the transport's business; returns whether it was. */
export function perform(effect: Effect, transport: Transport | undefined): boolean {
  try {
    switch (effect.type) {
      case "send":
        transport?.send(effect.data);
        return true;
      case "connect":
        transport?.connect();
        return true;
      case "disconnect":
        transport?.disconnect();
        return true;
      case "wake_at":
        transport?.wakeAt(effect.data);
        return true;
    }
  } catch (error) {
    report(error);
    return true;
  }
  return false;
}
