import babel from "@rolldown/plugin-babel";
import react, { reactCompilerPreset } from "@vitejs/plugin-react";
import { defineConfig } from "vite";

/** Where `vite dev` finds a running engine; the built page is served by the engine itself. */
const engine = process.env["LARDER_ENGINE_URL"] ?? "http://127.0.0.1:4600";

export default defineConfig({
  plugins: [react(), babel({ presets: [reactCompilerPreset()] })],
  server: {
    // The engine accepts pages of its own address only, so the proxy speaks in that name.
    proxy: { "/ws": { target: engine, ws: true, changeOrigin: true, headers: { origin: engine } } },
  },
  build: {
    target: "es2023",
    // Data URLs would need a laxer content security policy.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
});
