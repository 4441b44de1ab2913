import type { Cache } from "./cache.js";
import { LarderError } from "./errors.js";
import { now_ms, type Transport } from "./transport.js";

/** Where to connect to and how. */
export interface ConnectOptions {
  /** The address, or what gives one for each attempt, for addresses with short-lived tokens. */
  readonly url: string | URL | (() => string | URL);
  /** The class to use where there is no global one (Node before 22), e.g. that of the package `ws`. */
  readonly WebSocket?: WebSocketClass;
}

/** The part of the standard class that is needed. */
export type WebSocketClass = new (url: string | URL) => Socket;

interface Socket {
  binaryType: string;
  onopen: ((event: never) => void) | null;
  onmessage: ((event: never) => void) | null;
  onclose: ((event: never) => void) | null;
  onerror: ((event: never) => void) | null;
  send(message: string): void;
  close(): void;
}

/** A connection that is kept up until it is closed. */
export interface Connection {
  /** Closes the socket and stays offline. */
  close(): void;
}

// Browsers take a longer wait for none at all.
const LONGEST_WAIT_MS = 0x7fffffff;

/**
 * Connects the cache to a backend over a WebSocket: subscribes, catches up after gaps and breaks, sends mutations,
 * comes back with growing pauses when the connection is lost. When to do what is the core's decision; this only owns
 * the socket and a timer.
 *
 * @example
 * ```ts
 * const connection = connect(cache, { url: "ws://127.0.0.1:4600/ws?token=…" });
 * cache.onStatus((status) => showPhase(status.phase));
 * // later
 * connection.close();
 * ```
 */
export function connect(cache: Cache, options: ConnectOptions): Connection {
  const SocketClass = options.WebSocket ?? (globalThis.WebSocket as WebSocketClass | undefined);
  if (SocketClass === undefined) {
    throw new LarderError(
      "connect.no_websocket",
      'There is no WebSocket here. Pass one: connect(cache, { url, WebSocket }) with `import { WebSocket } from "ws"`.',
    );
  }
  let socket: Socket | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;

  const letGo = (): void => {
    const old = socket;
    socket = undefined;
    if (old === undefined) return;
    old.onopen = old.onmessage = old.onclose = null;
    // An error that comes late, of a socket that is closed before it was open, has no one to go to.
    old.onerror = () => undefined;
    old.close();
  };

  const transport: Transport = {
    connect() {
      letGo();
      let opened: Socket;
      try {
        const url = typeof options.url === "function" ? options.url() : options.url;
        opened = socket = new SocketClass(url);
      } catch (error) {
        // The core hears of it as of a connection that failed, but not from within the step that wants it.
        queueMicrotask(() => session.disconnected());
        throw error;
      }
      opened.binaryType = "arraybuffer";
      opened.onopen = () => session.connected();
      opened.onmessage = ({ data }: MessageEvent<string | ArrayBuffer>) =>
        session.receive(typeof data === "string" ? data : new Uint8Array(data));
      // The close event that follows tells all there is to know.
      opened.onerror = () => undefined;
      opened.onclose = () => {
        letGo();
        session.disconnected();
      };
    },
    disconnect: letGo,
    send: (message) => socket?.send(message),
    wakeAt(at_ms) {
      clearTimeout(timer);
      const wait_ms = Math.max(at_ms - now_ms(), 0);
      // Timers may fire a little early; the core is told the time that it asked for.
      if (wait_ms <= LONGEST_WAIT_MS) timer = setTimeout(() => session.tick(Math.max(at_ms, now_ms())), wait_ms);
      else timer = setTimeout(() => transport.wakeAt(at_ms), LONGEST_WAIT_MS);
    },
  };

  const session = cache.attach(transport);
  session.tick();
  return {
    close() {
      clearTimeout(timer);
      letGo();
      session.end();
    },
  };
}
