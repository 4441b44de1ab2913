import { defineConfig } from "vitest/config";

// The sources, so that a test never runs against a stale build.
export default defineConfig({
  resolve: { alias: { "@larder/client": new URL("../client/src/index.ts", import.meta.url).pathname } },
  test: { environment: "jsdom", typecheck: { enabled: true, tsconfig: "test/registered/tsconfig.json" } },
});
