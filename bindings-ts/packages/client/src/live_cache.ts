import { type AskAgain, type RemoteOptions, type RemoteQuery, RemoteView } from "./remote_query.js";
import { canonicalJson } from "./canonical.js";
import type { LarderError } from "./errors.js";
import type { Invalidation, Query, RegistrySpec, Status } from "./generated.js";
import { Grace } from "./grace.js";
import { firstOf, type LiveEntity } from "./live_entity.js";
import { type LiveQuery, LiveView, type Mounts } from "./live_query.js";
import { Mirror, type Shown } from "./mirror.js";
import type { Mutation, MutationHandle } from "./mutation.js";
import { News } from "./news.js";
import type { Answered, Asked, Counted } from "./typed/query.js";
import type { Id, Name, Named, Registered } from "./typed/register.js";

/** How long a query without subscribers stays mounted at least: through React's double mount, through a quick way back. */
const GRACE_MS = 250;

/** A cache of whichever resource types. That a cache is one is quickly seen; to compare two kinds of queries takes a type checker long. */
export interface AnyCache {
  readonly status: Status;
  onStatus(listener: (status: Status) => void): () => void;
  mutate(mutation: Mutation): MutationHandle;
  dispose(): void;
}

/**
 * What components need of a cache, wherever its core runs: in the page, or elsewhere, as `createCache({ worker: true })`
 * has it. `R` are the resource types, as the type checker knows them.
 */
export abstract class LiveCache<R = Registered> implements AnyCache {
  /** @internal */
  protected mirror = new Mirror<Shown>();
  /** @internal */
  protected readonly news = new News();
  /** @internal */
  protected readonly idle = new Grace<LiveView>(GRACE_MS, (views) => this.#letGo(views));
  readonly #idFields: ReadonlyMap<string, string>;
  /** Those that are used are held. Of those that nobody has used for a while we only know where they are: an app may keep them. */
  readonly #views = new Map<string, LiveView | WeakRef<LiveView>>();
  readonly #forgotten = new FinalizationRegistry<string>((key) => {
    if (this.#known(key) === undefined) this.#views.delete(key);
  });
  readonly #mounts: Mounts = {
    mount: (view) => {
      if (this.#views.get(view.text) !== view) this.#views.set(view.text, view);
      this.mount(view);
    },
    release: (view) => this.idle.add(view),
    retain: (view) => this.idle.keep(view),
  };

  /** @internal */
  protected constructor(registry: RegistrySpec) {
    this.news.remote = (state) => {
      const view = this.mirror.find(state.query);
      if (!(view instanceof RemoteView)) return undefined;
      view.stand(state);
      return view;
    };
    this.#idFields = new Map((registry.types ?? []).map((type) => [type.name, type.id ?? "id"]));
  }

  /**
   * The live query for this query; the same object for equal queries. Nothing is computed until it is read.
   *
   * What is asked, and what comes back, is checked against the registry. `liveQuery<Row>(query)` takes any query and
   * believes what the rows are.
   */
  liveQuery<T = unknown, F extends Name<R> = never, I = {}, const A = {}, const G = undefined>(
    query: Asked<R, F, I, A, G>,
  ): LiveQuery<Answered<R, T, F, I, A, G>, Counted<R, F, A, G>> {
    return this.#view(query as Query) as unknown as LiveQuery<Answered<R, T, F, I, A, G>, Counted<R, F, A, G>>;
  }

  /**
   * The live query for what a method of the backend answers; the same object for equal ones. Nothing is asked until it is read.
   *
   * @example
   * ```ts
   * const found = cache.remoteQuery<File>({ method: "files.search", input: { text }, from: "file" });
   * found.subscribe(() => show(found.getSnapshot().data));
   * ```
   */
  remoteQuery<T = unknown, F extends Name<R> = never, I = {}>(
    query: Asked<R, F, I> & RemoteOptions,
  ): RemoteQuery<Answered<R, T, F, I>> {
    return this.#view(query as Query & RemoteOptions) as LiveView as RemoteView as RemoteQuery<Answered<R, T, F, I>>;
  }

  /**
   * Says which results of remote queries are wrong. Those that are shown are asked for again, the others when they are wanted.
   * `cache.invalidate({ methods: ["files.*"] })`
   */
  abstract invalidate(what: Invalidation): unknown;

  /** One entity, kept up to date. */
  entity<T = unknown, F extends Name<R> = never>(type: Named<F>, id: Id<R, F>): LiveEntity<Answered<R, T, F, {}>> {
    const idField = this.#idFields.get(type) ?? "id";
    const view = this.#view({ from: type, where: { [idField]: String(id) }, limit: 1 });
    return firstOf(view as LiveQuery<Answered<R, T, F, {}>>);
  }

  /** Makes a mutation: shown at once, sent when there is a connection, undone if the backend refuses it. */
  abstract mutate(mutation: Mutation): MutationHandle;

  /**
   * Asks the backend a question over the connection; rejects with {@link LarderError} when it fails. Without a
   * connection it waits for one.
   */
  abstract query<T = unknown>(method: string, input?: unknown): Promise<T>;

  /** Ends the cache and frees its memory. Live queries keep their last result; anything else throws from now on. */
  abstract dispose(): void;

  /**
   * How the cache stands with the backend; a new object after each change. The cursor alone is no change, so that not
   * every event is one: it is as of the last change of the rest.
   */
  get status(): Status {
    return this.news.status;
  }

  /** Calls `listener` after each change of {@link status}. Returns the function that ends it. */
  onStatus(listener: (status: Status) => void): () => void {
    return this.news.statusListeners.add(listener);
  }

  /** Calls `listener` with each event that is not cached: lifecycle, jobs, logs, finished bulk operations, refresh. */
  onEvent(listener: (event: unknown) => void): () => void {
    return this.news.eventListeners.add(listener);
  }

  /** Calls `listener` with what was wrong with a message of the connection. The cache is unchanged by it and goes on. */
  onError(listener: (error: LarderError) => void): () => void {
    return this.news.errorListeners.add(listener);
  }

  /** @internal Has the core keep the view current: gives it its number, and a result, now or later. */
  protected abstract mount(view: LiveView): void;

  /** @internal */
  protected abstract askAgain: AskAgain;

  /** @internal */
  protected abstract unmount(views: ReadonlySet<LiveView>): void;

  /** @internal The views that somebody may still hold. */
  protected *views(): Iterable<LiveView> {
    for (const key of this.#views.keys()) {
      const view = this.#known(key);
      if (view !== undefined) yield view;
    }
  }

  #view(query: Query): LiveView {
    const key = canonicalJson(query);
    let view = this.#known(key);
    if (view === undefined) {
      view =
        "method" in query
          ? new RemoteView(query as Query & RemoteOptions, key, this.#mounts, (call, view) => this.askAgain(call, view))
          : new LiveView(query, key, this.#mounts);
      this.#views.set(key, view);
      this.idle.add(view);
    }
    return view;
  }

  #known(key: string): LiveView | undefined {
    const known = this.#views.get(key);
    return known instanceof WeakRef ? known.deref() : known;
  }

  #letGo(views: ReadonlySet<LiveView>): void {
    this.unmount(views);
    for (const view of views) {
      this.#views.set(view.text, new WeakRef(view));
      this.#forgotten.register(view, view.text);
    }
  }
}
