import { beforeEach, describe, expect, test } from "vitest";
import { type Cache, merge, remove, upsert } from "../src/index.js";
import { changed, event, type File, file, newCache } from "./world.js";

let cache: Cache;
let names: () => string[];
let told: number;
beforeEach(async () => {
  cache = await newCache();
  cache.apply(event(1, "ResourceBatchChanged", { resource_type: "file", resources: [file("a"), file("b")] }));
  const files = cache.liveQuery<File>({ from: "file", orderBy: [{ name: "asc" }] });
  names = () => files.getSnapshot().data.map(({ name }) => name);
  told = 0;
  files.subscribe(() => told++);
});

const rename = (name: string, id = "a") =>
  cache.mutate({ name: "files.rename", args: { id, name }, optimistic: [merge("file", id, { name })] });

describe("an optimistic edit", () => {
  test("shows at once and tells once", () => {
    rename("z");
    expect(names()).toEqual(["b", "z"]);
    expect(told).toBe(1);
    expect(cache.pending()).toEqual([{ id: expect.stringMatching(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/), name: "files.rename", state: "queued" }]);
    expect(cache.status.pending).toBe(1);
  });

  test("of one key replaces the one before while it has not been sent, and both are settled together", async () => {
    const make = (name: string) =>
      cache.mutate({ name: "files.rename", coalesce: "a.name", args: { name }, optimistic: [merge("file", "a", { name })] });
    const [first, second] = [make("y"), make("z")];
    expect(cache.pending().map(({ id }) => id)).toEqual([second.id]);
    expect(names()).toEqual(["b", "z"]);
    cache.ack(second.id);
    await Promise.all([first.settled, second.settled]);
    expect(cache.pending()).toEqual([]);
  });

  test("is taken back by the app as long as it has not been sent", async () => {
    const { id, settled } = rename("z");
    expect(() => cache.retry(id)).toThrow(expect.objectContaining({ kind: "mutation.not_held" }));
    cache.discard(id);
    expect(names()).toEqual(["a", "b"]);
    await expect(settled).rejects.toMatchObject({ kind: "discarded" });
    expect(() => cache.discard(id)).toThrow(expect.objectContaining({ kind: "mutation.not_pending" }));
  });

  test("may create, change and delete", () => {
    cache.mutate({ name: "x", optimistic: [upsert("file", file("c", "cc")), merge("file", "a", { name: "aa" }), remove("file", "b")] });
    expect(names()).toEqual(["aa", "cc"]);
    expect(told).toBe(1);
  });

  test("is confirmed by the event that carries its id, without a flicker", async () => {
    const { id, settled } = rename("z");
    const before = cache.entity("file", "a").getSnapshot();
    cache.apply(event(2, "ResourceChanged", { resource_type: "file", resource: file("a", "z") }, id));
    await settled;
    expect(cache.entity("file", "a").getSnapshot()).toEqual(before);
    expect(told).toBe(1);
    expect(cache.pending()).toEqual([]);
  });

  test("is confirmed by an ack whose event is here", async () => {
    const { id, settled } = rename("z");
    cache.ack(id, 2);
    expect(cache.pending()).toEqual([expect.objectContaining({ state: "acked" })]);
    expect(names()).toEqual(["b", "z"]);
    cache.apply(event(2, "ResourceChanged", { resource_type: "file", resource: file("a", "zz") }));
    await settled;
    expect(names()).toEqual(["b", "zz"]);
    expect(told).toBe(2);
  });

  test("is confirmed at once by an ack without a sequence", async () => {
    const { id, settled } = rename("z");
    cache.ack(id);
    await settled;
    expect(cache.pending()).toEqual([]);
  });

  test("is taken back when the backend refuses, with its reason", async () => {
    const { id, settled } = rename("z");
    cache.reject(id, { kind: "target_exists", message: "there is a file z" });
    await expect(settled).rejects.toMatchObject({ name: "LarderError", kind: "target_exists", message: "there is a file z" });
    expect(names()).toEqual(["a", "b"]);
    expect(told).toBe(2);
  });

  test("that is refused and not waited for is no unhandled rejection", async () => {
    const unhandled: unknown[] = [];
    const note = (error: unknown) => unhandled.push(error);
    process.on("unhandledRejection", note);
    const { id } = rename("z");
    cache.reject(id, { kind: "x", message: "y" });
    await new Promise((resolve) => setTimeout(resolve, 10));
    process.off("unhandledRejection", note);
    expect(unhandled).toEqual([]);
  });

  test("stays on top of events that come under it, and leaves them when it goes", () => {
    const { id } = rename("z");
    cache.apply(changed(file("a", "from elsewhere", 9)));
    expect(cache.entity("file", "a").getSnapshot()).toEqual(file("a", "z", 9));
    cache.reject(id, { kind: "x", message: "y" });
    expect(cache.entity("file", "a").getSnapshot()).toEqual(file("a", "from elsewhere", 9));
  });

  test("with the id of a pending one is refused, and the first is left alone", async () => {
    const first = cache.mutate({ id: "m", name: "x", optimistic: [merge("file", "a", { name: "z" })] });
    expect(() => cache.mutate({ id: "m", name: "x" })).toThrow(expect.objectContaining({ kind: "mutation.duplicate_id" }));
    expect(names()).toEqual(["b", "z"]);
    cache.ack("m");
    await first.settled;
  });

  test("that cannot be carried out is refused whole", () => {
    expect(() =>
      cache.mutate({ name: "x", optimistic: [merge("file", "a", { name: "z" }), upsert("file", { name: "no id" })] }),
    ).toThrow(expect.objectContaining({ kind: "mutation.bad_operation", message: expect.stringContaining("optimistic[1]") }));
    expect(names()).toEqual(["a", "b"]);
    expect(told).toBe(0);
    expect(cache.pending()).toEqual([]);
  });

  test("of an entity with an integer id is given the number or its text", () => {
    cache.apply(changed({ id: 7, name: "seven" }));
    cache.mutate({ name: "x", optimistic: [merge("file", 7, { name: "VII" })] });
    expect(names()).toEqual(["VII", "a", "b"]);
    cache.mutate({ name: "x", optimistic: [remove("file", "7")] });
    expect(names()).toEqual(["a", "b"]);
  });
});

test("settling what is not pending is an error that says so", () => {
  expect(() => cache.ack("nobody")).toThrow(expect.objectContaining({ kind: "mutation.not_pending" }));
  expect(() => cache.reject("nobody", { kind: "x", message: "y" })).toThrow(expect.objectContaining({ kind: "mutation.not_pending" }));
});

test("a rejection without a reason is refused and leaves the mutation pending", () => {
  const { id } = rename("z");
  expect(() => cache.reject(id, undefined as never)).toThrow(expect.objectContaining({ kind: "mutation.malformed" }));
  expect(cache.pending()).toHaveLength(1);
});

test("a status listener hears of pending edits, and reads the status it is told of", () => {
  const heard: [number, number][] = [];
  const end = cache.onStatus((status) => heard.push([status.pending, cache.status.pending]));
  const { id } = rename("z");
  cache.ack(id);
  end();
  rename("y");
  expect(heard).toEqual([[1, 1], [0, 0]]);
});

test("an event that is not cached is handed to the listeners as it came", () => {
  const events: unknown[] = [];
  cache.onEvent((event) => events.push(event));
  const job = event(2, "JobProgress", { job: "index", done: 0.5 });
  cache.apply(job);
  cache.apply(JSON.stringify("CoreStarted"));
  expect(events).toEqual([job, "CoreStarted"]);
});

test("whoever asks late how a mutation ended is told the same, by the same promise", async () => {
  const cache = await newCache();
  const refused = cache.mutate({ name: "files.edit" });
  const done = cache.mutate({ name: "files.edit" });
  cache.reject(refused.id, { kind: "no_space", message: "the disk is full" });
  cache.ack(done.id);
  await expect(refused.settled).rejects.toMatchObject({ kind: "no_space", message: "the disk is full" });
  await expect(done.settled).resolves.toBeUndefined();
  expect(refused.settled).toBe(refused.settled);
});

test("the counts of the status are those of the core after each edit", async () => {
  const cache = await newCache();
  const told: number[] = [];
  cache.onStatus(({ pending }) => told.push(pending));
  const ids = [1, 2, 3].map(() => cache.mutate({ name: "files.edit" }).id);
  for (const id of ids) cache.ack(id);
  expect(told).toEqual([1, 2, 3, 2, 1, 0]);
  expect(cache.status).toMatchObject({ phase: "offline", pending: 0, cursor: null, library: null });
});
