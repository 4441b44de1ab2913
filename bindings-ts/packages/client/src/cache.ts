import type { AsyncCache } from "./async/async_cache.js";
import type { WorkerLike } from "./async/worker_like.js";
import { Alarm } from "./alarm.js";
import { canonicalJson } from "./canonical.js";
import { Core, type Output } from "./core.js";
import { LarderError } from "./errors.js";
import type { Applied, Config, ErrorInfo, Explanation, Invalidation, PendingMutation, RegistrySpec, Stats } from "./generated.js";
import { Line } from "./line.js";
import { LiveCache } from "./live_cache.js";
import type { LiveView } from "./live_query.js";
import type { Mutation, MutationHandle } from "./mutation.js";
import type { CacheOptions } from "./options.js";
import { randomId } from "./random_id.js";
import type { Text } from "./text.js";
import type { Disk } from "./storage/disk.js";
import type { Storage } from "./storage/storage.js";
import { now_ms, type Session, type Transport } from "./transport.js";
import type { Asked } from "./typed/query.js";
import type { Id, Name, Named, Registered } from "./typed/register.js";
import type { LoadOptions, LoadProgress } from "./load/load.js";
import type { LoadSource } from "./load/source.js";
import { loadWasm } from "./wasm.js";

/**
 * Loads the core and makes an empty cache.
 *
 * @example
 * ```ts
 * const cache = await createCache({ registry: { types: [{ name: "file" }, { name: "tag" }] } });
 * ```
 */
export function createCache<R = Registered>(options: CacheOptions<R> & { readonly worker: true | (() => WorkerLike) }): Promise<AsyncCache<R>>;
export function createCache<R = Registered>(options: CacheOptions<R> & { readonly tabs: string }): Promise<AsyncCache<R>>;
export function createCache<R = Registered>(options: CacheOptions<R> & { readonly worker?: false; readonly tabs?: undefined }): Promise<Cache<R>>;
export function createCache<R = Registered>(options: CacheOptions<R>): Promise<Cache<R> | AsyncCache<R>>;
export async function createCache<R>(options: CacheOptions<R>): Promise<Cache<R> | AsyncCache<R>> {
  const { tabs } = options;
  // Pages that have their core with them do not load what follows.
  if (tabs !== undefined) {
    const { openInTabs } = await import("./tabs/open.js");
    return openInTabs({ ...options, tabs });
  }
  if (!options.worker) return Cache.open(options);
  const { openInWorker } = await import("./async/open.js");
  return openInWorker(options);
}

/**
 * One scope's entities, every query over them, and the user's edits that the backend has not answered yet.
 *
 * After each call the results of all queries are up to date before anyone is told, and then each changed query tells its
 * subscribers once. A subscriber may call the cache: that step is made at once, and its news come after the news under way.
 *
 * `R` are the resource types, as the type checker knows them: those of the registry that it was made with.
 */
export class Cache<R = Registered> extends LiveCache<R> {
  readonly #core: Core;
  readonly #line: Line;
  #disk: Disk | undefined;
  readonly #alarm = new Alarm((at_ms) => !this.#core.isDisposed && void this.#bring(this.#core.step("tick", at_ms)));

  // Private, so that nothing of the generated module's types is part of the package's.
  private constructor(core: Core, registry: RegistrySpec, config: Config) {
    super(registry);
    this.#core = core;
    this.#line = new Line({ step: (call, first, second) => void this.#bring(core.step(call, first, second)), write: (text) => core.write(text) });
    this.#finish(core.open(registry, config));
  }

  /** As {@link createCache}. */
  static async open<R = Registered>({ registry, wasm, storage, worker: _worker, tabs: _tabs, ...config }: CacheOptions<R>): Promise<Cache<R>> {
    const core = new Core(await loadWasm(wasm));
    try {
      const cache = new Cache<R>(core, registry, config);
      if (storage !== undefined) await cache.#restore(storage);
      return cache;
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

  override mutate(mutation: Mutation): MutationHandle {
    const { id = randomId(), name, args = null, optimistic = [], coalesce } = mutation;
    const text = JSON.stringify({ id, name, args, optimistic, coalesce });
    const answer = this.news.mutations.begin(id);
    try {
      this.#finish(this.#core.step("mutate", this.#core.write(text)));
    } catch (error) {
      answer.cancel();
      throw error;
    }
    return {
      id,
      get settled() {
        return answer.promise;
      },
    };
  }

  /**
   * Takes a JSON array of resources of one type in slices, as the answer of a backend's list method: a large one does not hold
   * up the page, which gets its turn at least every few milliseconds.
   * Each slice is taken whole or not at all, and live queries show what is there so far. A slice that cannot be taken rejects
   * with {@link LarderError}; the slices before it stay.
   *
   * @example
   * ```ts
   * await cache.load("file", await fetch("/files"), { onProgress: ({ bytes }) => bar.show(bytes) });
   * ```
   */
  async load(resourceType: string, source: LoadSource, options?: LoadOptions): Promise<LoadProgress> {
    const { load } = await import("./load/load.js");
    return load({ apply: (event) => this.apply(event), blocks: true }, resourceType, source, options);
  }

  /** For apps with their own transport: the backend did it, and its event has this sequence. */
  ack(id: string, sequence?: number): void {
    this.#finish(this.#core.settle("ack", { id, sequence }));
  }

  /** For apps with their own transport: the backend refused, for this reason. */
  reject(id: string, reason: ErrorInfo): void {
    this.#finish(this.#core.settle("reject", { id, reason }));
  }

  /**
   * Sends a mutation all the same that {@link pending} says is `held`: it waits because an earlier edit of the same entity was refused.
   */
  retry(id: string): void {
    this.#finish(this.#core.step("retry", this.#core.write(id)));
  }

  /** Takes a mutation back that has not been sent; its `settled` is rejected with the kind `discarded`. */
  discard(id: string): void {
    this.#finish(this.#core.step("discard", this.#core.write(id)));
  }

  /**
   * Keeps an entity in memory whatever the budget (`memory`) says, until {@link unpin}. It need not be here yet; one that is on disk only
   * is read back.
   */
  pin<F extends Name<R> = never>(type: Named<F>, id: Id<R, F>): void {
    this.#finish(this.#core.step("pin", this.#core.write(`${type}\n${id}`)));
  }

  /** The budget concerns an entity again. */
  unpin<F extends Name<R> = never>(type: Named<F>, id: Id<R, F>): void {
    this.#finish(this.#core.step("unpin", this.#core.write(`${type}\n${id}`)));
  }

  override query<T = unknown>(method: string, input: unknown = null): Promise<T> {
    const id = randomId();
    const answer = this.news.questions.begin(id);
    try {
      this.#finish(this.#core.step("ask", this.#core.write(JSON.stringify({ id, method, input }))));
    } catch (error) {
      answer.cancel();
      return Promise.reject(error);
    }
    return answer.promise as Promise<T>;
  }

  /** The mutations that are not settled yet, oldest first. */
  pending(): readonly PendingMutation[] {
    return this.#finish(this.#core.step("pending")) as PendingMutation[];
  }

  /** What a query costs and how its rows are found. One that is not mounted is, for this moment only. */
  explain<F extends Name<R> = never, I = {}>(query: Asked<R, F, I>): Explanation {
    return this.#finish(this.#core.step("explain", this.#core.write(canonicalJson(query)))) as Explanation;
  }

  /** Counts of what the cache holds and did. */
  stats(): Stats {
    return this.#finish(this.#core.step("stats")) as Stats;
  }

  /** Uses this way to the backend from now on; see {@link Transport}. There is one at a time. */
  attach(transport: Transport): Session {
    return this.#line.attach(transport);
  }

  /** Stores now what would be stored within a moment. Resolves when it is stored; how that went is in {@link status}. */
  async flush(): Promise<void> {
    await this.#disk?.flush();
  }

  /**
   * Stores what is not stored yet, and then as {@link dispose}. With `wipe`, nothing is left of what was stored instead: for a user
   * who signs out, or a storage that is damaged. Edits that were not sent are lost with it.
   */
  async close({ wipe = false }: { readonly wipe?: boolean } = {}): Promise<void> {
    const disk = this.#disk;
    try {
      await disk?.close(wipe);
    } finally {
      this.#disk = undefined;
      this.dispose();
    }
  }

  /** Frees the core's memory at once. What is not stored yet is lost with it: see {@link close}. */
  override dispose(): void {
    if (this.#core.isDisposed) return;
    this.#disk?.abandon();
    this.#line.cut();
    this.#alarm.stop();
    this.idle.stop();
    this.#core.dispose();
    this.news.end();
  }

  /** @internal */
  protected override mount(view: LiveView): void {
    if (this.#core.isDisposed) return;
    const status = this.#core.step("mount", this.#core.write(view.text), now_ms());
    const number = this.#core.mounted;
    if (number !== undefined) this.mirror.mount(number, view);
    this.#finish(status);
    view.number = number;
    // Whoever mounts it reads it.
    view.changed = false;
  }

  /** @internal */
  protected override askAgain = (call: "refetch" | "next_page", { number }: LiveView): void => {
    if (!this.#core.isDisposed && number !== undefined) this.#finish(this.#core.step(call, this.#core.write(String(number)), now_ms()));
  };

  override invalidate(what: Invalidation): void {
    this.#finish(this.#core.step("invalidate", this.#core.write(JSON.stringify(what)), now_ms()));
  }

  /** @internal */
  protected override unmount(views: ReadonlySet<LiveView>): void {
    if (this.#core.isDisposed) return;
    for (const view of views) {
      if (view.number === undefined) continue;
      this.mirror.unmount(view.number);
      const status = this.#core.step("unmount", view.number);
      view.number = undefined;
      this.#finish(status);
    }
  }

  /** What a storage needs is loaded with it. */
  async #restore(storage: Storage): Promise<void> {
    const { Disk } = await import("./storage/disk.js");
    const core = this.#core;
    this.#disk = new Disk(storage, {
      step: (call, first, second, third) => !core.isDisposed && void this.#bring(core.step(call, first, second, third)),
      write: (text) => core.write(text),
    });
    await this.#disk.open();
  }

  /** Whoever has a timer for it: the storage, or a connection. */
  #wakeAt(at_ms: number): void {
    if (this.#disk !== undefined) this.#disk.wakeAt(at_ms);
    else if (!this.#line.isAttached) this.#alarm.set(at_ms);
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
    this.#core.readPatch(status, this.mirror, this.news.waiting);
    const batch = this.#core.copyBatch(status);
    const output = this.#core.readOutput(status);
    if (batch !== undefined) this.#disk?.commit(batch);
    if (output?.effects !== undefined) {
      for (const effect of output.effects) {
        if (effect.type === "wake_at") this.#wakeAt(effect.data);
        if (effect.type === "load") this.#disk?.load(effect.data.keys);
        else if (!this.#line.perform(effect)) this.news.add(effect);
      }
    }
    this.news.tell();
    return output;
  }
}
