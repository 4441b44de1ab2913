import type { AsyncCache } from "./async/async_cache.js";
import type { Cache } from "./cache.js";
import { LarderError } from "./errors.js";
import { report } from "./report.js";
import { now_ms, type Transport } from "./transport.js";

/** Where to connect to and how. */
export interface ConnectOptions {
  /** The address, or what gives one for each attempt, now or later, for addresses with short-lived tokens. */
  readonly url: Address | (() => Address | Promise<Address>);
  /** The class to use where there is no global one (Node before 22), e.g. that of the package `ws`. */
  readonly WebSocket?: WebSocketClass;
}

/** Where a backend is. */
export type Address = string | URL;

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
export function connect(cache: Pick<Cache, "attach"> | AsyncCache, options: ConnectOptions): Connection {
  if ("connect" in cache && options.WebSocket === undefined) return cache.connect(options);
  const SocketClass = options.WebSocket ?? (globalThis.WebSocket as WebSocketClass | undefined);
  if (SocketClass === undefined) {
    throw new LarderError(
      "connect.no_websocket",
      'There is no WebSocket here. Pass one: connect(cache, { url, WebSocket }) with `import { WebSocket } from "ws"`.',
    );
  }
  let socket: Socket | undefined;
  /** The attempt that an address is being waited for, while it is the last one. */
  let attempt: object | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;

  /** The socket is nobody's any more; what it still does is not heard. */
  const letGo = (): void => {
    attempt = undefined;
    const old = socket;
    if (old === undefined) return;
    socket = undefined;
    old.onopen = old.onmessage = old.onclose = null;
    old.onerror = ignore;
    old.close();
  };
  // The transport must not answer from within.
  const tellClosed = (): void => queueMicrotask(() => session.disconnected());

  const open = (url: Address): void => {
    const opened = new SocketClass(url);
    socket = opened;
    opened.binaryType = "arraybuffer";
    opened.onopen = () => session.connected();
    opened.onmessage = ({ data }: MessageEvent<string | ArrayBuffer>) =>
      session.receive(typeof data === "string" ? data : new Uint8Array(data));
    opened.onclose = () => {
      letGo();
      session.disconnected();
    };
    // The close event that follows tells all there is to know.
    opened.onerror = ignore;
  };
  const openLater = async (address: Promise<Address>): Promise<void> => {
    const mine = (attempt = {});
    try {
      const url = await address;
      if (attempt === mine) open(url);
    } catch (error) {
      if (attempt === mine) tellClosed();
      report(error);
    }
  };

  const transport: Transport = {
    connect() {
      letGo();
      try {
        const url = typeof options.url === "function" ? options.url() : options.url;
        if (url instanceof Promise) void openLater(url);
        else open(url);
      } catch (error) {
        tellClosed();
        throw error;
      }
    },
    disconnect() {
      letGo();
      tellClosed();
    },
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
  return {
    close() {
      session.end();
      letGo();
      clearTimeout(timer);
    },
  };
}

function ignore(): void {}
