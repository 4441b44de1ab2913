import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { AsyncCache } from "../src/async/async_cache.js";
import { Keeper } from "../src/async/keeper.js";
import type { Notice, Request } from "../src/async/messages.js";
import type { Wire } from "../src/async/wire.js";
import { Core } from "../src/core.js";
import type { Config } from "../src/generated.js";
import { merge, type Query, type Transport } from "../src/index.js";
import { loadWasm } from "../src/wasm.js";
import { batch, changed, event, type File, file, registry } from "./world.js";

/** One keeper, and pages that reach it as those of several tabs do; it can be lost with all that it knows. */
class Origin {
  readonly #wires = new Map<string, Wire>();
  #keeper: Keeper | undefined;

  async reign(config: Config = {}): Promise<void> {
    const core = new Core(await loadWasm());
    const keeper: Keeper = new Keeper(core, registry, config, (notices) => keeper === this.#keeper && this.#tell(structuredClone(notices)));
    this.#keeper = keeper;
    for (const page of this.#wires.keys()) this.#welcome(page);
  }

  /** The owner is gone, from one moment to the next. */
  lose(): void {
    this.#keeper = undefined;
  }

  page(name: string): AsyncCache {
    const wire: Wire = {
      send: (requests: readonly Request[]) => this.#keeper?.take(name, structuredClone(requests)),
      onNotices: () => undefined,
      onJoined: () => undefined,
      close: () => this.#keeper?.leave(name),
    };
    const cache = new AsyncCache(registry, wire);
    this.#wires.set(name, wire);
    this.#welcome(name);
    return cache;
  }

  #welcome(page: string): void {
    this.#keeper?.welcome(page);
    if (this.#keeper !== undefined) this.#wires.get(page)?.onJoined();
  }

  #tell(notices: readonly Notice[]): void {
    for (const [name, wire] of this.#wires) wire.onNotices(notices.filter(({ to }) => to === undefined || to === name));
  }
}

const byName: Query = { from: "file", orderBy: [{ name: "asc" }] };
const names = (cache: AsyncCache) => cache.liveQuery<File>(byName).getSnapshot().data.map(({ name }) => name);
const shown = (cache: AsyncCache, ...wanted: string[]) => vi.waitFor(() => expect(names(cache)).toEqual(wanted));

let origin: Origin;
let first: AsyncCache;
beforeEach(async () => {
  origin = new Origin();
  await origin.reign();
  first = origin.page("first");
  await first.apply(batch([file("a"), file("b")]));
  first.liveQuery(byName).subscribe(() => undefined);
  await shown(first, "a", "b");
});
afterEach(() => first.dispose());

describe("a page that joins others", () => {
  test("has what they show without it being sent to them again, and follows with them", async () => {
    const before = first.liveQuery(byName).getSnapshot().data;
    const second = origin.page("second");
    second.liveQuery(byName).subscribe(() => undefined);
    await shown(second, "a", "b");
    expect(first.liveQuery(byName).getSnapshot().data).toBe(before);
    await second.apply(changed(file("b", "z")));
    expect([names(first), names(second)]).toEqual([["a", "z"], ["a", "z"]]);
    second.mutate({ name: "rename", optimistic: [merge("file", "a", { name: "zz" })] });
    await shown(first, "z", "zz");
    second.dispose();
  });

  test("and leaves them leaves no queries behind", async () => {
    const second = origin.page("second");
    second.liveQuery(byName).subscribe(() => undefined);
    expect(await first.stats()).toMatchObject({ queries: 2, views: 1 });
    second.dispose();
    expect(await first.stats()).toMatchObject({ queries: 1 });
  });

  test("has the connection when the one that had it leaves", async () => {
    const asked: string[] = [];
    const transport = (name: string): Transport => ({
      connect: () => asked.push(`${name} connect`),
      disconnect: () => asked.push(`${name} disconnect`),
      send: () => undefined,
      wakeAt: () => undefined,
    });
    const second = origin.page("second");
    second.attach(transport("second"));
    first.attach(transport("first"));
    await first.stats();
    expect(asked).toEqual(["second connect"]);
    second.dispose();
    await vi.waitFor(() => expect(asked).toContain("first connect"));
  });
});

describe("when another owner has the core", () => {
  test("what the pages show stays until it has the data too, and then follows it", async () => {
    const kept = first.liveQuery(byName).getSnapshot().data;
    const session = first.attach({ connect: () => undefined, disconnect: () => undefined, send: () => undefined, wakeAt: () => undefined });
    origin.lose();
    await origin.reign();
    session.connected();
    session.receive(JSON.stringify({ type: "welcome", data: { protocol: 1, scope: "lib", epoch: "one", sequence: 1 } }));
    session.receive(JSON.stringify({ type: "resync", data: { reason: "first", sequence: 1 } }));
    await first.stats();
    expect(first.liveQuery(byName).getSnapshot().data).toBe(kept);
    session.receive(JSON.stringify(event(1, "ResourceBatchChanged", { resource_type: "file", resources: [file("a", "anew"), file("c")] })));
    await first.stats();
    expect(first.liveQuery(byName).getSnapshot().data).toBe(kept);
    session.receive(JSON.stringify({ type: "synced", data: { sequence: 1 } }));
    await shown(first, "anew", "c");
    expect(first.liveQuery(byName).getSnapshot().complete).toBe(true);
  });

  test("edits and calls that have no answer are made again, and those that it has made already count as made", async () => {
    const edit = { id: "m1", name: "rename", optimistic: [merge("file", "b", { name: "y" })] };
    const { settled } = first.mutate(edit);
    await shown(first, "a", "y");
    origin.lose();
    const waiting = first.apply(batch([file("a"), file("b")]));
    const later = first.mutate({ id: "m2", name: "rename", optimistic: [merge("file", "a", { name: "x" })] });
    await origin.reign();
    expect(await waiting).toMatchObject({ changed: 2 });
    expect((await first.pending()).map(({ id }) => id)).toEqual(["m1", "m2"]);
    await first.ack("m1", 1);
    await first.reject("m2", { kind: "no", message: "no" });
    await expect(later.settled).rejects.toMatchObject({ kind: "no" });
    void settled;
  });

  test("what was asked while there was none is asked when there is one", async () => {
    origin.lose();
    const second = origin.page("second");
    const entities = second.stats();
    await origin.reign();
    expect(await entities).toMatchObject({ entities: 0 });
    await expect(second.apply("{")).rejects.toMatchObject({ kind: "event.malformed_json" });
    second.dispose();
  });
});

test("what pages pinned stays until the last of them unpins it, or is gone", async () => {
  const origin = new Origin();
  await origin.reign({ memory: { entities: 0 } });
  const [one, other] = [origin.page("one"), origin.page("other")];
  await one.pin("file", "a");
  await other.pin("file", "a");
  await other.pin("file", "b");
  await one.apply(batch([file("a"), file("b"), file("c")]));
  const entities = async () => (await one.stats()).entities;
  expect(await entities()).toBe(2);
  await one.unpin("file", "a");
  expect(await entities()).toBe(2);
  other.dispose();
  expect(await entities()).toBe(0);
  await one.apply(batch([file("a")]));
  expect(await entities()).toBe(0);
  one.dispose();
});
