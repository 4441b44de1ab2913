import type { Call } from "./core.js";
import { LarderError } from "./errors.js";
import type { Effect } from "./generated.js";
import type { Text } from "./text.js";
import { now_ms, perform, type Session, type Transport } from "./transport.js";

/** What a session does to the core it belongs to. */
export interface Steps {
  /** Makes a step and brings in what it led to. */
  readonly step: (call: Call, first?: number, second?: number) => void;
  /** Puts the text of the next step where the core finds it. */
  readonly write: (text: Text) => number;
}

/** The one way to the backend that a core may have at a time. */
export class Line {
  readonly #steps: Steps;
  #transport: Transport | undefined;

  constructor(steps: Steps) {
    this.#steps = steps;
  }

  /** Uses this way from now on; see {@link Transport}. */
  attach(transport: Transport): Session {
    if (this.#transport !== undefined) {
      throw new LarderError("connect.already_connected", "This cache has a connection already; close that one first.");
    }
    this.#transport = transport;
    const { step, write } = this.#steps;
    const isAttached = () => this.#transport === transport;
    const session: Session = {
      connected: () => isAttached() && step("connected", now_ms()),
      // What is wrong with a message comes as an effect as well.
      receive: (message) => isAttached() && step("receive", write(message), now_ms()),
      disconnected: () => isAttached() && step("disconnected", now_ms()),
      tick: (at_ms = now_ms()) => isAttached() && step("tick", at_ms),
      end: () => {
        if (!isAttached()) return;
        step("disconnect");
        this.#transport = undefined;
      },
    };
    step("connect", now_ms());
    return session;
  }

  get isAttached(): boolean {
    return this.#transport !== undefined;
  }

  /** Carries out an effect that is the transport's business; returns whether it was. */
  perform(effect: Effect): boolean {
    return perform(effect, this.#transport);
  }

  /** Ends it without asking the core, which is gone. */
  cut(): void {
    perform({ type: "disconnect" }, this.#transport);
    this.#transport = undefined;
  }
}
