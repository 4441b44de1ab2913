import type { Cache } from "@larder/client";
import { act, cleanup, renderHook } from "@testing-library/react";
import { afterEach, beforeEach, expect, test } from "vitest";
import { useEntity } from "../src/index.js";
import { changed, type File, file, newCache, within } from "./world.js";

let cache: Cache;
beforeEach(async () => {
  cache = await newCache();
});
afterEach(() => {
  cleanup();
  cache.dispose();
});

test("useEntity follows one entity and renders for no other", () => {
  let renders = 0;
  const { result, rerender } = renderHook(
    ({ id }: { id: string | null }) => {
      renders++;
      return useEntity<File>("file", id);
    },
    { wrapper: within(cache), initialProps: { id: "a" as string | null } },
  );
  expect(result.current).toBeUndefined();
  act(() => void cache.apply(changed(file("a"))));
  expect(result.current).toEqual(file("a"));
  act(() => void cache.apply(changed(file("b"))));
  expect(renders).toBe(2);
  rerender({ id: "b" });
  expect(result.current).toEqual(file("b"));
  rerender({ id: null });
  expect(result.current).toBeUndefined();
  act(() => void cache.apply({ ResourceDeleted: { resource_type: "file", resource_id: "b" } }));
  rerender({ id: "b" });
  expect(result.current).toBeUndefined();
});
