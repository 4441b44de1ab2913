import type { LogFile } from "./log.js";

/** The bytes of a file as they are now, whoever has it open. What is done to it here is not done to the file. */
export class Snapshot implements LogFile {
  readonly #bytes: Uint8Array;
  #size: number;

  private constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#size = bytes.length;
  }

  static async of(handle: FileSystemFileHandle): Promise<Snapshot> {
    return new Snapshot(new Uint8Array(await (await handle.getFile()).arrayBuffer()));
  }

  getSize(): number {
    return this.#size;
  }

  read(into: Uint8Array<ArrayBuffer>, { at }: { at: number }): number {
    const bytes = this.#bytes.subarray(at, Math.min(this.#size, at + into.length));
    into.set(bytes);
    return bytes.length;
  }

  write(): number {
    return 0;
  }

  truncate(size: number): void {
    this.#size = size;
  }

  flush(): void {}

  close(): void {}
}
