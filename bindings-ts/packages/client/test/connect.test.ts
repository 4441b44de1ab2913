import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { WebSocket } from "ws";
import { type Cache, connect, type Connection, merge } from "../src/index.js";
import { Engine } from "./engine_stub.js";
import { event, type File, file, newCache } from "./world.js";

let engine: Engine;
let cache: Cache;
let connection: Connection | undefined;
const names = () => cache.liveQuery<File>({ from: "file", orderBy: [{ name: "asc" }] }).getSnapshot().data.map(({ name }) => name);
const phase = (wanted: string) => vi.waitFor(() => expect(cache.status.phase).toBe(wanted), { timeout: 5000 });
const shown = (...wanted: string[]) => vi.waitFor(() => expect(names()).toEqual(wanted), { timeout: 5000 });
const connectTo = (url: string | (() => string)) => (connection = connect(cache, { url, WebSocket }));

beforeEach(async () => {
  engine = new Engine();
  engine.change(file("a"));
  engine.change(file("b"));
  cache = await newCache();
});
afterEach(async () => {
  connection?.close();
  connection = undefined;
  cache.dispose();
  await engine.stop();
});

describe("a connection", () => {
  test("gets a whole copy first, and then what happens", async () => {
    const phases: string[] = [];
    cache.onStatus(({ phase }) => phases.push(phase));
    connectTo(await engine.listen());
    await phase("live");
    expect(names()).toEqual(["a", "b"]);
    expect(engine.frames("subscribe")).toEqual([{ protocol: 1 }]);
    engine.change(file("c"));
    engine.delete("a");
    await shown("b", "c");
    expect([...new Set(phases)]).toEqual(["connecting", "syncing", "live"]);
    expect(cache.status.library).toBe("lib");
  });

  test("that breaks comes back, tells where it was, and misses nothing", async () => {
    connectTo(await engine.listen());
    await phase("live");
    const kept = cache.entity("file", "b").getSnapshot();
    await engine.stop();
    await phase("offline");
    expect(names()).toEqual(["a", "b"]);
    engine.change(file("c"));
    engine.delete("a");
    await engine.listen();
    await shown("b", "c");
    await phase("live");
    expect(engine.frames("subscribe")[1]).toMatchObject({ since: 2, epoch: "one", scope: "lib" });
    expect(cache.entity("file", "b").getSnapshot()).toBe(kept);
  });

  test("to an engine with another log gets a whole copy, in which what is missing is gone", async () => {
    connectTo(await engine.listen());
    await phase("live");
    await engine.stop();
    await phase("offline");
    engine.epoch = "two";
    engine.rows.delete("a");
    await engine.listen();
    await shown("b");
  });

  test("that skips an event asks for what is missing", async () => {
    connectTo(await engine.listen());
    await phase("live");
    const missed = event(3, "ResourceChanged", { resource_type: "file", resource: file("c") });
    engine.log.push(missed);
    engine.change(file("d"));
    await shown("a", "b", "c", "d");
    expect(engine.frames("catch_up")).toEqual([{ since: 2 }]);
  });

  test("that cannot be made is tried again, with an address of its own each time", async () => {
    await engine.listen();
    const { url } = engine;
    await engine.stop();
    const asked: number[] = [];
    connectTo(() => {
      asked.push(asked.length);
      return url;
    });
    await vi.waitFor(() => expect(asked.length).toBeGreaterThanOrEqual(2), { timeout: 5000 });
    await engine.listen();
    await shown("a", "b");
  });

  test("whose address cannot be made is reported and tried again", async () => {
    const reported: unknown[] = [];
    vi.stubGlobal("reportError", (error: unknown) => reported.push(error));
    const url = await engine.listen();
    const failure = new Error("no token yet");
    connectTo(() => {
      if (reported.length === 0) throw failure;
      return url;
    });
    await shown("a", "b");
    vi.unstubAllGlobals();
    expect(reported).toEqual([failure]);
  });

  test("that is closed stays closed, and another can be made", async () => {
    const url = await engine.listen();
    connectTo(url);
    await phase("live");
    expect(() => connect(cache, { url, WebSocket })).toThrow(expect.objectContaining({ kind: "connect.already_connected" }));
    connection?.close();
    connection?.close();
    expect(cache.status.phase).toBe("offline");
    await vi.waitFor(() => expect(engine.connections).toBe(0));
    engine.change(file("c"));
    connectTo(url);
    await shown("a", "b", "c");
    expect(engine.frames("subscribe")).toHaveLength(2);
  });

  test("closed before it is open does no harm", async () => {
    connectTo(await engine.listen());
    connection?.close();
    expect(cache.status.phase).toBe("offline");
    await vi.waitFor(() => expect(engine.connections).toBe(0));
    expect(engine.received).toEqual([]);
  });

  test("to a cache that is disposed is closed", async () => {
    connectTo(await engine.listen());
    await phase("live");
    cache.dispose();
    await vi.waitFor(() => expect(engine.connections).toBe(0));
    connection?.close();
  });

  test("that brings bad messages reports each and goes on", async () => {
    connectTo(await engine.listen());
    await phase("live");
    const kinds: string[] = [];
    cache.onError((error) => kinds.push(error.kind));
    engine.broadcast("{");
    engine.broadcast({ type: "surprise", data: {} });
    engine.broadcast({ type: "ack", data: {} });
    engine.broadcast(event(3, "ResourceChanged", { resource_type: "file", resource: { name: "no id" } }));
    engine.log.push({});
    engine.change(file("c"));
    await shown("a", "b", "c");
    expect(kinds).toEqual(["event.malformed_json", "frame.malformed", "frame.malformed", "event.missing_field"]);
    expect(engine.connections).toBe(1);
  });
});

describe("a mutation", () => {
  const rename = () => cache.mutate({ id: "m1", name: "files.rename", args: { id: "a", name: "z" }, optimistic: [merge("file", "a", { name: "z" })] });

  test("is sent, acked and settled, whichever of event and ack comes first", async () => {
    connectTo(await engine.listen());
    await phase("live");
    engine.onFrame = ({ data }, reply) => {
      const id = String(data["id"]);
      if (id === "m1") engine.change(file("a", "z"), id);
      reply({ type: "ack", data: { id, sequence: id === "m1" ? 3 : 4 } });
      if (id === "m2") setTimeout(() => engine.change(file("b", "y"), id), 20);
    };
    const first = rename();
    expect(names()).toEqual(["b", "z"]);
    await first.settled;
    const second = cache.mutate({ id: "m2", name: "files.rename", optimistic: [merge("file", "b", { name: "y" })] });
    await second.settled;
    expect(names()).toEqual(["y", "z"]);
    expect(cache.pending()).toEqual([]);
    expect(engine.frames("mutate")[0]).toEqual({ id: "m1", name: "files.rename", args: { id: "a", name: "z" } });
  });

  test("that is refused is taken back with the engine's reason", async () => {
    connectTo(await engine.listen());
    await phase("live");
    engine.onFrame = ({ data }, reply) => reply({ type: "reject", data: { id: data["id"], kind: "target_exists", message: "`z` exists" } });
    await expect(rename().settled).rejects.toMatchObject({ kind: "target_exists", message: "`z` exists" });
    expect(names()).toEqual(["a", "b"]);
  });

  test("made offline is shown, waits, and is sent when there is a connection", async () => {
    const { settled } = rename();
    expect(names()).toEqual(["z"].slice(1));
    expect(cache.status).toMatchObject({ phase: "offline", pending: 1 });
    engine.onFrame = ({ data }, reply) => reply({ type: "ack", data: { id: data["id"], sequence: engine.change(file("a", "z"), String(data["id"])) } });
    connectTo(await engine.listen());
    await settled;
    expect(names()).toEqual(["b", "z"]);
    expect(cache.status.pending).toBe(0);
  });

  test("without an answer is sent again after a reconnect, with the same id", async () => {
    connectTo(await engine.listen());
    await phase("live");
    const { settled } = rename();
    await vi.waitFor(() => expect(engine.frames("mutate")).toHaveLength(1));
    await engine.stop();
    await phase("offline");
    expect(names()).toEqual(["b", "z"]);
    engine.onFrame = ({ data }, reply) => reply({ type: "ack", data: { id: data["id"], sequence: engine.change(file("a", "z"), "m1") } });
    await engine.listen();
    await settled;
    expect(engine.frames("mutate").map(({ id }) => id)).toEqual(["m1", "m1"]);
  });
});

describe("a question", () => {
  test("is answered, or fails with the engine's reason", async () => {
    connectTo(await engine.listen());
    await phase("live");
    engine.onFrame = ({ data }, reply) =>
      data["method"] === "add"
        ? reply({ type: "result", data: { id: data["id"], data: { sum: 3, input: data["input"] } } })
        : reply({ type: "failed", data: { id: data["id"], kind: "unknown_method", message: "no such method" } });
    await expect(cache.query("add", [1, 2])).resolves.toEqual({ sum: 3, input: [1, 2] });
    await expect(cache.query("guess")).rejects.toMatchObject({ name: "LarderError", kind: "unknown_method", message: "no such method" });
  });
});

test("where there is no WebSocket, connect says what to do", () => {
  vi.stubGlobal("WebSocket", undefined);
  expect(() => connect(cache, { url: "ws://127.0.0.1:1" })).toThrow(expect.objectContaining({ kind: "connect.no_websocket", message: expect.stringContaining('from "ws"') }));
  vi.unstubAllGlobals();
});
