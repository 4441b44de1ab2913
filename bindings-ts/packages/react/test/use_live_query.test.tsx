import type { Cache, Query } from "@larder/client";
import { act, cleanup, render, renderHook, screen } from "@testing-library/react";
import { Component, memo, type ReactNode, StrictMode, useState } from "react";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { LarderProvider, type LiveQueryState, useLiveQuery } from "../src/index.js";
import { batch, changed, countSubscriptions, type File, file, newCache, within } from "./world.js";

let cache: Cache;
beforeEach(async () => {
  cache = await newCache();
  cache.apply(batch([file("a"), file("b"), file("c")]));
});
afterEach(() => {
  cleanup();
  cache.dispose();
});

describe("useLiveQuery", () => {
  test("has the result at the first render and follows it", () => {
    const seen: string[][] = [];
    const { result } = renderHook(
      () => {
        const state = useLiveQuery<File>({ from: "file", orderBy: [{ name: "asc" }] });
        seen.push(state.data.map(({ name }) => name));
        return state;
      },
      { wrapper: within(cache) },
    );
    act(() => void cache.apply(changed(file("b", "z"))));
    expect(seen).toEqual([["a", "b", "c"], ["a", "c", "z"]]);
    expect(result.current).toEqual({ data: [file("a"), file("c"), file("b", "z")], total: 3, complete: true, status: "offline" });
  });

  test("returns the same object and renders nothing when nothing it shows changes", () => {
    let renders = 0;
    const { result, rerender } = renderHook(
      () => {
        renders++;
        return useLiveQuery<File>({ from: "file", where: { size: { lt: 5 } }, limit: 2 });
      },
      { wrapper: within(cache) },
    );
    const before = result.current;
    act(() => void cache.apply(changed(file("z", "z", 9))));
    act(() => void cache.apply(changed({ id: "t" }, "tag")));
    expect(renders).toBe(1);
    rerender();
    expect(result.current).toBe(before);
  });

  test("has the figures beside the rows, and renders when only they change", () => {
    const query = { from: "file", limit: 1, aggregate: { n: "count", most: { max: "name" } } } as const;
    const { result } = renderHook(() => useLiveQuery<File>(query), { wrapper: within(cache) });
    expect(result.current.aggregates).toEqual({ n: 3, most: "c" });
    const { data } = result.current;
    act(() => void cache.apply(changed(file("c", "z"))));
    expect(result.current.aggregates).toEqual({ n: 3, most: "z" });
    expect(result.current.data).toBe(data);
  });

  test("an inline query subscribes once, however often it renders and whatever the order of its keys", () => {
    const counts = countSubscriptions(cache);
    const { rerender, unmount } = renderHook(
      ({ flip }) => useLiveQuery(flip ? { from: "file", where: { size: 1, name: "a" } } : { where: { name: "a", size: 1 }, from: "file" }),
      { wrapper: within(cache), initialProps: { flip: false } },
    );
    for (let i = 0; i < 10; i++) rerender({ flip: i % 2 === 0 });
    act(() => void cache.apply(changed(file("d"))));
    expect(counts).toEqual({ begun: 1, ended: 0 });
    unmount();
    expect(counts).toEqual({ begun: 1, ended: 1 });
  });

  test("another window comes with the very render that asks for it: nothing flashes", () => {
    const seen: [number, string[]][] = [];
    const { rerender } = renderHook(
      ({ offset }) => {
        const { data } = useLiveQuery<File>({ from: "file", orderBy: [{ name: "asc" }], limit: 2, offset });
        seen.push([offset, data.map(({ name }) => name)]);
      },
      { wrapper: within(cache), initialProps: { offset: 0 } },
    );
    rerender({ offset: 1 });
    rerender({ offset: 2 });
    rerender({ offset: 0 });
    expect(seen).toEqual([[0, ["a", "b"]], [1, ["b", "c"]], [2, ["c"]], [0, ["a", "b"]]]);
  });

  test("null asks for nothing, and can become a query and back", () => {
    const { result, rerender } = renderHook(({ query }: { query: Query | null }) => useLiveQuery<File>(query), {
      wrapper: within(cache),
      initialProps: { query: null as Query | null },
    });
    expect(result.current).toEqual({ data: [], total: 0, complete: false, status: "offline" });
    rerender({ query: { from: "file" } });
    expect(result.current.total).toBe(3);
    rerender({ query: null });
    expect(result.current.total).toBe(0);
  });

  test("a wrong query is thrown to the error boundary, by name, and the rest of the page goes on", () => {
    class Boundary extends Component<{ children: ReactNode }, { message?: string }> {
      override state: { message?: string } = {};
      static getDerivedStateFromError(error: Error) {
        return { message: `${(error as { kind?: string }).kind}: ${error.message}` };
      }
      override render() {
        return this.state.message === undefined ? this.props.children : <p role="alert">{this.state.message}</p>;
      }
    }
    function Wrong() {
      useLiveQuery({ from: "file", where: { size: { gtt: 1 } as never } });
      return null;
    }
    function Right() {
      return <b>{useLiveQuery({ from: "file" }).total} files</b>;
    }
    vi.spyOn(console, "error").mockImplementation(() => undefined);
    render(
      <LarderProvider client={cache}>
        <Boundary>
          <Wrong />
        </Boundary>
        <Right />
      </LarderProvider>,
    );
    vi.restoreAllMocks();
    expect(screen.getByRole("alert").textContent).toMatch(/^query\.unknown_operator: .*gtt/);
    expect(screen.getByText("3 files")).toBeTruthy();
  });

  test("only the row that changed renders in a list of memoised rows", () => {
    const renders: string[] = [];
    const Row = memo(({ row }: { row: File }) => {
      renders.push(row.id);
      return <li>{row.name}</li>;
    });
    function List() {
      return useLiveQuery<File>({ from: "file" }).data.map((row) => <Row key={row.id} row={row} />);
    }
    render(<List />, { wrapper: within(cache) });
    renders.length = 0;
    act(() => void cache.apply(changed(file("b", "new"))));
    expect(renders).toEqual(["b"]);
    expect(screen.getByText("new")).toBeTruthy();
  });

  test("without a provider it says what is missing", () => {
    vi.spyOn(console, "error").mockImplementation(() => undefined);
    expect(() => renderHook(() => useLiveQuery({ from: "file" }))).toThrow(/LarderProvider/);
    vi.restoreAllMocks();
  });
});

describe("StrictMode", () => {
  test("its double mount does not mount the query in the core twice, and leaves nothing behind", async () => {
    const sent = cache.stats().queriesSent;
    const { unmount } = render(
      <StrictMode>
        <LarderProvider client={cache}>
          <Total />
        </LarderProvider>
      </StrictMode>,
    );
    expect(cache.stats().queriesSent - sent).toBe(1);
    act(() => void cache.apply(changed(file("d"))));
    expect(screen.getByText("4")).toBeTruthy();
    unmount();
    await vi.waitFor(() => expect(cache.stats()).toMatchObject({ queries: 0, hostRows: 0 }), { timeout: 3000 });
  });

  function Total() {
    return <>{useLiveQuery({ from: "file" }).total}</>;
  }

  test("thousands of components come and go without a trace", async () => {
    let setCount: (count: number) => void = () => undefined;
    function Many() {
      const [count, set] = useState(0);
      setCount = set;
      return Array.from({ length: count }, (_, i) => <One key={i} size={i % 100} />);
    }
    function One({ size }: { size: number }) {
      const { total }: LiveQueryState<File> = useLiveQuery<File>({ from: "file", where: { size: { gt: size } } });
      return <i>{total}</i>;
    }
    const { container } = render(<StrictMode><Many /></StrictMode>, { wrapper: within(cache) });
    for (const count of [1000, 10, 1000, 0]) {
      act(() => setCount(count));
      act(() => void cache.apply(changed(file(`n${count}`, "n", count))));
      expect(container.querySelectorAll("i")).toHaveLength(count);
    }
    await vi.waitFor(() => expect(cache.stats()).toMatchObject({ queries: 0, hostRows: 0 }), { timeout: 3000 });
  });
});

test("events from within effects and renders of others reach every component", () => {
  function Writer() {
    const { total } = useLiveQuery({ from: "file" });
    const [first] = useState(total);
    return <button onClick={() => [1, 2].forEach((i) => cache.apply(changed(file(`w${i}`))))}>{total - first} new</button>;
  }
  render(<><Writer /><Writer /></>, { wrapper: within(cache) });
  act(() => screen.getAllByRole("button")[0]!.click());
  expect(screen.getAllByText("2 new")).toHaveLength(2);
});
