import { act, cleanup } from "@testing-library/react";
import { hydrateRoot } from "react-dom/client";
import { renderToString } from "react-dom/server";
import { afterEach, expect, test } from "vitest";
import { LarderProvider, useLiveQuery } from "../src/index.js";
import { changed, file, newCache } from "./world.js";

afterEach(cleanup);

test("a page from a server comes to life without a mismatch and then shows what is there", async () => {
  const Page = () => <p>{useLiveQuery({ from: "file" }).total}</p>;
  const cache = await newCache();
  cache.apply(changed(file("a")));
  const page = <LarderProvider client={cache}><Page /></LarderProvider>;
  document.body.innerHTML = renderToString(page);
  expect(document.body.textContent).toBe("0");
  const errors: unknown[] = [];
  const root = await act(async () => hydrateRoot(document.body, page, { onRecoverableError: (error) => errors.push(error) }));
  expect(document.body.textContent).toBe("1");
  expect(errors).toEqual([]);
  act(() => root.unmount());
});
