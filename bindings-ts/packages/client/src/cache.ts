import { canonicalJson } from "./canonical.js";
import { Core, type Output } from "./core.js";
import { LarderError } from "./errors.js";
import type { Applied, Config, ErrorInfo, PendingMutation, Query, RegistrySpec, Stats, Status } from "./generated.js";
import { Grace } from "./grace.js";
import { firstOf, type LiveEntity } from "./live_entity.js";
import { type LiveQuery, LiveView, type Mounts } from "./live_query.js";
import { Mirror } from "./mirror.js";
import type { Mutation, MutationHandle } from "./mutation.js";
import type { CacheOptions } from "./options.js";
import { News } from "./news.js";
import { randomId } from "./random_id.js";
import type { Text } from "./text.js";
import type { Answered, Asked } from "./typed/query.js";
import type { Id, Name, Named, Registered } from "./typed/register.js";
import { now_ms, perform, type Session, type Transport } from "./transport.js";
import { loadWasm } from "./wasm.js";

/** How long a query without subscribers stays mounted at least: through React's double mount, through a quick way back. */
const GRACE_MS = 250;

/**
 * Loads the core and makes an empty cache.
 *
 * @example
 * ```ts
 * const cache = await createCache({ registry: { types: [{ name: "file" }, { name: "tag" }] } });
 * ```
 */
export async function createCache<R = Registered>(options: CacheOptions<R>): Promise<Cache<R>> {
  return Cache.open(options);
}

/**
 * One scope's entities, every query over them, and the user's edits that the backend has not answered yet.
 *
 * After each call the results of all queries are up to date before anyone is told, and then each changed query tells its
 * subscribers once. A subscriber may call the cache: that step is made at once, and its news come after the news under way.
 *
 * `R` are the resource types, as the type checker knows them: those of the registry that it was made with.
 */
export class Cache<R = Registered> {
  readonly #core: Core;
  readonly #idFields: ReadonlyMap<string, string>;
  readonly #mirror = new Mirror<LiveView>();
  readonly #views = new Map<string, WeakRef<LiveView>>();
  readonly #forgotten = new FinalizationRegistry<string>((key) => {
    if (this.#views.get(key)?.deref() === undefined) this.#views.delete(key);
  });
  readonly #idle = new Grace<LiveView>(GRACE_MS, (views) => this.#unmount(views));
  readonly #mounts: Mounts = {
    mount: (view) => this.#mount(view),
    release: (view) => this.#idle.add(view),
    retain: (view) => this.#idle.keep(view),
  };
  readonly #news = new News();
  #transport: Transport | undefined;

  // Private, so that nothing of the generated module's types is part of the package's.
  private constructor(core: Core, registry: RegistrySpec, config: Config) {
    this.#core = core;
    this.#idFields = new Map((registry.types ?? []).map((type) => [type.name, type.id ?? "id"]));
    this.#finish(core.step("open", core.write(JSON.stringify({ registry, config }))));
  }

  /** As {@link createCache}. */
  static async open<R = Registered>({ registry, wasm, ...config }: CacheOptions<R>): Promise<Cache<R>> {
    const core = new Core(await loadWasm(wasm));
    try {
      return new Cache<R>(core, registry, config);
    } catch (error) {
      core.dispose();
      throw error;
    }
  }

  /**
   * Takes one event of the backend's stream, as JSON text, as UTF-8 bytes (the quickest), or as an object. An event that
   * cannot be taken throws a {@link LarderError} and changes nothing.
   */
  apply(event: Text | object): Applied {
    const text = typeof event === "string" || event instanceof Uint8Array ? event : JSON.stringify(event);
    const status = this.#core.step("apply", this.#core.write(text));
    const applied = this.#core.applied(status);
    this.#finish(status);
    return applied;
  }

  /**
   * The live query for this query; the same object for equal queries. Nothing is computed until it is read.
   *
   * What is asked, and what comes back, is checked against the registry. `liveQuery<Row>(query)` takes any query and
   * believes what the rows are.
   */
  liveQuery<T = unknown, F extends Name<R> = never, I = {}>(query: Asked<R, F, I>): LiveQuery<Answered<R, T, F, I>> {
    return this.#view(query as Query) as LiveQuery<Answered<R, T, F, I>>;
  }

  /** One entity, kept up to date. */
  entity<T = unknown, F extends Name<R> = never>(type: Named<F>, id: Id<R, F>): LiveEntity<Answered<R, T, F, {}>> {
    const idField = this.#idFields.get(type) ?? "id";
    const view = this.#view({ from: type, where: { [idField]: String(id) }, limit: 1 });
    return firstOf(view as LiveQuery<Answered<R, T, F, {}>>);
  }

  /** Makes a mutation: shown at once, sent when there is a connection, undone if the backend refuses it. */
  mutate(mutation: Mutation): MutationHandle {
    const { id = randomId(), name, args = null, optimistic = [] } = mutation;
    const text = JSON.stringify({ id, name, args, optimistic });
    const { promise: settled, cancel } = this.#news.mutations.begin(id);
    try {
      this.#finish(this.#core.step("mutate", this.#core.write(text)));
    } catch (error) {
      cancel();
      throw error;
    }
    return { id, settled };
  }

  /** For apps with their own transport: the backend did it, and its event has this sequence. */
  ack(id: string, sequence?: number): void {
    this.#finish(this.#core.step("ack", this.#core.write(JSON.stringify({ id, sequence }))));
  }

  /** For apps with their own transport: the backend refused, for this reason. */
  reject(id: string, reason: ErrorInfo): void {
    this.#finish(this.#core.step("reject", this.#core.write(JSON.stringify({ id, reason }))));
  }

  /**
   * Asks the backend a question over the connection; rejects with {@link LarderError} when it fails. Without a
   * connection it waits for one.
   */
  query<T = unknown>(method: string, input: unknown = null): Promise<T> {
    const id = randomId();
    const { promise: answer, cancel } = this.#news.questions.begin(id);
    try {
      this.#finish(this.#core.step("ask", this.#core.write(JSON.stringify({ id, method, input }))));
    } catch (error) {
      cancel();
      return Promise.reject(error);
    }
    return answer as Promise<T>;
  }

  /** The mutations that are not settled yet, oldest first. */
  pending(): readonly PendingMutation[] {
    return this.#finish(this.#core.step("pending")) as PendingMutation[];
  }

  /**
   * How the cache stands with the backend; a new object after each change. The cursor alone is no change, so that not
   * every event is one: it is as of the last change of the rest.
   */
  get status(): Status {
    return this.#news.status;
  }

  /** Calls `listener` after each change of {@link status}. Returns the function that ends it. */
  onStatus(listener: (status: Status) => void): () => void {
    return this.#news.statusListeners.add(listener);
  }

  /** Calls `listener` with each event that is not cached: lifecycle, jobs, logs, finished bulk operations, refresh. */
  onEvent(listener: (event: unknown) => void): () => void {
    return this.#news.eventListeners.add(listener);
  }

  /** Calls `listener` with what was wrong with a message of the connection. The cache is unchanged by it and goes on. */
  onError(listener: (error: LarderError) => void): () => void {
    return this.#news.errorListeners.add(listener);
  }

  /** Counts of what the cache holds and did. */
  stats(): Stats {
    return this.#finish(this.#core.step("stats")) as Stats;
  }

  /** Uses this way to the backend from now on; see {@link Transport}. There is one at a time. */
  attach(transport: Transport): Session {
    if (this.#transport !== undefined) {
      throw new LarderError("connect.already_connected", "This cache has a connection already; close that one first.");
    }
    this.#transport = transport;
    const isAttached = () => this.#transport === transport;
    const session: Session = {
      connected: () => isAttached() && this.#bring(this.#core.step("connected", now_ms())),
      // What is wrong with a message comes as an effect as well.
      receive: (message) => isAttached() && this.#bring(this.#core.step("receive", this.#core.write(message), now_ms())),
      disconnected: () => isAttached() && this.#bring(this.#core.step("disconnected", now_ms())),
      tick: (at_ms = now_ms()) => isAttached() && this.#bring(this.#core.step("tick", at_ms)),
      end: () => {
        if (!isAttached()) return;
        this.#bring(this.#core.step("disconnect"));
        this.#transport = undefined;
      },
    };
    this.#finish(this.#core.step("connect", now_ms()));
    return session;
  }

  /** Frees the core's memory. Live queries keep their last result; anything else throws from now on. */
  dispose(): void {
    if (this.#core.isDisposed) return;
    perform({ type: "disconnect" }, this.#transport);
    this.#transport = undefined;
    this.#idle.stop();
    this.#core.dispose();
    this.#news.end();
  }

  #view(query: Query): LiveView {
    const key = canonicalJson(query);
    let view = this.#views.get(key)?.deref();
    if (view === undefined) {
      view = new LiveView(query, key, this.#mounts);
      this.#views.set(key, new WeakRef(view));
      this.#forgotten.register(view, key);
    }
    return view;
  }

  #mount(view: LiveView): void {
    if (this.#core.isDisposed) return;
    const status = this.#core.step("mount", this.#core.write(view.text));
    const number = this.#core.mounted;
    if (number !== undefined) this.#mirror.mount(number, view);
    this.#finish(status);
    view.number = number;
    // Whoever mounts it reads it.
    view.changed = false;
  }

  #unmount(views: ReadonlySet<LiveView>): void {
    if (this.#core.isDisposed) return;
    for (const view of views) {
      if (view.number === undefined) continue;
      this.#mirror.unmount(view.number);
      const status = this.#core.step("unmount", view.number);
      view.number = undefined;
      this.#finish(status);
    }
  }

  /** Ends a step that someone asked for: as `#bring`, and its error is thrown. */
  #finish(status: number): unknown {
    const output = this.#bring(status);
    if (output?.error !== undefined) throw new LarderError(output.error.kind, output.error.message);
    return output?.value;
  }

  /** Brings in all that the core's last step has to tell, and then tells everyone whom it concerns. */
  #bring(status: number): Output | undefined {
    if (status === 0) return undefined;
    this.#core.readPatch(status, this.#mirror, this.#news.waiting);
    const output = this.#core.readOutput(status);
    if (output?.effects !== undefined) {
      for (const effect of output.effects) if (!perform(effect, this.#transport)) this.#news.add(effect);
    }
    this.#news.tell();
    return output;
  }
}
