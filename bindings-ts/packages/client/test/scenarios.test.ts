import { readdirSync, readFileSync } from "node:fs";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { type AsyncCache, type Cache, type CacheOptions, createCache, LarderError, type LiveQuery, type Mutation, type QueryResult, type RemoteQuery, type RemoteResult, type Session, type Transport } from "../src/index.js";
import { memoryStorage } from "../src/storage/index.js";
import { overChannel } from "./over_channel.js";
import { read, type Scenario, type Step } from "./scenario.js";

const folder = new URL("../../../../tests/scenarios/", import.meta.url);
const files = readdirSync(folder).filter((name) => name !== "README.md");
let run = 0;

beforeEach(() => void vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] }));
afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

const places = {
  "in the page": (options: CacheOptions): Promise<Cache | AsyncCache> => createCache(options),
  "through the messages of a worker": (options: CacheOptions): Promise<Cache | AsyncCache> => createCache({ ...options, worker: overChannel }),
};

describe.each(Object.entries(places))("%s", (_, open) => test.each(files)("%s", async (name) => {
  const scenario = read(readFileSync(new URL(name, folder), "utf8"));
  const player = await Player.of(open, scenario);
  for (const [number, step] of scenario.steps.entries()) await player.step(step, `steps[${number}] ${step.about ?? ""}:`);
  player.dispose();
  run++;
}));

test("every scenario in the folder was run", () => {
  expect(run).toBe(2 * files.length);
  expect(files.length).toBeGreaterThanOrEqual(40);
});

type Row = Record<string, unknown>;

interface Mounted {
  readonly live: LiveQuery<Row>;
  readonly idField: string;
  readonly unsubscribe: () => void;
  told: number;
}

/** What the cache told its driver and listeners during one step. */
class Heard {
  readonly refused: string[] = [];
  readonly sent: unknown[] = [];
  readonly settled: object[] = [];
  readonly events: unknown[] = [];
  readonly connection: string[] = [];
  wakeAt: number | undefined;
}

class Player {
  #cache: Cache | AsyncCache;
  readonly #open: () => Promise<Cache | AsyncCache>;
  readonly #scenario: Scenario;
  readonly #queries = new Map<string, Mounted>();
  readonly #transport: Transport = {
    connect: () => this.#heard.connection.push("connect"),
    disconnect: () => this.#heard.connection.push("disconnect"),
    send: (message) => this.#heard.sent.push(JSON.parse(message)),
    wakeAt: (at_ms) => (this.#heard.wakeAt = at_ms),
  };
  #heard = new Heard();
  #session: Session | undefined;
  #now_ms = 0;
  /** Counts up with each restart: nobody waits for what was made before. */
  #run = 0;

  private constructor(cache: Cache | AsyncCache, open: () => Promise<Cache | AsyncCache>, scenario: Scenario) {
    this.#cache = cache;
    this.#open = open;
    this.#scenario = scenario;
    this.#listen();
    vi.stubGlobal("performance", { timeOrigin: 0, now: () => this.#now_ms });
  }

  static async of(place: (options: CacheOptions) => Promise<Cache | AsyncCache>, scenario: Scenario): Promise<Player> {
    const options = { registry: scenario.registry, ...scenario.config, ...(scenario.storage && { storage: memoryStorage() }) };
    return new Player(await place(options), () => place(options), scenario);
  }

  #listen(): void {
    this.#cache.onEvent((event) => this.#heard.events.push(event));
    this.#cache.onError((error) => this.#heard.refused.push(error.kind));
  }

  async step(step: Step, at: string): Promise<void> {
    this.#heard = new Heard();
    this.#now_ms = step.at ?? this.#now_ms;
    for (const mounted of this.#queries.values()) mounted.told = 0;
    const before = this.#results();
    let applied: unknown;
    let error: unknown;
    try {
      applied = await this.#act(step);
      // Whatever the step led to has come when this has.
      await this.#settled();
      if (step.mutate !== undefined) this.#takeRefusal(step.mutate);
    } catch (thrown) {
      if (!(thrown instanceof LarderError)) throw thrown;
      error = thrown.kind;
    }
    // Promises of mutations have their say.
    await new Promise((resolve) => setImmediate(resolve));

    expect(error, `${at} error`).toEqual(step.error);
    if (step.applied !== undefined) expect(applied, `${at} applied`).toEqual({ changed: 0, stale: 0, duplicate: false, held: false, ...step.applied });
    const { refused = [], sent = [], settled = [], events = [], connection = [], wakeAt = this.#heard.wakeAt } = step;
    expect(this.#heard, at).toEqual(Object.assign(new Heard(), { refused, sent, settled, events, connection, wakeAt }));
    this.#compareResults(step, before, at);
    for (const [query, expected] of Object.entries(step.remote ?? {})) {
      const { error, ...state } = this.#queries.get(query)?.live.getSnapshot() as RemoteResult;
      expect({ ...state, error: error?.kind ?? null }, `${at} how ${query} stands`).toMatchObject(expected);
    }
    expect(this.#cache.status, `${at} status`).toMatchObject(step.status ?? {});
    if (step.pending !== undefined) expect(await this.#cache.pending(), `${at} pending`).toEqual(step.pending);
    expect(await this.#cache.stats(), `${at} stats`).toMatchObject(step.stats ?? {});
  }

  #compareResults({ error, shows = {}, same = {}, notified }: Step, before: Map<string, QueryResult>, at: string): void {
    const after = this.#results();
    const ids = (query: string, rows: readonly unknown[] = []) =>
      rows.map((row) => String((row as Record<string, unknown>)[this.#queries.get(query)?.idField ?? "id"]));
    for (const [query, expected] of Object.entries(shows)) {
      const { total, complete, data, aggregates } = after.get(query) as QueryResult;
      expect(total, `${at} total of ${query}`).toBe(expected.total);
      if (expected.complete !== undefined) expect(complete, `${at} complete of ${query}`).toBe(expected.complete);
      if (expected.aggregates !== undefined) expect(aggregates, `${at} aggregates of ${query}`).toEqual(expected.aggregates);
      if (expected.data !== undefined) expect(data, `${at} ${query}`).toEqual(expected.data);
      if (expected.ids !== undefined) expect(ids(query, data), `${at} ${query}`).toEqual(expected.ids);
    }
    for (const [query, expected] of Object.entries(same)) {
      const kept = after.get(query)?.data.filter((row) => before.get(query)?.data.includes(row));
      expect(ids(query, kept), `${at} same objects in ${query}`).toEqual(expected);
    }
    const changed = [...before.keys()].filter((query) => after.has(query) && after.get(query) !== before.get(query));
    const told = [...this.#queries].flatMap(([query, mounted]) => Array<string>(mounted.told).fill(query));
    expect(told, `${at} told once of each change, and of nothing else`).toEqual(changed);
    if (error !== undefined) expect(changed, `${at} refused and yet`).toEqual([]);
    // That a result is all there is now is told too, but is no other result.
    const isOther = (query: string) => {
      const [was, is] = [before.get(query), after.get(query)];
      return was?.data !== is?.data || was?.total !== is?.total || was?.aggregates !== is?.aggregates;
    };
    if (notified !== undefined) expect(told.filter(isOther).sort(), `${at} notified`).toEqual([...notified].sort());
  }

  #results(): Map<string, QueryResult> {
    return new Map([...this.#queries].map(([query, { live }]) => [query, live.getSnapshot()]));
  }

  /** Takes the one action of a step; returns what an event did. */
  #act(step: Step): unknown | Promise<unknown> {
    const session = this.#session as Session;
    if (step.apply !== undefined) return this.#cache.apply(step.apply);
    if (step.applyBytes !== undefined) return this.#cache.apply(Uint8Array.from(step.applyBytes));
    const cache = this.#cache;
    if (step.mount !== undefined) return this.#mount(step.mount.name, cache.liveQuery<Row>(step.mount.query), true);
    if (step.mountRemote !== undefined) return this.#mount(step.mountRemote.name, cache.remoteQuery<Row>(step.mountRemote.query), false);
    if (step.refetch !== undefined) return this.#remote(step.refetch).refetch();
    if (step.nextPage !== undefined) return this.#remote(step.nextPage).fetchNextPage();
    if (step.invalidate !== undefined) return cache.invalidate(step.invalidate);
    if (step.retry !== undefined) return cache.retry(step.retry);
    if (step.discard !== undefined) return cache.discard(step.discard);
    if (step.pin !== undefined) return cache.pin(step.pin.type, step.pin.id);
    if (step.unpin !== undefined) return cache.unpin(step.unpin.type, step.unpin.id);
    if (step.restart) return this.#restart();
    if (step.unmount !== undefined) return this.#unmount(step.unmount);
    if (step.mutate !== undefined) return this.#mutate(step.mutate);
    if (step.ack !== undefined) return this.#cache.ack(step.ack.id, step.ack.sequence);
    if (step.reject !== undefined) return this.#cache.reject(step.reject.id, step.reject);
    if (step.receive !== undefined) return session.receive(typeof step.receive === "string" ? step.receive : JSON.stringify(step.receive));
    if (step.connect) return void (this.#session = this.#cache.attach(this.#transport));
    if (step.connected) return session.connected();
    if (step.disconnected) return session.disconnected();
    if (step.tick) return session.tick();
    if (step.disconnect) return session.end();
  }

  async #mount(name: string, live: LiveQuery<Row>, isHere: boolean): Promise<void> {
    const idField = this.#scenario.registry.types?.find((type) => type.name === live.query.from)?.id ?? "id";
    const unsubscribe = live.subscribe(() => mounted.told++);
    const mounted: Mounted = { live, idField, unsubscribe, told: 0 };
    await this.#settled();
    // Later or at once, a wrong query throws here, and a right one of what is here is complete, if nothing may have gone.
    const { complete } = live.getSnapshot();
    if (isHere && this.#scenario.config?.memory === undefined) expect(complete).toBe(true);
    mounted.told = 0;
    this.#queries.set(name, mounted);
  }

  #remote(name: string): RemoteQuery<Row> {
    return this.#queries.get(name)?.live as RemoteQuery<Row>;
  }

  /** The app is closed, which stores what is left, and opened again. */
  async #restart(): Promise<void> {
    this.#queries.clear();
    this.#run++;
    await this.#cache.close();
    this.#heard = new Heard();
    this.#cache = await this.#open();
    this.#listen();
    await this.#settled();
  }

  /** Everything that is under way here and in the storage has come. */
  async #settled(): Promise<void> {
    await this.#cache.stats();
    if (this.#scenario.storage === undefined) return;
    // Storing and reading back take turns of the event loop, in which nothing waits for a timer.
    for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve));
    await this.#cache.stats();
  }

  #unmount(name: string): void {
    this.#queries.get(name)?.unsubscribe();
    this.#queries.delete(name);
    // Past the grace that a query without subscribers has.
    vi.advanceTimersByTime(1000);
  }

  /** In a worker, a mutation is found wrong when it has been made already. */
  #takeRefusal(mutation: Mutation): void {
    const at = this.#heard.settled.findIndex((settled) => "rejection" in settled && (settled as { id?: string }).id === mutation.id);
    if (at < 0) return;
    const [refused] = this.#heard.settled.splice(at, 1) as { rejection: string }[];
    throw new LarderError(refused!.rejection, "");
  }

  dispose(): void {
    this.#cache.dispose();
  }

  #mutate(mutation: Mutation): void {
    const { id, settled } = this.#cache.mutate(mutation);
    const run = this.#run;
    const tell = (outcome: object) => run === this.#run && this.#heard.settled.push({ id, ...outcome });
    settled.then(
      () => tell({}),
      (error: LarderError) => tell({ rejection: error.kind }),
    );
  }
}
