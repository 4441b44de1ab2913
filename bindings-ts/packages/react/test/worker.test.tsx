import { type AsyncCache, createCache, merge } from "@larder/client";
import { act, cleanup, renderHook, waitFor } from "@testing-library/react";
import { Component, type ReactNode } from "react";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { overChannel } from "../../client/test/over_channel.js";
import { useEntity, useLiveQuery, useMutation, useSyncStatus } from "../src/index.js";
import { batch, type File, file, wasm, within } from "./world.js";

let cache: AsyncCache;
beforeEach(async () => {
  cache = await createCache({ registry: { types: [{ name: "file" }, { name: "tag" }] }, wasm, worker: overChannel });
  await cache.apply(batch([file("a"), file("b")]));
});
afterEach(() => {
  cleanup();
  cache.dispose();
});

test("hooks show that nothing is here yet, and then what the worker sends", async () => {
  const seen: unknown[] = [];
  const { result } = renderHook(
    () => {
      const { data, total, complete } = useLiveQuery<File>({ from: "file", orderBy: [{ name: "asc" }] });
      seen.push([data.map(({ name }) => name), total, complete]);
      return [useEntity<File>("file", "b")?.name, useSyncStatus().phase];
    },
    { wrapper: within(cache) },
  );
  expect(seen).toEqual([[[], 0, false]]);
  await waitFor(() => expect(result.current).toEqual(["b", "offline"]));
  expect(seen.at(-1)).toEqual([["a", "b"], 2, true]);
});

test("a mutation shows its result when the worker has made it, and fails where the worker refuses it", async () => {
  const { result } = renderHook(
    () => ({
      rename: useMutation<string>("files.rename", { optimistic: (name) => [name === "" ? ({ type: "explode" } as never) : merge("file", "a", { name })] }),
      name: useEntity<File>("file", "a")?.name,
    }),
    { wrapper: within(cache) },
  );
  await waitFor(() => expect(result.current.name).toBe("a"));
  act(() => void result.current.rename.mutate("z"));
  await waitFor(() => expect(result.current.name).toBe("z"));
  await act(() => result.current.rename.mutate("").catch(() => undefined));
  expect(result.current.rename.error?.kind).toBe("mutation.malformed");
});

test("a wrong query reaches the error boundary around it", async () => {
  class Boundary extends Component<{ children: ReactNode }, { kind?: string }> {
    override state: { kind?: string } = {};
    static getDerivedStateFromError = (error: { kind: string }) => ({ kind: error.kind });
    override render = () => (this.state.kind === undefined ? this.props.children : caught(this.state.kind));
  }
  const caught = vi.fn((_kind: string) => null);
  const quiet = vi.spyOn(console, "error").mockImplementation(() => undefined);
  const inside = within(cache);
  renderHook(() => useLiveQuery({ from: "file", where: { name: { sounds: "like" } } } as never), {
    wrapper: ({ children }) => inside({ children: <Boundary>{children}</Boundary> }),
  });
  await waitFor(() => expect(caught).toHaveBeenCalledWith("query.unknown_operator"));
  quiet.mockRestore();
});
