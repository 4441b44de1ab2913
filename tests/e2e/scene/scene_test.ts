import { test as base, expect } from "vitest";

import { Scene } from "./scene";

/** A test with a scene of its own. It also fails if a page logged an error or breached its content security policy. */
export const test = base.extend<{ scene: Scene }>({
  scene: async ({}, use) => {
    const scene = await Scene.set();
    try {
      await use(scene);
      expect(scene.complaints, "errors in the browser's console").toEqual([]);
    } finally {
      await scene.strike();
    }
  },
});
