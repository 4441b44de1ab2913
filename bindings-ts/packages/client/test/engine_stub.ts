import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { WebSocketServer, type WebSocket } from "ws";

/** Frames as the client sends them. */
export type Frame = { type: string; data: Record<string, unknown> };

/**
 * A small engine on a real socket, for what a real one cannot be made to do at will: it logs events of files, answers
 * `subscribe` from the log or with a whole copy, and leaves all else to the test.
 */
export class Engine {
  readonly received: Frame[] = [];
  readonly log: object[] = [];
  readonly rows = new Map<string, object>();
  epoch = "one";
  /** Called with each frame but `subscribe`, `catch_up` and `ping`. */
  onFrame: (frame: Frame, reply: (message: object) => void) => void = () => undefined;
  readonly #sockets = new Set<WebSocket>();
  #server: WebSocketServer | undefined;
  #port = 0;

  async listen(): Promise<string> {
    this.#server = new WebSocketServer({ host: "127.0.0.1", port: this.#port });
    await once(this.#server, "listening");
    this.#port = (this.#server.address() as AddressInfo).port;
    this.#server.on("connection", (socket) => {
      this.#sockets.add(socket);
      socket.on("close", () => this.#sockets.delete(socket));
      socket.on("message", (data) => this.#take(JSON.parse(String(data)) as Frame, (message) => socket.send(JSON.stringify(message))));
    });
    return `ws://127.0.0.1:${this.#port}/ws`;
  }

  get url(): string {
    return `ws://127.0.0.1:${this.#port}/ws`;
  }

  get connections(): number {
    return this.#sockets.size;
  }

  /** Ends every connection and listens no more; `listen` makes it come back at the same address. */
  async stop(): Promise<void> {
    for (const socket of this.#sockets) socket.terminate();
    const server = this.#server;
    if (server === undefined) return;
    this.#server = undefined;
    await new Promise((resolve) => server.close(resolve));
  }

  /** Changes a file, in the log and for those who listen. */
  change(row: { id: string }, mutation_id?: string): number {
    this.rows.set(row.id, row);
    return this.#emit("ResourceChanged", { resource_type: "file", resource: row }, mutation_id);
  }

  delete(id: string): number {
    this.rows.delete(id);
    return this.#emit("ResourceDeleted", { resource_type: "file", resource_id: id });
  }

  /** Sends something to all connections. */
  broadcast(message: object | string): void {
    for (const socket of this.#sockets) socket.send(typeof message === "string" ? message : JSON.stringify(message));
  }

  /** Everything that was received of one type. */
  frames(type: string): Record<string, unknown>[] {
    return this.received.filter((frame) => frame.type === type).map((frame) => frame.data);
  }

  #emit(type: string, data: object, mutation_id?: string): number {
    const sequence = this.log.length + 1;
    const event = this.#event(sequence, type, data, mutation_id);
    this.log.push(event);
    this.broadcast(event);
    return sequence;
  }

  #event(sequence: number, type: string, data: object, mutation_id?: string): object {
    const envelope = { id: `e${sequence}`, timestamp: "2026-11-21T10:00:00Z", library_id: "lib", sequence, mutation_id };
    return { envelope, kind: { type, data } };
  }

  #take(frame: Frame, reply: (message: object) => void): void {
    this.received.push(frame);
    const sequence = this.log.length;
    if (frame.type === "subscribe") {
      reply({ type: "welcome", data: { protocol: 1, scope: "lib", epoch: this.epoch, sequence } });
      const since = frame.data["since"];
      if (typeof since === "number" && frame.data["epoch"] === this.epoch) {
        for (const event of this.log.slice(since)) reply(event);
      } else {
        reply({ type: "resync", data: { reason: since === undefined ? "first" : "epoch_changed", sequence } });
        reply(this.#event(sequence, "ResourceBatchChanged", { resource_type: "file", resources: [...this.rows.values()] }));
      }
      reply({ type: "synced", data: { sequence } });
    } else if (frame.type === "catch_up") {
      for (const event of this.log.slice(Number(frame.data["since"]))) reply(event);
      reply({ type: "synced", data: { sequence } });
    } else if (frame.type === "ping") {
      reply({ type: "pong", data: {} });
    } else {
      this.onFrame(frame, reply);
    }
  }
}
