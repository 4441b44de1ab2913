import { canonicalJson } from "../canonical.js";
import type { ConnectOptions, Connection } from "../connect.js";
import { LarderError } from "../errors.js";
import type { Applied, ErrorInfo, Explanation, Invalidation, PendingMutation, RegistrySpec, Stats } from "../generated.js";
import { LiveCache } from "../live_cache.js";
import { Mirror } from "../mirror.js";
import { LiveView } from "../live_query.js";
import type { LoadOptions, LoadProgress } from "../load/load.js";
import type { LoadSource } from "../load/source.js";
import type { Mutation, MutationHandle } from "../mutation.js";
import { randomId } from "../random_id.js";
import type { Text } from "../text.js";
import { perform, type Session, type Transport } from "../transport.js";
import type { Asked } from "../typed/query.js";
import type { Id, Name, Named, Registered } from "../typed/register.js";
import { Calls } from "./calls.js";
import { Held } from "./held.js";
import type { Answer, Notice, Request, StoreEnd } from "./messages.js";
import type { Wire } from "./wire.js";

/** How long old results are shown at most when another owner has the core and has not got its data. */
const HOLD_MS = 5000;

/**
 * A cache whose core runs elsewhere. It is used as {@link Cache} is, but what takes a step in the core is a promise, and the
 * first result of a query comes a moment after the query: until then it is empty and not `complete`.
 */
export class AsyncCache<R = Registered> extends LiveCache<R> {
  readonly #wire: Wire;
  readonly #calls = new Calls();
  readonly #views = new Map<number, LiveView>();
  /** What the backend has not settled or answered, oldest first. */
  readonly #unsettled = new Set<{ readonly call: "mutate" | "ask"; readonly text: string; isTaken: boolean }>();
  /** The core's numbers of the queries, by ours. */
  readonly #queries = new Map<number, number>();
  /** What this page pinned, for the next owner of the core. */
  readonly #pins = new Set<string>();
  #lastView = 0;
  #requests: Request[] = [];
  #transfer: ArrayBuffer[] = [];
  /** The page's own ways to the backend: the one in use, behind those that the keeper has yet to let go of. */
  readonly #transports: Transport[] = [];
  #session: Session | undefined;
  #address: ConnectOptions["url"] | undefined;
  #ended: LarderError | undefined;
  #hadOwner = false;
  #held: Held | undefined;
  #holdEnds: ReturnType<typeof setTimeout> | undefined;
  readonly #isOver = new AbortController();

  /** @internal */
  constructor(registry: RegistrySpec, wire: Wire) {
    super(registry);
    this.#wire = wire;
    wire.onNotices = (notices) => this.#hear(notices);
    wire.onJoined = () => this.#rejoin();
    const { document } = globalThis as { document?: Document };
    const { signal } = this.#isOver;
    // The last moment that a page is sure to have.
    document?.addEventListener("visibilitychange", () => document.visibilityState === "hidden" && this.#hidden(), { signal });
    if (document !== undefined) addEventListener("pagehide", () => this.#hidden(), { signal });
  }

  #hidden(): void {
    this.#store().catch(() => undefined);
    // There may be no other task of this page to send it in.
    this.#flush();
  }

  /** As {@link Cache.apply}, but later: rejects with {@link LarderError} if the event cannot be taken, and changes nothing. */
  async apply(event: Text | object): Promise<Applied> {
    const text = typeof event === "string" || event instanceof Uint8Array ? event : JSON.stringify(event);
    return (await this.#call("apply", text)).applied as Applied;
  }

  /** As {@link Cache.load}; this thread only cuts the slices. */
  async load(resourceType: string, source: LoadSource, options?: LoadOptions): Promise<LoadProgress> {
    const { load } = await import("../load/load.js");
    const apply = async (event: Uint8Array) => (await this.#call("apply", event, [event.buffer as ArrayBuffer])).applied as Applied;
    return load({ apply, blocks: false }, resourceType, source, options);
  }

  override mutate(mutation: Mutation): MutationHandle {
    this.#check();
    const { id = randomId(), name, args = null, optimistic = [], coalesce } = mutation;
    const text = JSON.stringify({ id, name, args, optimistic, coalesce });
    return { id, settled: this.#settling("mutate", text, this.news.mutations.begin(id)) };
  }

  /** As {@link Cache.ack}, but later. */
  async ack(id: string, sequence?: number): Promise<void> {
    await this.#call("ack", JSON.stringify({ id, sequence }));
  }

  /** As {@link Cache.reject}, but later. */
  async reject(id: string, reason: ErrorInfo): Promise<void> {
    await this.#call("reject", JSON.stringify({ id, reason }));
  }

  /** As {@link Cache.retry}, but later. */
  async retry(id: string): Promise<void> {
    await this.#call("retry", id);
  }

  /** As {@link Cache.discard}, but later. */
  async discard(id: string): Promise<void> {
    await this.#call("discard", id);
  }

  /** As {@link Cache.pin}, but later. */
  async pin<F extends Name<R> = never>(type: Named<F>, id: Id<R, F>): Promise<void> {
    this.#pins.add(`${type}\n${id}`);
    await this.#call("pin", `${type}\n${id}`);
  }

  /** As {@link Cache.unpin}, but later. Where tabs share the cache, it stays for as long as one of them has it pinned. */
  async unpin<F extends Name<R> = never>(type: Named<F>, id: Id<R, F>): Promise<void> {
    this.#pins.delete(`${type}\n${id}`);
    await this.#call("unpin", `${type}\n${id}`);
  }

  override query<T = unknown>(method: string, input: unknown = null): Promise<T> {
    const id = randomId();
    const text = JSON.stringify({ id, method, input });
    return this.#settling("ask", text, this.news.questions.begin(id)) as Promise<T>;
  }

  /** The mutations that are not settled yet, oldest first. */
  async pending(): Promise<readonly PendingMutation[]> {
    return (await this.#call("pending")).value as PendingMutation[];
  }

  /** As {@link Cache.explain}, but later. */
  async explain<F extends Name<R> = never, I = {}>(query: Asked<R, F, I>): Promise<Explanation> {
    return (await this.#call("explain", canonicalJson(query))).value as Explanation;
  }

  /** Counts of what the cache holds and did. */
  async stats(): Promise<Stats> {
    return (await this.#call("stats")).value as Stats;
  }

  /** Has the core's side own the socket; `connect(cache, options)` calls it. */
  connect({ url }: Omit<ConnectOptions, "WebSocket">): Connection {
    this.#claim();
    this.#address = url;
    this.#postConnect(url);
    return {
      close: () => {
        if (this.#address !== url) return;
        this.#address = undefined;
        this.#post({ type: "close" });
      },
    };
  }

  /** Uses this way to the backend from now on; see {@link Transport}. There is one at a time. */
  attach(transport: Transport): Session {
    this.#claim();
    this.#transports.push(transport);
    const report = (request: Omit<Request & { type: "session" }, "type">) => {
      if (this.#session === session) this.#post({ type: "session", ...request });
    };
    const session: Session = {
      connected: () => report({ call: "connected" }),
      receive: (text) => report({ call: "receive", text }),
      disconnected: () => report({ call: "disconnected" }),
      tick: (at_ms) => report(at_ms === undefined ? { call: "tick" } : { call: "tick", at_ms }),
      end: () => {
        report({ call: "end" });
        if (this.#session === session) this.#session = undefined;
      },
    };
    this.#session = session;
    this.#post({ type: "attach" });
    return session;
  }

  /** As {@link Cache.flush}. */
  async flush(): Promise<void> {
    await this.#store();
  }

  /**
   * As {@link Cache.close}. Where tabs share the cache, the others go on with it; with `wipe` it is gone for all of them, and
   * their calls fail with the kind `cache.wiped`.
   */
  async close({ wipe = false }: { readonly wipe?: boolean } = {}): Promise<void> {
    try {
      if (this.#ended === undefined) await this.#store(wipe ? "wipe" : this.#wire.isShared ? undefined : "close");
    } finally {
      this.dispose();
    }
  }

  async #store(end?: StoreEnd): Promise<void> {
    if (this.#ended !== undefined) throw this.#ended;
    const { request, answer } = this.#calls.begin((number) => ({ type: "store", number, ...(end && { end }) }));
    this.#post(request);
    await answer;
  }

  override dispose(): void {
    if (this.#ended?.kind === "cache.disposed") return;
    this.#end(new LarderError("cache.disposed", "This cache was disposed; make a new one."));
    this.news.end();
    this.#wire.close();
  }

  /** @internal */
  protected override mount(view: LiveView): void {
    if (this.#ended !== undefined) return;
    const number = ++this.#lastView;
    view.number = number;
    view.failure = undefined;
    // What it showed when it was mounted before is better than nothing.
    if (view.result.complete) view.result = { ...view.result, complete: false };
    this.#views.set(number, view);
    this.#post({ type: "mount", view: number, text: view.text });
  }

  /** @internal */
  protected override askAgain = (call: "refetch" | "next_page", { number }: LiveView): void => {
    if (this.#ended === undefined && number !== undefined) this.#post({ type: call, view: number });
  };

  /** As {@link Cache.invalidate}, but later. */
  override async invalidate(what: Invalidation): Promise<void> {
    await this.#call("invalidate", JSON.stringify(what));
  }

  /** @internal */
  protected override unmount(views: ReadonlySet<LiveView>): void {
    if (this.#ended !== undefined) return;
    for (const { number } of views) if (number !== undefined) this.#letGo(number);
  }

  #letGo(number: number): void {
    const view = this.#views.get(number) as LiveView;
    const query = this.#queries.get(number);
    this.#views.delete(number);
    this.#queries.delete(number);
    if (query !== undefined) this.mirror.unmount(query);
    view.number = undefined;
    this.#post({ type: "unmount", view: number });
  }

  #hold(): void {
    this.#held = new Held(this.#views);
    clearTimeout(this.#holdEnds);
    this.#holdEnds = setTimeout(() => {
      this.#release();
      this.news.tell();
    }, HOLD_MS);
  }

  #release(): void {
    const held = this.#held;
    if (held === undefined) return;
    this.#held = undefined;
    clearTimeout(this.#holdEnds);
    for (const [number, result] of held.release()) {
      const view = this.#views.get(number);
      const query = this.#queries.get(number);
      if (view === undefined || query === undefined) continue;
      this.mirror.mount(query, view);
      if (result !== undefined) this.#show(view, result);
    }
  }

  #show(view: LiveView, result: LiveView["result"]): void {
    view.result = result;
    if (!view.changed) this.news.waiting.push(view);
    view.changed = true;
  }

  #postConnect(url: ConnectOptions["url"]): void {
    this.#post(typeof url === "function" ? { type: "connect" } : { type: "connect", url: String(url) });
  }

  #claim(): void {
    this.#check();
    if (this.#session === undefined && this.#address === undefined) return;
    throw new LarderError("connect.already_connected", "This cache has a connection already; close that one first.");
  }

  #check(): void {
    if (this.#ended !== undefined) throw this.#ended;
  }

  #call(call: (Request & { type: "call" })["call"], text?: Text, transfer: readonly ArrayBuffer[] = [], isRepeated = false): Promise<Answer> {
    if (this.#ended !== undefined) return Promise.reject(this.#ended);
    const { request, answer } = this.#calls.begin((number) =>
      text === undefined ? { type: "call", number, call } : { type: "call", number, call, text },
      isRepeated,
    );
    this.#post(request);
    this.#transfer.push(...transfer);
    return answer;
  }

  /** What comes of something that the backend will answer, if the core takes it. */
  #settling<T>(call: "mutate" | "ask", text: string, { promise, cancel }: { promise: Promise<T>; cancel: () => void }): Promise<T> {
    const refused = (error: unknown) => {
      cancel();
      throw error;
    };
    const entry = { call, text, isTaken: false };
    this.#unsettled.add(entry);
    const taken = () => {
      entry.isTaken = true;
      return promise;
    };
    const settled = this.#call(call, text).then(taken, refused).finally(() => this.#unsettled.delete(entry));
    settled.catch(() => undefined);
    return settled;
  }

  /**
   * Another owner has the core now, and knows what was stored, or nothing: it is asked for everything that this page wants and
   * has no answer to.
   */
  #rejoin(): void {
    this.#requests = [];
    this.#transfer = [];
    this.mirror = new Mirror();
    this.#queries.clear();
    if (this.#address !== undefined) this.#postConnect(this.#address);
    for (const transport of this.#transports) perform({ type: "disconnect" }, transport);
    if (this.#session !== undefined) this.#post({ type: "attach" });
    const unanswered = this.#calls.again(this.#hadOwner);
    if (this.#hadOwner) for (const pin of this.#pins) void this.#call("pin", pin, [], true);
    if (this.#hadOwner) this.#hold();
    this.#hadOwner = true;
    // The owner that took these may not have lived to see them settled.
    for (const { call, text, isTaken } of this.#unsettled) if (isTaken) void this.#call(call, text, [], true);
    for (const request of unanswered) this.#post(request);
    for (const [number, view] of this.#views) this.#post({ type: "mount", view: number, text: view.text });
  }

  /** All requests of one task go together. */
  #post(request: Request): void {
    if (this.#requests.length === 0) queueMicrotask(() => this.#flush());
    this.#requests.push(request);
  }

  #flush(): void {
    const requests = this.#requests;
    const transfer = this.#transfer;
    this.#requests = [];
    this.#transfer = [];
    if (requests.length > 0 && this.#ended?.kind !== "cache.disposed") this.#wire.send(requests, transfer);
  }

  #hear(notices: readonly Notice[]): void {
    if (this.#ended !== undefined) return;
    for (const notice of notices) this.#take(notice);
    this.news.tell();
    // Whoever waits for an answer finds its effect in the results, and all told of it.
    for (const { answer } of notices) if (answer !== undefined) this.#calls.end(answer);
    for (const { crashed } of notices) if (crashed !== undefined) this.#end(new LarderError(crashed.kind, crashed.message));
  }

  #take({ welcome, mounted, patch, effects, transport, detached, address }: Notice): void {
    if (welcome !== undefined) this.news.add({ type: "status", data: welcome });
    if (mounted !== undefined) this.#name(mounted);
    if (patch !== undefined) this.#apply(patch);
    if (effects !== undefined) for (const effect of effects) this.news.add(effect);
    if (this.#held !== undefined && (this.status.phase === "live" || this.status.storage === "ready")) this.#release();
    if (transport !== undefined) perform(transport, this.#transports[0]);
    if (detached) this.#transports.shift();
    if (address) void this.#tellAddress();
  }

  #apply(patch: ArrayBuffer): void {
    const changed: unknown[] = this.#held === undefined ? this.news.waiting : [];
    this.mirror.apply(new Uint32Array(patch), new Uint8Array(patch), 0, changed);
    if (this.#held !== undefined) for (const shown of changed) if (shown instanceof LiveView) this.news.waiting.push(shown);
  }

  /** The core has made a query of a view, or refused to. */
  #name({ view: number, query, error }: Notice["mounted"] & object): void {
    const view = this.#views.get(number);
    // It may have been unmounted since.
    if (view === undefined) return;
    if (query !== undefined) {
      this.#queries.set(number, query);
      this.mirror.mount(query, this.#held?.beside(number) ?? view);
    }
    if (error !== undefined) {
      view.failure = new LarderError(error.kind, error.message);
      if (!view.changed) this.news.waiting.push(view);
      view.changed = true;
    }
  }

  async #tellAddress(): Promise<void> {
    const address = this.#address;
    const url = typeof address === "function" ? await address() : address;
    if (url !== undefined && address === this.#address) this.#post({ type: "address", url: String(url) });
  }

  #end(error: LarderError): void {
    this.#ended = error;
    this.#session = this.#address = undefined;
    for (const transport of this.#transports.splice(0)) perform({ type: "disconnect" }, transport);
    this.idle.stop();
    this.#isOver.abort();
    clearTimeout(this.#holdEnds);
    this.#calls.rejectAll(error);
  }
}
