import type { Cache } from "@larder/client";
import { act, cleanup, renderHook } from "@testing-library/react";
import { afterEach, beforeEach, expect, test } from "vitest";
import { useRemoteQuery } from "../src/index.js";
import { changed, type File, file, newCache, within } from "./world.js";

let cache: Cache;
let asked: { id: string; method: string; input: unknown }[];
let receive: (type: string, data: object) => void;

beforeEach(async () => {
  cache = await newCache();
  asked = [];
  const session = cache.attach({
    connect: () => undefined,
    disconnect: () => undefined,
    wakeAt: () => undefined,
    send: (message) => {
      const { type, data } = JSON.parse(message);
      if (type === "query") asked.push(data);
    },
  });
  receive = (type, data) => act(() => session.receive(JSON.stringify({ type, data })));
  session.connected();
  receive("welcome", { protocol: 1, scope: "lib", epoch: "e", sequence: 0 });
  receive("synced", { sequence: 0 });
});
afterEach(() => {
  cleanup();
  cache.dispose();
});

test("useRemoteQuery shows an answer, follows events, and asks for more and again", () => {
  let renders = 0;
  const { result, rerender } = renderHook(
    ({ text }: { text: string | null }) => {
      renders++;
      return useRemoteQuery<File>(text === null ? null : { method: "files.search", input: { text }, from: "file" });
    },
    { wrapper: within(cache), initialProps: { text: "a" as string | null } },
  );
  expect(result.current).toMatchObject({ data: [], status: "pending", isFetching: true, complete: false });
  expect(asked).toMatchObject([{ method: "files.search", input: { text: "a" } }]);
  const id = () => asked[asked.length - 1]?.id;
  receive("result", { id: id(), data: { data: [file("b"), file("a")], meta: { next: 1 } } });
  expect(result.current).toMatchObject({ data: [file("b"), file("a")], status: "ready", hasNextPage: true });
  const [first] = result.current.data;
  const before = renders;
  act(() => void cache.apply(changed(file("a", "new"))));
  expect(renders).toBe(before + 1);
  expect(result.current.data[0]).toBe(first);
  expect(result.current.data[1]).toEqual(file("a", "new"));

  act(() => result.current.fetchNextPage());
  expect(asked).toHaveLength(2);
  receive("result", { id: id(), data: [file("c")] });
  expect(result.current.data).toHaveLength(3);
  act(() => result.current.refetch());
  receive("failed", { id: id(), kind: "denied", message: "not yours" });
  expect(result.current).toMatchObject({ status: "failed", error: { kind: "denied", message: "not yours" } });
  expect(result.current.data).toHaveLength(3);
  rerender({ text: null });
  expect(result.current).toMatchObject({ data: [], status: "pending", isFetching: false });
});
