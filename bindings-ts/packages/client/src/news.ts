import { LarderError } from "./errors.js";
import type { Effect, RemoteState, Status } from "./generated.js";
import { Listeners } from "./listeners.js";
import { LiveView } from "./live_query.js";
import { OFFLINE } from "./status.js";
import { Waiting } from "./waiting.js";

/**
 * What has happened and whom it concerns. News wait for their turn: what a listener causes comes after the news that it
 * is being told.
 */
export class News {
  readonly statusListeners = new Listeners<Status>();
  readonly eventListeners = new Listeners<unknown>();
  readonly errorListeners = new Listeners<LarderError>();
  readonly mutations = new Waiting<void>();
  readonly questions = new Waiting<unknown>();
  /** Queries whose result changed, and effects that concern listeners. */
  readonly waiting: (LiveView | Effect)[] = [];
  /** Tells a remote query how it stands, and returns it. */
  remote: (state: RemoteState) => LiveView | undefined = () => undefined;
  #status: Status = OFFLINE;
  #telling = false;

  get status(): Status {
    return this.#status;
  }

  add(effect: Effect): void {
    if (effect.type === "remote") return this.#changed(this.remote(effect.data));
    if (effect.type === "status") this.#status = effect.data;
    this.waiting.push(effect);
  }

  /** Tells what waits, unless that is under way. */
  tell(): void {
    if (this.#telling) return;
    this.#telling = true;
    for (let i = 0; i < this.waiting.length; i++) {
      const news = this.waiting[i] as LiveView | Effect;
      if (news instanceof LiveView) news.notify();
      else this.#tellOf(news);
    }
    this.waiting.length = 0;
    this.#telling = false;
  }

  /** Nothing will be settled any more. */
  end(): void {
    for (const waiting of [this.mutations, this.questions]) {
      waiting.rejectAll("cache.disposed", "The cache was disposed before this was settled.");
    }
  }

  #changed(view: LiveView | undefined): void {
    if (view === undefined || view.changed) return;
    view.changed = true;
    this.waiting.push(view);
  }

  #tellOf(effect: Effect): void {
    switch (effect.type) {
      case "status":
        return this.statusListeners.deliver(effect.data);
      case "settled": {
        const { id, rejection } = effect.data;
        if (rejection === null) this.mutations.resolve(id, undefined);
        else this.mutations.reject(id, rejection.kind, rejection.message);
        return;
      }
      case "answer":
        return this.questions.resolve(effect.data.id, effect.data.data);
      case "failed":
        return this.questions.reject(effect.data.id, effect.data.kind, effect.data.message);
      case "event":
        return this.eventListeners.deliver(effect.data);
      case "storage":
      case "refused":
        return this.errorListeners.deliver(new LarderError(effect.data.kind, effect.data.message));
    }
  }
}
