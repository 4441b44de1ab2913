import { type Cache, LarderError, merge } from "@larder/client";
import { act, cleanup, render, renderHook, screen } from "@testing-library/react";
import { afterEach, beforeEach, expect, test } from "vitest";
import { useEntity, useMutation, useSyncStatus } from "../src/index.js";
import { changed, type File, file, newCache, within } from "./world.js";

interface Rename {
  readonly id: string;
  readonly name: string;
}

let cache: Cache;
beforeEach(async () => {
  cache = await newCache();
  cache.apply(changed(file("a")));
});
afterEach(() => {
  cleanup();
  cache.dispose();
});

function useRename() {
  const rename = useMutation<Rename>("files.rename", { optimistic: ({ id, name }) => [merge("file", id, { name })] });
  return { ...rename, name: useEntity<File>("file", "a")?.name, status: useSyncStatus() };
}

test("a mutation shows at once, is pending until it is acked, and its promise is fulfilled then", async () => {
  const { result } = renderHook(useRename, { wrapper: within(cache) });
  const mutate = result.current.mutate;
  let done: Promise<void> | undefined;
  act(() => void (done = mutate({ id: "a", name: "z" })));
  expect(result.current).toMatchObject({ name: "z", pending: true, error: undefined, status: { pending: 1 } });
  expect(result.current.mutate).toBe(mutate);
  await act(async () => {
    cache.ack(cache.pending()[0]!.id);
    await done;
  });
  expect(result.current).toMatchObject({ pending: false, error: undefined, status: { pending: 0 } });
});

test("a refused mutation is taken back, its reason is shown, and a new one or reset clears it", async () => {
  const { result } = renderHook(useRename, { wrapper: within(cache) });
  let done: Promise<void> | undefined;
  act(() => void (done = result.current.mutate({ id: "a", name: "z" })));
  await act(async () => {
    cache.reject(cache.pending()[0]!.id, { kind: "target_exists", message: "`z` exists" });
    await expect(done).rejects.toBeInstanceOf(LarderError);
  });
  expect(result.current).toMatchObject({ name: "a", pending: false, error: { kind: "target_exists", message: "`z` exists" } });
  act(() => result.current.reset());
  expect(result.current.error).toBeUndefined();
});

test("a mutation that cannot even be made ends like one that is refused", async () => {
  const { result } = renderHook(() => useMutation("x", { optimistic: () => [merge("file", "a", { id: "b" })] }), { wrapper: within(cache) });
  await act(async () => {
    await expect(result.current.mutate({})).rejects.toMatchObject({ kind: "mutation.bad_operation" });
  });
  expect(result.current).toMatchObject({ pending: false, error: { kind: "mutation.bad_operation" } });
});

test("a component that is gone when the answer comes is left in peace", async () => {
  const { result, unmount } = renderHook(useRename, { wrapper: within(cache) });
  const done = result.current.mutate({ id: "a", name: "z" });
  unmount();
  cache.reject(cache.pending()[0]!.id, { kind: "x", message: "y" });
  await expect(done).rejects.toMatchObject({ kind: "x" });
});

test("two at once are pending until both are answered", async () => {
  function Buttons() {
    const { mutate, pending } = useMutation<Rename>("files.rename");
    return <button onClick={() => void mutate({ id: "a", name: "z" })}>{pending ? "saving" : "saved"}</button>;
  }
  render(<Buttons />, { wrapper: within(cache) });
  act(() => screen.getByRole("button").click());
  act(() => screen.getByRole("button").click());
  const ids = cache.pending().map(({ id }) => id);
  expect(ids).toHaveLength(2);
  await act(async () => cache.ack(ids[0]!));
  expect(screen.getByRole("button").textContent).toBe("saving");
  await act(async () => cache.ack(ids[1]!));
  expect(screen.getByRole("button").textContent).toBe("saved");
});
