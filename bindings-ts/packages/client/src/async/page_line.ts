import { connect, type Connection } from "../connect.js";
import type { Line } from "../line.js";
import type { Session, Transport } from "../transport.js";
import type { Notice, Request } from "./messages.js";

/** Of several pages that want a connection, one has it, and then the next. */
export class Turns {
  readonly #wanting: PageLine[] = [];

  ask(line: PageLine): void {
    this.#wanting.push(line);
    if (this.#wanting.length === 1) line.begin();
  }

  leave(line: PageLine): void {
    const at = this.#wanting.indexOf(line);
    if (at < 0) return;
    this.#wanting.splice(at, 1);
    if (at === 0) this.#wanting[0]?.begin();
  }
}

/** The connection that a page wants: a socket here, or the page's own way. */
export class PageLine {
  readonly #line: Line;
  readonly #turns: Turns;
  readonly #tell: (notice: Notice) => void;
  #connection: Connection | undefined;
  #session: Session | undefined;
  #addressed: ((url: string) => void) | undefined;

  /** Makes the connection that is wanted, when it is this page's turn. */
  begin: () => void = () => undefined;

  constructor(line: Line, turns: Turns, tell: (notice: Notice) => void) {
    this.#line = line;
    this.#turns = turns;
    this.#tell = tell;
  }

  take(request: Exclude<Request, { type: "call" | "mount" | "unmount" | "store" | "refetch" | "next_page" }>): void {
    switch (request.type) {
      case "connect":
        this.begin = () => (this.#connection = connect(this.#line, { url: request.url ?? this.#ask }));
        return this.#turns.ask(this);
      case "address":
        this.#addressed?.(request.url);
        this.#addressed = undefined;
        return;
      case "close":
        return this.close();
      case "attach":
        this.begin = () => (this.#session = this.#line.attach(this.#transport()));
        return this.#turns.ask(this);
      case "session":
        return this.#report(request);
    }
  }

  close(): void {
    this.#connection?.close();
    this.#connection = undefined;
    this.#session?.end();
    this.#session = undefined;
    this.#turns.leave(this);
  }

  readonly #ask = (): Promise<string> => {
    this.#tell({ address: true });
    return new Promise((resolve) => (this.#addressed = resolve));
  };

  #transport(): Transport {
    const tell = (transport: Notice["transport"] & object) => this.#tell({ transport });
    return {
      connect: () => tell({ type: "connect" }),
      disconnect: () => tell({ type: "disconnect" }),
      send: (data) => tell({ type: "send", data }),
      wakeAt: (data) => tell({ type: "wake_at", data }),
    };
  }

  #report({ call, text, at_ms }: Request & { type: "session" }): void {
    if (call === "receive") this.#session?.receive(text ?? "");
    else if (call === "tick") this.#session?.tick(at_ms);
    else this.#session?.[call]();
    if (call !== "end") return;
    this.#session = undefined;
    this.#turns.leave(this);
    this.#tell({ detached: true });
  }
}
