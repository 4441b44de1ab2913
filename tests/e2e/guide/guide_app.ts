import { readFile, symlink } from "node:fs/promises";
import { fileURLToPath } from "node:url";

import { createServer, type ViteDevServer } from "vite";

import { TempFolder } from "../folder/temp_folder";

const ROOT = new URL("../../../", import.meta.url);
const PAGE = '<!doctype html><link rel="icon" href="data:,"><div id="root"></div><script type="module" src="/src/main.tsx"></script>';

/** The app of docs/react.md, as Vite serves it while one works on it. */
export class GuideApp {
  readonly origin: string;
  readonly #folder: TempFolder;
  readonly #server: ViteDevServer;

  private constructor(origin: string, folder: TempFolder, server: ViteDevServer) {
    this.origin = origin;
    this.#folder = folder;
    this.#server = server;
  }

  static async serve(): Promise<GuideApp> {
    const folder = await TempFolder.create();
    await symlink(fileURLToPath(new URL("node_modules", ROOT)), folder.at("node_modules"));
    await folder.write("index.html", PAGE);
    const server = await createServer({
      root: folder.path,
      configFile: false,
      cacheDir: folder.at("cache"),
      logLevel: "error",
      oxc: { jsx: { runtime: "automatic" } },
      server: { host: "127.0.0.1", port: 0, fs: { strict: false } },
    });
    await server.listen();
    const address = server.resolvedUrls?.local[0];
    if (address === undefined) throw new Error("Vite listens nowhere");
    return new GuideApp(new URL(address).origin, folder, server);
  }

  /** Writes the app's only file as the guide has it, but for the address of the engine and what the cache is made with. */
  async write(engine: URL, options = "{ registry }"): Promise<void> {
    const guide = await readFile(new URL("docs/react.md", ROOT), "utf8");
    const code = /```tsx\n\/\/ src\/main\.tsx\n([\s\S]*?)```/.exec(guide)?.[1] ?? "";
    const parts = code.split("ws://127.0.0.1:4600/ws?token=dev");
    if (parts.length !== 2) throw new Error("docs/react.md names another address than this expects");
    const here = parts.join(`ws://${engine.host}/ws${engine.search}`);
    if (!here.includes("createCache({ registry })")) throw new Error("docs/react.md makes its cache in another way than this expects");
    await this.#folder.write("src/main.tsx", here.replace("createCache({ registry })", `createCache(${options})`));
  }

  /** Puts another file beside it. */
  async add(name: string, code: string): Promise<void> {
    await this.#folder.write(`src/${name}`, code);
  }

  async dispose(): Promise<void> {
    await this.#server.close();
    await this.#folder.dispose();
  }
}
