import type { Notice, Request } from "../async/messages.js";
import type { Wire } from "../async/wire.js";
import { type FromOwner, shared, type ToOwner } from "./channels.js";

/** The way from a page to the owner of the cache, whichever tab that is. */
export class TabWire implements Wire {
  onNotices: (notices: readonly Notice[]) => void = () => undefined;
  onJoined: () => void = () => undefined;
  readonly #tab: string;
  readonly #up: BroadcastChannel;
  readonly #down: BroadcastChannel;
  /** The owner whose mirror this page has. */
  #owner: string | undefined;
  /** The owner that this page waits to be welcomed by. */
  #next: string | undefined;

  constructor(name: string, tab: string) {
    const { up, down } = shared(name);
    this.#tab = tab;
    this.#up = new BroadcastChannel(up);
    this.#down = new BroadcastChannel(down);
    this.#down.onmessage = ({ data }: MessageEvent<FromOwner>) => this.#hear(data);
  }

  /** Asks the owner for what there is, now if there is one, and whenever there is another. */
  join(): void {
    this.#owner = this.#next = undefined;
    this.#tell({ page: "joins" });
  }

  /** What there is no owner to hear is lost; it is sent again when there is one. */
  send(requests: readonly Request[]): void {
    if (this.#owner !== undefined) this.#tell({ to: this.#owner, requests });
  }

  /** The owner need not keep anything for this page. */
  leave(): void {
    this.#tell({ page: "leaves" });
    this.#owner = this.#next = undefined;
  }

  close(): void {
    this.leave();
    this.#up.close();
    this.#down.close();
  }

  #tell(message: Omit<ToOwner, "from">): void {
    this.#up.postMessage({ from: this.#tab, ...message } satisfies ToOwner);
  }

  #hear({ owner, notices }: FromOwner): void {
    if (notices === undefined) {
      if (owner === this.#owner) return;
      this.#owner = undefined;
      this.#next = owner;
      return this.#tell({ to: owner, page: "joins" });
    }
    let mine = notices.filter(({ to }) => to === undefined || to === this.#tab);
    if (owner !== this.#owner) {
      // Until it is welcomed, its mirror lacks what the patches are about.
      const welcome = mine.findIndex((notice) => notice.welcome !== undefined);
      if (welcome < 0 || (this.#next ?? owner) !== owner) return;
      this.#owner = owner;
      mine = mine.slice(welcome);
      this.onJoined();
    }
    if (mine.length > 0) this.onNotices(mine);
  }
}
