import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { WebSocket } from "ws";
import { type AsyncCache, connect, type Connection, createCache, merge, type Query } from "../src/index.js";
import { Engine } from "./engine_stub.js";
import { overChannel } from "./over_channel.js";
import { batch, changed, type File, file, registry } from "./world.js";

let cache: AsyncCache;
beforeEach(async () => {
  cache = await createCache({ registry, worker: overChannel });
});
afterEach(() => cache.dispose());

const byName: Query = { from: "file", orderBy: [{ name: "asc" }] };
const refused = (kind: string) => expect.objectContaining({ kind });

describe("a query of a cache in a worker", () => {
  test("is empty and not complete until its result comes, of which it tells once", async () => {
    await cache.apply(batch([file("a"), file("b")]));
    const live = cache.liveQuery<File>(byName);
    const told = vi.fn();
    live.subscribe(told);
    expect(live.getSnapshot()).toEqual({ data: [], total: 0, complete: false });
    await vi.waitFor(() => expect(told).toHaveBeenCalled());
    expect(live.getSnapshot()).toEqual({ data: [file("a"), file("b")], total: 2, complete: true });
    expect(told).toHaveBeenCalledTimes(1);
  });

  test("becomes complete where there is nothing too", async () => {
    const live = cache.liveQuery(byName);
    const told = vi.fn();
    live.subscribe(told);
    await cache.stats();
    expect(live.getSnapshot()).toEqual({ data: [], total: 0, complete: true });
    expect(told).toHaveBeenCalledTimes(1);
  });

  test("keeps the objects that did not change", async () => {
    const live = cache.liveQuery<File>(byName);
    live.subscribe(() => undefined);
    await cache.apply(batch([file("a"), file("b")]));
    const before = live.getSnapshot();
    await cache.apply(changed(file("b", "z")));
    expect(live.getSnapshot().data[0]).toBe(before.data[0]);
    await cache.apply(changed(file("b", "z")));
    expect(cache.liveQuery(byName)).toBe(live);
  });

  test("that is wrong tells its subscribers, and throws when it is read", async () => {
    const live = cache.liveQuery({ from: "file", where: { name: { sounds: "like" } } } as never);
    const told = vi.fn();
    live.subscribe(told);
    await cache.stats();
    expect(told).toHaveBeenCalledTimes(1);
    expect(() => live.getSnapshot()).toThrow(refused("query.unknown_operator"));
  });

  test("whose subscribers came and went before it was mounted is not held in the worker", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    cache.liveQuery(byName).subscribe(() => undefined)();
    vi.advanceTimersByTime(1000);
    vi.useRealTimers();
    expect(await cache.stats()).toMatchObject({ queries: 0 });
  });
});

describe("an edit of a cache in a worker", () => {
  test("is shown as soon as the worker's patch is here, and taken back when it is refused", async () => {
    await cache.apply(changed(file("a")));
    const live = cache.liveQuery<File>(byName);
    const names: string[][] = [];
    live.subscribe(() => names.push(live.getSnapshot().data.map(({ name }) => name)));
    await cache.stats();
    const { id, settled } = cache.mutate({ name: "files.rename", optimistic: [merge("file", "a", { name: "b" })] });
    expect((await cache.pending()).map((mutation) => mutation.id)).toEqual([id]);
    await cache.reject(id, { kind: "files.read_only", message: "no" });
    await expect(settled).rejects.toEqual(refused("files.read_only"));
    expect(names).toEqual([["a"], ["b"], ["a"]]);
  });

  test("that is wrong rejects what it settles with", async () => {
    const { settled } = cache.mutate({ name: "x", optimistic: [{ type: "explode" } as never] });
    await expect(settled).rejects.toEqual(refused("mutation.malformed"));
  });
});

describe("errors of a cache in a worker", () => {
  test("of an event have the kinds that they have in the page", async () => {
    await expect(cache.apply("{")).rejects.toEqual(refused("event.malformed_json"));
    await expect(cache.ack("nobody")).rejects.toEqual(refused("mutation.not_pending"));
  });

  test("of a registry come when it is made", async () => {
    const wrong = { types: [{ name: "file" }, { name: "file" }] };
    await expect(createCache({ registry: wrong, worker: overChannel })).rejects.toEqual(refused("registry.duplicate_type"));
    await expect(createCache({ registry: wrong })).rejects.toEqual(refused("registry.duplicate_type"));
  });

  test("come to all that waits when it is disposed, and to all that comes later", async () => {
    const waiting = cache.stats();
    const { settled } = cache.mutate({ name: "x" });
    const live = cache.liveQuery(byName);
    cache.dispose();
    await expect(waiting).rejects.toEqual(refused("cache.disposed"));
    await expect(settled).rejects.toEqual(refused("cache.disposed"));
    await expect(cache.apply("{}")).rejects.toEqual(refused("cache.disposed"));
    expect(() => cache.mutate({ name: "x" })).toThrow(refused("cache.disposed"));
    expect(live.getSnapshot().data).toEqual([]);
  });
});

describe("a connection of a cache in a worker", () => {
  const engine = new Engine();
  let connection: Connection | undefined;
  beforeEach(() => {
    engine.change(file("a"));
    vi.stubGlobal("WebSocket", WebSocket);
  });
  afterEach(async () => {
    connection?.close();
    vi.unstubAllGlobals();
    await engine.stop();
  });
  const phase = (wanted: string) => vi.waitFor(() => expect(cache.status.phase).toBe(wanted), { timeout: 5000 });

  test("has its socket there, asks the page for each address, and ends when it is closed", async () => {
    const url = await engine.listen();
    const asked: number[] = [];
    connection = connect(cache, { url: async () => (asked.push(asked.length), url) });
    await phase("live");
    expect(() => connect(cache, { url })).toThrow(refused("connect.already_connected"));
    await engine.stop();
    await phase("offline");
    await engine.listen();
    await phase("live");
    expect(asked).toEqual([0, 1]);
    const live = cache.liveQuery<File>(byName);
    live.subscribe(() => undefined);
    await vi.waitFor(() => expect(live.getSnapshot().data).toEqual([file("a")]));
    connection.close();
    await phase("offline");
    await vi.waitFor(() => expect(engine.connections).toBe(0));
    connection = connect(cache, { url });
    await phase("live");
  });

  test("carries questions and edits", async () => {
    engine.onFrame = ({ type, data }, reply) => {
      if (type === "query") reply({ type: "result", data: { id: data["id"], data: [data["method"], data["input"]] } });
      if (type === "mutate") engine.change(file("a", "b"), String(data["id"]));
    };
    connection = connect(cache, { url: await engine.listen() });
    expect(await cache.query("engine.status", { deep: true })).toEqual(["engine.status", { deep: true }]);
    await cache.mutate({ name: "files.rename", optimistic: [merge("file", "a", { name: "b" })] }).settled;
    expect(cache.status.pending).toBe(0);
  });
});
