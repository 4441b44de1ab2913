// @vitest-environment node
import { renderToString } from "react-dom/server";
import { expect, test } from "vitest";
import { LarderProvider, useEntity, useLiveQuery, useMutation, useSyncStatus } from "../src/index.js";
import { changed, file, newCache } from "./world.js";

function Page() {
  const { data, total, status } = useLiveQuery({ from: "file" });
  const { pending } = useMutation("files.rename");
  return <p>{`${data.length} of ${total}, ${status}, ${useSyncStatus().phase}, ${String(pending)}, ${String(useEntity("file", "a"))}`}</p>;
}

test("on a server the packages load and hooks render an empty cache, so that the browser can begin with the same", async () => {
  expect(typeof (globalThis as { window?: unknown }).window).toBe("undefined");
  const cache = await newCache();
  cache.apply(changed(file("a")));
  const html = renderToString(<LarderProvider client={cache}><Page /></LarderProvider>);
  expect(html).toBe("<p>0 of 0, offline, offline, false, undefined</p>");
  expect(cache.stats().queries).toBe(0);
});
