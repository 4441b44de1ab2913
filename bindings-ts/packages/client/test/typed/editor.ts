import { type ChildProcess, spawn } from "node:child_process";

interface Answer {
  readonly id?: number;
  readonly method?: string;
  readonly result?: unknown;
}

const TSC = new URL("../../../../../node_modules/.bin/tsc", import.meta.url).pathname;
/** The mark of the place in a text that is asked about. */
const PLACE = "|";

/** The TypeScript of an editor, over the language server protocol. Files need not be on disk. */
export class Editor {
  readonly #server: ChildProcess;
  readonly #waiting = new Map<number, (result: unknown) => void>();
  #received = Buffer.alloc(0);
  #asked = 0;
  #opened = 0;

  private constructor() {
    this.#server = spawn(TSC, ["--lsp", "--stdio"], { stdio: ["pipe", "pipe", "ignore"] });
    this.#server.stdout?.on("data", (bytes: Buffer) => this.#receive(bytes));
  }

  static async open(): Promise<Editor> {
    const editor = new Editor();
    const hover = { contentFormat: ["plaintext"] };
    await editor.#ask("initialize", { processId: null, rootUri: new URL("./", import.meta.url).href, capabilities: { textDocument: { hover } } });
    editor.#send({ method: "initialized", params: {} });
    return editor;
  }

  /** What is offered at the place marked in `text`. */
  async completions(text: string): Promise<string[]> {
    const found = (await this.#ask("textDocument/completion", { ...this.#place(text), context: { triggerKind: 1 } })) as
      | { readonly items: readonly { readonly label: string }[] }
      | null;
    return (found?.items ?? []).map(({ label }) => label.replace(/[?"]/g, "")).sort();
  }

  /** What is told about the name that the place marked in `text` is in. */
  async hover(text: string): Promise<string> {
    const found = (await this.#ask("textDocument/hover", this.#place(text))) as { readonly contents: { readonly value: string } } | null;
    return found?.contents.value ?? "";
  }

  close(): void {
    this.#server.kill();
  }

  #place(marked: string): object {
    const at = marked.lastIndexOf(PLACE);
    const before = marked.slice(0, at).split("\n");
    const uri = new URL(`open_${this.#opened++}.ts`, import.meta.url).href;
    const text = marked.slice(0, at) + marked.slice(at + PLACE.length);
    this.#send({ method: "textDocument/didOpen", params: { textDocument: { uri, languageId: "typescript", version: 1, text } } });
    return { textDocument: { uri }, position: { line: before.length - 1, character: before.at(-1)?.length } };
  }

  #ask(method: string, params: object): Promise<unknown> {
    const id = ++this.#asked;
    this.#send({ id, method, params });
    return new Promise((resolve) => this.#waiting.set(id, resolve));
  }

  #send(message: object): void {
    const text = JSON.stringify({ jsonrpc: "2.0", ...message });
    this.#server.stdin?.write(`Content-Length: ${Buffer.byteLength(text)}\r\n\r\n${text}`);
  }

  #receive(bytes: Buffer): void {
    this.#received = Buffer.concat([this.#received, bytes]);
    for (;;) {
      const header = this.#received.indexOf("\r\n\r\n");
      if (header < 0) return;
      const end = header + 4 + Number(/Content-Length: (\d+)/.exec(this.#received.toString("latin1", 0, header))?.[1]);
      if (this.#received.length < end) return;
      const answer = JSON.parse(this.#received.toString("utf8", header + 4, end)) as Answer;
      this.#received = this.#received.subarray(end);
      if (answer.id === undefined) continue;
      // What the server asks of the editor, it can do without.
      if (answer.method !== undefined) this.#send({ id: answer.id, result: null });
      else this.#waiting.get(answer.id)?.(answer.result);
    }
  }
}
