import { mkdir, mkdtemp, readdir, readFile, realpath, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

/** A real folder of one test. Paths are relative to it. */
export class TempFolder {
  readonly path: string;

  private constructor(path: string) {
    this.path = path;
  }

  static async create(): Promise<TempFolder> {
    return new TempFolder(await realpath(await mkdtemp(join(tmpdir(), "larder-e2e-"))));
  }

  at(path: string): string {
    return join(this.path, path);
  }

  async write(path: string, content = "x"): Promise<void> {
    await mkdir(dirname(this.at(path)), { recursive: true });
    await writeFile(this.at(path), content);
  }

  async makeFolder(path: string): Promise<void> {
    await mkdir(this.at(path), { recursive: true });
  }

  read(path: string): Promise<string> {
    return readFile(this.at(path), "utf8");
  }

  rename(from: string, to: string): Promise<void> {
    return rename(this.at(from), this.at(to));
  }

  /** A file, or a folder with all that is in it. */
  remove(path: string): Promise<void> {
    return rm(this.at(path), { recursive: true });
  }

  async names(path = "."): Promise<string[]> {
    return (await readdir(this.at(path))).sort();
  }

  async dispose(): Promise<void> {
    await rm(this.path, { recursive: true, force: true });
  }
}
