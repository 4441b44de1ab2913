import { connect, type Connection } from "../connect.js";
import type { Line } from "../line.js";
import type { Session, Transport } from "../transport.js";
import type { Notice, Request } from "./messages.js";

/** The connection that a page wants: a socket here, or the page's own way. */
export class PageLine {
  readonly #line: Line;
  readonly #tell: (notice: Notice) => void;
  #connection: Connection | undefined;
  #session: Session | undefined;
  #addressed: ((url: string) => void) | undefined;

  constructor(line: Line, tell: (notice: Notice) => void) {
    this.#line = line;
    this.#tell = tell;
  }

  take(request: Exclude<Request, { type: "call" | "mount" | "unmount" }>): void {
    switch (request.type) {
      case "connect":
        this.#connection = connect(this.#line, { url: request.url ?? this.#ask });
        return;
      case "address":
        this.#addressed?.(request.url);
        this.#addressed = undefined;
        return;
      case "close":
        return this.close();
      case "attach":
        this.#session = this.#line.attach(this.#transport());
        return;
      case "session":
        return this.#report(request);
    }
  }

  close(): void {
    this.#connection?.close();
    this.#connection = undefined;
    this.#session?.end();
    this.#session = undefined;
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
    this.#tell({ detached: true });
  }
}
