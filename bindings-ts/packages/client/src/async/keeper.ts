import { Alarm } from "../alarm.js";
import type { Core, Output, Settlement } from "../core.js";
import { LarderError } from "../errors.js";
import type { Config, Effect, ErrorInfo, RegistrySpec, Status } from "../generated.js";
import { Line } from "../line.js";
import { OFFLINE } from "../status.js";
import { FarStorage } from "../storage/channel.js";
import { Disk } from "../storage/disk.js";
import { asStorageError } from "../storage/errors.js";
import type { Notice, Request, StoreEnd } from "./messages.js";
import { now_ms } from "../transport.js";
import { PageLine, Turns } from "./page_line.js";

/** Where a keeper sends what its pages are to know, all of one task at once. */
export type Outlet = (notices: readonly Notice[]) => void;


/**
 * Has the core, makes the steps that pages ask for, and tells all pages what came of them. It runs in a worker, but
 * needs none: what it is given is a core and a way to send.
 */
export class Keeper {
  readonly #core: Core;
  readonly #send: Outlet;
  readonly #line: Line;
  readonly #pages = new Map<string, Page>();
  readonly #turns = new Turns();
  #status: Status = OFFLINE;
  #disk: Disk | undefined;
  #storage: FarStorage | undefined;
  readonly #alarm = new Alarm((at_ms) => this.#guard(() => !this.#core.isDisposed && void this.#bring(this.#core.step("tick", at_ms))));
  #notices: Notice[] = [];

  /** Sets the core up. Throws {@link LarderError} if the registry is wrong. */
  constructor(core: Core, registry: RegistrySpec, config: Config, send: Outlet) {
    this.#core = core;
    this.#send = send;
    this.#line = new Line({
      step: (call, first, second) => this.#guard(() => void this.#bring(core.step(call, first, second))),
      write: (text) => core.write(text),
    });
    const error = this.#bring(core.open(registry, config))?.error;
    if (error !== undefined) throw new LarderError(error.kind, error.message);
  }

  /** Has what is at the other end of this port stored and read back. Before anything is asked for. */
  async restore(port: MessagePort, patience: number | "take over" = 0): Promise<void> {
    const core = this.#core;
    this.#storage = new FarStorage(port);
    this.#disk = new Disk(this.#storage, {
      step: (call, first, second, third) =>
        this.#guard(() => !core.isDisposed && void this.#bring(core.step(call, first, second, third))),
      write: (text) => core.write(text),
    });
    await this.#disk.open(patience);
  }

  /** For how long whoever has the storage has not heard what is asked of it, in milliseconds. */
  get silence_ms(): number {
    return this.#storage?.silence_ms ?? 0;
  }

  /** Takes what a page asks for. */
  take(from: string, requests: readonly Request[]): void {
    const page = this.#page(from);
    for (const request of requests) this.#guard(() => this.#carryOut(from, page, request));
  }

  /** One page more follows what others have followed from the start. */
  welcome(to: string): void {
    this.#guard(() => {
      const status = this.#core.step("resend");
      const patch = this.#core.copyPatch(status);
      this.#tell({ to, welcome: this.#status, ...(patch && { patch }) });
    });
  }

  /** Ends it: the connection is closed, what is left is stored, and the core is gone. */
  async end(): Promise<void> {
    this.#line.cut();
    this.#alarm.stop();
    // What could not be stored has been told.
    await this.#disk?.close().catch(() => undefined);
    this.#core.dispose();
  }

  /** The page is gone; nothing is kept for it any more. */
  leave(from: string): void {
    const page = this.#pages.get(from);
    if (page === undefined) return;
    this.#pages.delete(from);
    this.#guard(() => {
      for (const query of page.mounted.values()) this.#bring(this.#core.step("unmount", query));
      for (const pin of page.pins) if (!this.#isPinned(pin)) this.#bring(this.#core.step("unpin", this.#core.write(pin)));
      page.line.close();
    });
  }

  #page(from: string): Page {
    let page = this.#pages.get(from);
    if (page === undefined) {
      page = { mounted: new Map(), pins: new Set(), line: new PageLine(this.#line, this.#turns, (notice) => this.#tell({ to: from, ...notice })) };
      this.#pages.set(from, page);
    }
    return page;
  }

  #carryOut(to: string, page: Page, request: Request): void {
    switch (request.type) {
      case "call":
        return this.#call(to, page, request);
      case "mount": {
        const { view } = request;
        const status = this.#core.step("mount", this.#core.write(request.text), now_ms());
        const query = this.#core.mounted;
        if (query !== undefined) page.mounted.set(view, query);
        // Before the patch, so that the page knows whose result is in it.
        const mounted = query === undefined ? undefined : { to, mounted: { view, query } };
        if (mounted !== undefined) this.#tell(mounted);
        const error = this.#bring(status)?.error;
        if (error !== undefined) this.#tell({ to, mounted: { view, error } });
        return;
      }
      case "unmount": {
        const query = page.mounted.get(request.view);
        page.mounted.delete(request.view);
        if (query !== undefined) this.#bring(this.#core.step("unmount", query));
        return;
      }
      case "refetch":
      case "next_page": {
        const query = page.mounted.get(request.view);
        if (query !== undefined) this.#bring(this.#core.step(request.type, this.#core.write(String(query)), now_ms()));
        return;
      }
      case "store":
        return void this.#store(to, request);
      default:
        return page.line.take(request);
    }
  }

  async #store(to: string, { number, end }: { readonly number: number; readonly end?: StoreEnd }): Promise<void> {
    const disk = this.#disk;
    try {
      if (end === undefined) await disk?.flush();
      else await disk?.close(end === "wipe");
      this.#tell({ to, answer: { number } });
    } catch (error) {
      this.#tell({ to, answer: { number, error: infoOf(asStorageError(error)) } });
    }
    if (end === undefined) return;
    this.#disk = undefined;
    // Whoever shows what is no more must not go on with it.
    if (end === "wipe") this.#tell({ crashed: { kind: "cache.wiped", message: "What was cached was wiped; make a new cache." } });
  }

  /** Has a page that is here pinned it? */
  #isPinned(pin: string): boolean {
    return [...this.#pages.values()].some(({ pins }) => pins.has(pin));
  }

  #call(to: string, { pins }: Page, { number, call, text }: Request & { type: "call" }): void {
    if (call === "pin") pins.add(String(text));
    if (call === "unpin") {
      pins.delete(String(text));
      // It stays for as long as another page wants it to.
      if (this.#isPinned(String(text))) return this.#tell({ to, answer: { number } });
    }
    let error: ErrorInfo | undefined;
    try {
      const status =
        call === "ack" || call === "reject"
          ? this.#core.settle(call, JSON.parse(text as string) as Settlement)
          : this.#core.step(call, text === undefined ? 0 : this.#core.write(text), now_ms());
      const applied = call === "apply" ? this.#core.applied(status) : undefined;
      const output = this.#bring(status);
      error = output?.error;
      if (error === undefined) return this.#tell({ to, answer: { number, value: output?.value, ...(applied && { applied }) } });
    } catch (thrown) {
      // The core is gone, or there is no memory for the text.
      if (!(thrown instanceof LarderError)) throw thrown;
      error = infoOf(thrown);
    }
    this.#tell({ to, answer: { number, error } });
  }

  /** Sends on all that the core's last step has to tell. */
  #bring(status: number): Output | undefined {
    if (status === 0) return undefined;
    const patch = this.#core.copyPatch(status);
    const batch = this.#core.copyBatch(status);
    const output = this.#core.readOutput(status);
    if (batch !== undefined) this.#disk?.commit(batch);
    const effects: Effect[] = [];
    for (const effect of output?.effects ?? []) {
      if (effect.type === "status") this.#status = effect.data;
      if (effect.type === "wake_at") {
        if (this.#disk !== undefined) this.#disk.wakeAt(effect.data);
        else if (!this.#line.isAttached) this.#alarm.set(effect.data);
      }
      if (effect.type === "load") this.#disk?.load(effect.data.keys);
      else if (!this.#line.perform(effect)) effects.push(effect);
    }
    if (patch !== undefined || effects.length > 0) this.#tell({ ...(patch && { patch }), ...(effects.length > 0 && { effects }) });
    return output;
  }

  /** There is nobody here to catch what is thrown when the core is gone. */
  #guard(step: () => void): void {
    try {
      step();
    } catch (thrown) {
      if (!(thrown instanceof LarderError)) throw thrown;
      this.#tell({ crashed: infoOf(thrown) });
    }
  }

  #tell(notice: Notice): void {
    if (this.#notices.length === 0) queueMicrotask(() => this.#flush());
    this.#notices.push(notice);
  }

  #flush(): void {
    const notices = this.#notices;
    this.#notices = [];
    this.#send(notices);
  }
}

function infoOf({ kind, message }: LarderError): ErrorInfo {
  return { kind, message };
}

interface Page {
  /** The core's numbers of the queries, by the page's. */
  readonly mounted: Map<number, number>;
  /** What it pinned, as it was asked for. */
  readonly pins: Set<string>;
  readonly line: PageLine;
}
