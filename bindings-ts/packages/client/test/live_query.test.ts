import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { Cache } from "../src/index.js";
import { batch, changed, type File, file, newCache } from "./world.js";

const byName = { from: "file", orderBy: [{ name: "asc" }] } as const;

let cache: Cache;
beforeEach(async () => {
  vi.useFakeTimers();
  cache = await newCache();
});
afterEach(() => {
  cache.dispose();
  vi.useRealTimers();
});

describe("mounting", () => {
  test("equal queries are one live query, whatever the order of their keys", () => {
    const one = cache.liveQuery({ from: "file", where: { size: 1, name: "a" }, limit: 5 });
    expect(cache.liveQuery({ limit: 5, where: { name: "a", size: 1 }, from: "file" })).toBe(one);
    expect(cache.liveQuery({ limit: 6, where: { name: "a", size: 1 }, from: "file" })).not.toBe(one);
  });

  test("a query costs nothing until it is read", () => {
    cache.liveQuery(byName);
    expect(cache.stats().queries).toBe(0);
    cache.liveQuery(byName).getSnapshot();
    expect(cache.stats().queries).toBe(1);
  });

  test("all subscribers of a query share one mount, which outlives the last of them for a moment only", () => {
    const files = cache.liveQuery(byName);
    const ends = [files.subscribe(() => undefined), files.subscribe(() => undefined)];
    expect(cache.stats().queries).toBe(1);
    ends.forEach((end) => end());
    vi.advanceTimersByTime(200);
    expect(cache.stats().queries).toBe(1);
    vi.advanceTimersByTime(1000);
    expect(cache.stats()).toMatchObject({ queries: 0, hostRows: 0 });
  });

  test("ending a subscription twice does not end another's", () => {
    const files = cache.liveQuery(byName);
    const end = files.subscribe(() => undefined);
    files.subscribe(() => undefined);
    end();
    end();
    vi.advanceTimersByTime(5000);
    expect(cache.stats().queries).toBe(1);
  });

  test("unsubscribing and subscribing at once, as StrictMode does, neither mounts again nor changes the result", () => {
    cache.apply(changed(file("a")));
    const files = cache.liveQuery(byName);
    const sent = () => cache.stats().queriesSent;
    files.subscribe(() => undefined)();
    const before = files.getSnapshot();
    const sentBefore = sent();
    files.subscribe(() => undefined);
    vi.advanceTimersByTime(5000);
    expect(files.getSnapshot()).toBe(before);
    expect(sent()).toBe(sentBefore);
  });

  test("a query that was unmounted shows what happened meanwhile when it is read again", () => {
    cache.apply(changed(file("a")));
    const files = cache.liveQuery<File>(byName);
    files.getSnapshot();
    vi.advanceTimersByTime(5000);
    expect(cache.stats().queries).toBe(0);
    cache.apply(changed(file("b")));
    expect(files.getSnapshot().data).toEqual([file("a"), file("b")]);
    files.subscribe(() => undefined);
    vi.advanceTimersByTime(5000);
    expect(cache.stats().queries).toBe(1);
  });

  test("a query object that is changed afterwards does not change the query", () => {
    cache.apply(batch([file("a", "a", 1), file("b", "b", 2)]));
    const query = { from: "file", where: { size: 1 } };
    const live = cache.liveQuery<File>(query);
    query.where.size = 2;
    expect(live.getSnapshot().data).toEqual([file("a", "a", 1)]);
    expect(cache.liveQuery<File>(query).getSnapshot().data).toEqual([file("b", "b", 2)]);
  });

  test("thousands of queries can come and go", () => {
    cache.apply(batch(Array.from({ length: 100 }, (_, i) => file(`f${i}`, `n${i}`, i))));
    for (let round = 0; round < 5; round++) {
      const ends = Array.from({ length: 2000 }, (_, i) => {
        const live = cache.liveQuery<File>({ from: "file", where: { size: { gte: (round * 2000 + i) % 150 } }, limit: 1 + (i % 7) });
        const end = live.subscribe(() => undefined);
        expect(live.getSnapshot().total).toBe(Math.max(0, 100 - ((round * 2000 + i) % 150)));
        return end;
      });
      ends.forEach((end) => end());
      vi.advanceTimersByTime(5000);
    }
    expect(cache.stats()).toMatchObject({ queries: 0, views: 0, hostRows: 0 });
  });

  test("a wrong query throws when it is read, names what is wrong, and harms nothing", () => {
    const others = [cache.liveQuery(byName), cache.liveQuery({ from: "file", limit: 1 })];
    others.forEach((live) => live.subscribe(() => undefined));
    const wrong = cache.liveQuery({ from: "file", where: { size: { gtt: 1 } as never } });
    expect(() => wrong.getSnapshot()).toThrow(expect.objectContaining({ name: "LarderError", kind: "query.unknown_operator" }));
    expect(() => wrong.subscribe(() => undefined)).toThrow(/gtt/);
    cache.apply(changed(file("a")));
    expect(others.map((live) => live.getSnapshot().total)).toEqual([1, 1]);
    expect(cache.stats().queries).toBe(2);
  });
});

describe("telling", () => {
  test("a query tells each subscriber once for each step, however much changed", () => {
    const told = { one: 0, two: 0, other: 0 };
    const files = cache.liveQuery(byName);
    files.subscribe(() => told.one++);
    files.subscribe(() => told.two++);
    cache.liveQuery({ from: "tag" }).subscribe(() => told.other++);
    cache.apply(batch([file("a"), file("b"), file("c")]));
    cache.apply(changed(file("b", "z")));
    expect(told).toEqual({ one: 2, two: 2, other: 0 });
  });

  test("all results are new before the first subscriber is told", () => {
    const all = cache.liveQuery<File>(byName);
    const large = cache.liveQuery<File>({ from: "file", where: { size: { gt: 5 } } });
    const seen: number[][] = [];
    const look = () => seen.push([all.getSnapshot().total, large.getSnapshot().total]);
    all.subscribe(look);
    large.subscribe(look);
    cache.apply(changed(file("a", "a", 9)));
    expect(seen).toEqual([[1, 1], [1, 1]]);
  });

  test("a subscriber that throws is reported and keeps nobody from being told", () => {
    const reported: unknown[] = [];
    vi.stubGlobal("reportError", (error: unknown) => reported.push(error));
    const files = cache.liveQuery(byName);
    const failure = new Error("mine");
    let told = 0;
    files.subscribe(() => {
      throw failure;
    });
    files.subscribe(() => told++);
    cache.liveQuery({ from: "file", limit: 1 }).subscribe(() => told++);
    cache.apply(changed(file("a")));
    cache.apply(changed(file("a", "b")));
    vi.unstubAllGlobals();
    expect(told).toBe(4);
    expect(reported).toEqual([failure, failure]);
  });

  test("a subscriber may apply events: the results are new at once, and everyone is told in order", () => {
    const log: string[] = [];
    const all = cache.liveQuery<File>(byName);
    const first = cache.liveQuery<File>({ ...byName, limit: 1 });
    all.subscribe(() => {
      log.push(`all ${all.getSnapshot().total}`);
      if (all.getSnapshot().total < 3) {
        cache.apply(changed(file(`f${all.getSnapshot().total}`)));
        log.push(`applied, now ${all.getSnapshot().total}`);
      }
    });
    first.subscribe(() => log.push(`first of ${first.getSnapshot().total}`));
    cache.apply(changed(file("a")));
    expect(log).toEqual(["all 1", "applied, now 2", "first of 2", "all 2", "applied, now 3", "all 3", "first of 3"]);
  });

  test("a subscriber that is removed while the news goes round is not told, and one that is added is not told of it", () => {
    const files = cache.liveQuery(byName);
    const log: string[] = [];
    let endSecond = () => {};
    files.subscribe(() => {
      log.push("first");
      endSecond();
      if (log.length === 1) files.subscribe(() => log.push("late"));
    });
    endSecond = files.subscribe(() => log.push("second"));
    cache.apply(changed(file("a")));
    expect(log).toEqual(["first"]);
    cache.apply(changed(file("b")));
    expect(log).toEqual(["first", "first", "late"]);
  });

  test("a subscriber may unsubscribe, read other queries and dispose the cache", () => {
    const files = cache.liveQuery(byName);
    const end = files.subscribe(() => {
      end();
      expect(cache.liveQuery({ from: "file", limit: 1 }).getSnapshot().total).toBe(1);
      cache.dispose();
    });
    let told = 0;
    files.subscribe(() => told++);
    cache.apply(changed(file("a")));
    expect(told).toBe(1);
    expect(files.getSnapshot().total).toBe(1);
  });
});

test("after dispose, live queries keep their last result and everything else says what happened", async () => {
  cache.apply(changed(file("a")));
  const files = cache.liveQuery(byName);
  const before = files.getSnapshot();
  const { settled } = cache.mutate({ name: "files.rename" });
  cache.dispose();
  cache.dispose();
  await expect(settled).rejects.toMatchObject({ kind: "cache.disposed" });
  expect(files.getSnapshot()).toBe(before);
  files.subscribe(() => undefined)();
  expect(cache.liveQuery({ from: "tag" }).getSnapshot()).toEqual({ data: [], total: 0, complete: false });
  expect(() => cache.apply(changed(file("b")))).toThrow(expect.objectContaining({ kind: "cache.disposed" }));
  expect(() => cache.mutate({ name: "x" })).toThrow(expect.objectContaining({ kind: "cache.disposed" }));
  vi.advanceTimersByTime(5000);
});
