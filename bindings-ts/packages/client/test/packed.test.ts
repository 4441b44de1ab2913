import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { build, type Rolldown } from "vite";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

const packages = new URL("../../", import.meta.url).pathname;
const root = new URL("../../../../", import.meta.url).pathname;
/** What the module may weigh, gzipped. It goes down when the module does; a feature may raise it, knowingly. */
const MODULE_LIMIT = 250 * 1024;
/** What wasm-bindgen's JavaScript around the module may weigh, gzipped. */
const GLUE_LIMIT = 512;
let app: string;

/** An app's folder with the two packages in it as they come out of `npm pack`, and React. */
beforeAll(() => {
  app = mkdtempSync(join(tmpdir(), "larder-app-"));
  for (const name of ["client", "react"]) {
    const [packed] = JSON.parse(
      execFileSync("npm", ["pack", "--json", "--silent", "--pack-destination", app], { cwd: join(packages, name), encoding: "utf8" }).replace(/^[^[{]*/, ""),
    ) as { filename: string }[];
    const place = join(app, "node_modules/@larder", name);
    mkdirSync(place, { recursive: true });
    execFileSync("tar", ["-xzf", join(app, packed!.filename), "--strip-components=1", "-C", place]);
  }
  for (const name of ["react", "react-dom", "scheduler"]) symlinkSync(join(root, "node_modules", name), join(app, "node_modules", name));
  cpSync(new URL("packed/", import.meta.url), app, { recursive: true });
  writeFileSync(join(app, "package.json"), JSON.stringify({ type: "module" }));
}, 60_000);
afterAll(() => rmSync(app, { recursive: true }));

/** Compiles files of the app as strictly as it goes; throws what the compiler says. Tells how many types it came to. */
function typeCheck(...files: string[]): number {
  const types = join(root, "node_modules/@types");
  const compilerOptions = {
    strict: true, noEmit: true, exactOptionalPropertyTypes: true, jsx: "react-jsx", module: "esnext", target: "es2022", moduleResolution: "bundler",
    lib: ["es2022", "dom"], types: [],
    paths: { "react": [join(types, "react")], "react/*": [join(types, "react/*")], "react-dom/*": [join(types, "react-dom/*")] },
  };
  writeFileSync(join(app, "tsconfig.json"), JSON.stringify({ compilerOptions, files }));
  const said = execFileSync(join(root, "node_modules/.bin/tsc"), ["-p", app, "--extendedDiagnostics"], { encoding: "utf8", stdio: "pipe" });
  return Number(/^Types: +(\d+)/m.exec(said)?.[1]);
}

/** A piece of a guide with what the text around it takes for granted. */
function standing(piece: string): string {
  // A type of the registry, as it stands there.
  const code = piece.startsWith("{") ? `await createCache({ registry: { types: [${piece}] } });` : piece;
  const given: readonly (readonly [name: string, how: string])[] = [
    ["createCache", 'import { createCache } from "@larder/client";'],
    ["autoStorage", 'import { autoStorage } from "@larder/client/storage";'],
    ["registry", "declare const registry: { types: { name: string }[] };"],
    ["File", "type File = { id: string; name: string; path: string };"],
    ["render", "declare function render(...what: unknown[]): void;"],
    ["cache", 'declare const cache: import("@larder/client").Cache;'],
    ["id", "declare const id: string;"],
  ];
  const uses = (name: string) => new RegExp(`\\b${name}\\b`).test(code) && !new RegExp(`import [^;]*\\b${name}\\b|const ${name}\\b`).test(code);
  const lines = given.filter(([name]) => uses(name)).map(([, how]) => how);
  return [...lines, code, "export {};", ""].join("\n");
}

describe("the packed packages", () => {
  test("hold what they need and nothing of the tests", () => {
    const client = readdirSync(join(app, "node_modules/@larder/client"), { recursive: true }).map(String);
    expect(client).toEqual(expect.arrayContaining(["dist/index.js", "dist/index.d.ts", "wasm/larder_wasm.js", "wasm/larder_wasm.d.ts", "wasm/larder_wasm_bg.wasm"]));
    expect(client.filter((name) => /test|tsbuildinfo/.test(name))).toEqual([]);
  });

  test("work in a plain Node script", () => {
    expect(execFileSync(process.execPath, ["use.mjs"], { cwd: app, encoding: "utf8", timeout: 30_000 })).toBe("used\n");
  }, 40_000);

  test("type-check in an app that uses them", () => {
    // React's own are 68,000 of them.
    expect(typeCheck("page.tsx")).toBeLessThan(100_000);
    writeFileSync(join(app, "wrong.tsx"), `${readFileSync(join(app, "page.tsx"), "utf8")}\nconst _size = useLiveQuery({ from: "file", where: { sise: 1 } });\n`);
    expect(() => typeCheck("wrong.tsx")).toThrow(expect.objectContaining({ stdout: expect.stringMatching(/'sise' does not exist in type 'Where<"file", /) }));
  }, 60_000);

  test("are all that the code of docs/react.md needs, of which the first piece is a live list in less than 30 lines", () => {
    const guide = readFileSync(join(root, "docs/react.md"), "utf8");
    const pieces = [...guide.matchAll(/```tsx\n\/\/ src\/(\S+)\n([\s\S]*?)\n```/g)].map(([, name, code]) => ({ name: `guide/${name}`, code: code! }));
    expect(pieces.map(({ name }) => name)).toEqual(["guide/main.tsx", "guide/tagged.tsx", "guide/rename.tsx"]);
    expect(guide.split("```tsx")).toHaveLength(pieces.length + 1);
    expect(pieces[0]!.code.split("\n").length).toBeLessThan(30);
    mkdirSync(join(app, "guide"));
    for (const { name, code } of pieces) writeFileSync(join(app, name), code);
    expect(() => typeCheck(...pieces.map(({ name }) => name))).not.toThrow();
  }, 60_000);

  test.each(["offline", "memory", "remote-queries"])("are all that the pieces of docs/%s.md need", (name) => {
    const guide = readFileSync(join(root, `docs/${name}.md`), "utf8");
    const pieces = [...guide.matchAll(/```ts\n([\s\S]*?)\n```/g)].map(([, code], number) => ({ file: `${name}-${number}.ts`, code: standing(code!) }));
    expect(pieces.length).toBeGreaterThanOrEqual(2);
    for (const { file, code } of pieces) writeFileSync(join(app, file), code);
    expect(() => typeCheck(...pieces.map(({ file }) => file))).not.toThrow();
    const wrong = pieces[0]!.code.replaceAll("registry", "registri");
    writeFileSync(join(app, "wrong.ts"), wrong.includes("registri") ? wrong : pieces[0]!.code.replace("method:", "methot:"));
    expect(() => typeCheck("wrong.ts")).toThrow();
  }, 60_000);

  test("are bundled by Vite into little JavaScript and one .wasm file beside it", async () => {
    const out = join(app, "out");
    const built = (await build({
      root: app,
      configFile: false,
      logLevel: "error",
      build: { outDir: out, target: "es2022", rollupOptions: { input: join(app, "page.tsx"), external: [/^react/] } },
    })) as Rolldown.RolldownOutput;
    const files = readdirSync(join(out, "assets")).map((name) => ({ name, bytes: readFileSync(join(out, "assets", name)) }));
    const modules = files.filter(({ name }) => name.endsWith(".wasm"));
    expect(modules).toHaveLength(1);
    expect(gzipSync(modules[0]!.bytes, { level: 9 }).length).toBeLessThan(MODULE_LIMIT);
    // What only a worker, several tabs, a storage or a long load needs is in chunks of its own, which other pages never load.
    const isApart = (part: Rolldown.OutputChunk | Rolldown.OutputAsset) =>
      part.type === "asset" || part.moduleIds.some((id) => /client\/dist\/(async|tabs|load|storage)\//.test(id));
    const apart = built.output.filter(isApart).map(({ fileName }) => fileName);
    const scripts = files.filter(({ name }) => name.endsWith(".js") && !apart.includes(`assets/${name}`));
    const zipped = scripts.reduce((sum, { bytes }) => sum + gzipSync(bytes, { level: 9 }).length, 0);
    console.log(`client, react and wasm glue, bundled: ${scripts.reduce((sum, { bytes }) => sum + bytes.length, 0)} bytes, ${zipped} gzipped`);
    // Of it, 12 KB are for the packages; the rest is the glue of the module.
    expect(zipped).toBeLessThan(12 * 1024 + GLUE_LIMIT);
    const others = files.filter(({ name }) => name.endsWith(".js") && apart.includes(`assets/${name}`));
    console.log(`for a core in a worker, tabs, storage and long loads besides: ${others.map(({ name, bytes }) => `${name} ${gzipSync(bytes, { level: 9 }).length}`).join(", ")} gzipped`);
    expect(others.length).toBeGreaterThanOrEqual(2);
  }, 60_000);
});
