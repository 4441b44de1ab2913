import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

const ROOT = new URL("../../../", import.meta.url);

/** The engine to test: `LARDER_ENGINE_BIN`, or the debug build. */
export function engineBinary(): string {
  const path = process.env["LARDER_ENGINE_BIN"] ?? fromRoot("target/debug/larder-engine");
  return existing(path, "Build the engine with `cargo build -p larder-engine`, or set LARDER_ENGINE_BIN.");
}

/** The built web app: `LARDER_WEB`, or what `vite build` made. */
export function webApp(): string {
  const path = process.env["LARDER_WEB"] ?? fromRoot("examples/explorer/dist");
  existing(`${path}/index.html`, "Build the explorer with `npm run build -w @larder/explorer`, or set LARDER_WEB.");
  return path;
}

function fromRoot(path: string): string {
  return fileURLToPath(new URL(path, ROOT));
}

function existing(path: string, remedy: string): string {
  if (!existsSync(path)) throw new Error(`${path} is not there. ${remedy}`);
  return path;
}
