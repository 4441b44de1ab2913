import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { build } from "vite";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

const packages = new URL("../../", import.meta.url).pathname;
const root = new URL("../../../../", import.meta.url).pathname;
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
    const options = { strict: true, noEmit: true, jsx: "react-jsx", module: "esnext", target: "es2022", moduleResolution: "bundler", lib: ["es2022", "dom"], types: [], paths: { "react": [join(root, "node_modules/@types/react")], "react/*": [join(root, "node_modules/@types/react/*")], "react-dom/*": [join(root, "node_modules/@types/react-dom/*")] } };
    writeFileSync(join(app, "tsconfig.json"), JSON.stringify({ compilerOptions: options, files: ["page.tsx"] }));
    const compile = () => execFileSync(join(root, "node_modules/.bin/tsc"), ["-p", app], { encoding: "utf8" });
    expect(compile).not.toThrow();
  }, 60_000);

  test("are bundled by Vite into little JavaScript and one .wasm file beside it", async () => {
    const out = join(app, "out");
    await build({
      root: app,
      configFile: false,
      logLevel: "error",
      build: { outDir: out, target: "es2022", rollupOptions: { input: join(app, "page.tsx"), external: [/^react/] } },
    });
    const files = readdirSync(join(out, "assets")).map((name) => ({ name, bytes: readFileSync(join(out, "assets", name)) }));
    expect(files.filter(({ name }) => name.endsWith(".wasm"))).toHaveLength(1);
    const scripts = files.filter(({ name }) => name.endsWith(".js"));
    const zipped = scripts.reduce((sum, { bytes }) => sum + gzipSync(bytes, { level: 9 }).length, 0);
    console.log(`client, react and wasm glue, bundled: ${scripts.reduce((sum, { bytes }) => sum + bytes.length, 0)} bytes, ${zipped} gzipped`);
    expect(zipped).toBeLessThan(12_000);
  }, 60_000);
});
