import { afterEach, expect, test, vi } from "vitest";
import { WebSocket } from "ws";
import { type Cache, connect, type Connection, createCache, type RemoteResult } from "../src/index.js";
import { Engine } from "./engine_stub.js";
import { file, registry } from "./world.js";

const until = (condition: () => boolean): Promise<unknown> => vi.waitUntil(condition, { interval: 2 });

let engine: Engine;
let cache: Cache;
let connection: Connection | undefined;

async function open(): Promise<void> {
  engine = new Engine();
  const url = await engine.listen();
  cache = await createCache({ registry });
  connection = connect(cache, { url, WebSocket });
}

afterEach(async () => {
  connection?.close();
  cache?.dispose();
  await engine?.stop();
});

/** Answers each question with what `data` gives for its input. */
function answerWith(data: (input: never) => unknown): void {
  engine.onFrame = ({ type, data: question }, reply) => {
    if (type === "query") reply({ type: "result", data: { id: question["id"], data: data(question["input"] as never) } });
  };
}

const names = ({ data }: RemoteResult): string[] => data.map((row) => (row as { name: string }).name);

test("shows what the backend answers, in its order, and keeps it current by events", async () => {
  await open();
  answerWith(() => ({ data: [file("b"), file("a")], meta: { total: 9 } }));
  const found = cache.remoteQuery({ method: "files.search", input: { text: "x" }, from: "file" });
  expect(cache.remoteQuery({ from: "file", input: { text: "x" }, method: "files.search" })).toBe(found);
  const told: RemoteResult[] = [];
  found.subscribe(() => told.push(found.getSnapshot()));
  expect(found.getSnapshot()).toMatchObject({ data: [], complete: false, status: "pending", isFetching: true });
  await until(() => told.some(({ status }) => status === "ready"));
  const first = found.getSnapshot();
  expect(first).toMatchObject({ complete: true, isFetching: false, isStale: false, error: null, backendTotal: 9 });
  expect(names(first)).toEqual(["b", "a"]);
  expect(found.getSnapshot()).toBe(first);
  expect(told.filter(({ status }) => status === "ready")).toHaveLength(1);

  engine.change(file("a", "new"));
  await until(() => found.getSnapshot() !== first);
  expect(names(found.getSnapshot())).toEqual(["b", "new"]);
  expect(found.getSnapshot().data[0]).toBe(first.data[0]);
  engine.delete("b");
  await until(() => names(found.getSnapshot()).length === 1);
  expect(engine.frames("query")).toHaveLength(1);
});

test("says what the answer names and the cache does not hold", async () => {
  await open();
  answerWith(() => ({ data: ["a", "b"] }));
  engine.change(file("b"));
  const found = cache.remoteQuery({ method: "files.search", from: "file" });
  found.subscribe(() => undefined);
  found.getSnapshot();
  await until(() => found.getSnapshot().status === "ready");
  expect(found.getSnapshot()).toMatchObject({ data: [file("b")], complete: false });
  engine.change(file("a"));
  await until(() => found.getSnapshot().complete);
  expect(names(found.getSnapshot())).toEqual(["a", "b"]);
});

test("asks for more, for all of it again, and for what was said to be wrong", async () => {
  await open();
  const pages: Record<string, unknown> = {
    "": { data: [file("a"), file("b")], meta: { next: "2" } },
    2: { data: [file("c")] },
  };
  answerWith(({ cursor = "" }: { cursor?: string }) => pages[cursor]);
  const list = cache.remoteQuery({ method: "files.list", input: { path: "/" }, from: "file" });
  list.subscribe(() => undefined);
  await until(() => list.getSnapshot().hasNextPage);
  list.fetchNextPage();
  await until(() => names(list.getSnapshot()).length === 3);
  expect(list.getSnapshot().hasNextPage).toBe(false);

  pages[""] = { data: [file("b")], meta: { next: "2" } };
  list.refetch();
  await until(() => names(list.getSnapshot()).length === 2);
  expect(engine.frames("query")).toHaveLength(4);
  pages[""] = { data: [] };
  cache.invalidate({ methods: ["files.*"] });
  expect(list.getSnapshot()).toMatchObject({ isStale: true, isFetching: true });
  await until(() => names(list.getSnapshot()).length === 0);
});

test("says why the backend could not answer, and goes on with what there is", async () => {
  await open();
  let works = true;
  engine.onFrame = ({ data: { id } }, reply) =>
    reply(
      works
        ? { type: "result", data: { id, data: [file("a")] } }
        : { type: "failed", data: { id, kind: "unknown_method", message: "there is no such method" } },
    );
  const found = cache.remoteQuery({ method: "files.search", from: "file" });
  found.subscribe(() => undefined);
  await until(() => found.getSnapshot().status === "ready");
  works = false;
  found.refetch();
  await until(() => found.getSnapshot().status === "failed");
  expect(found.getSnapshot().error).toMatchObject({ kind: "unknown_method", message: "there is no such method" });
  expect(names(found.getSnapshot())).toEqual(["a"]);
});

test("a wrong remote query throws when it is read", async () => {
  await open();
  const wrong = cache.remoteQuery({ method: "", from: "file" });
  expect(() => wrong.getSnapshot()).toThrow("name the backend's method");
  const odd = cache.remoteQuery({ method: "files.search", from: "file", policy: "sometimes" as never });
  expect(() => odd.getSnapshot()).toThrow("`policy` must be one of cache_first");
});
