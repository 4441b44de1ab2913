import { createCache, type RegistrySpec } from "@larder/client";
import { act, cleanup, render, screen } from "@testing-library/react";
import { memo } from "react";
import { afterEach, expect, test } from "vitest";
import { useLiveQuery } from "../src/index.js";
import { batch, changed, wasm, within } from "./world.js";

interface Row {
  readonly id: string;
  readonly tags: readonly { readonly id: string; readonly name: string }[];
}

const registry: RegistrySpec = {
  types: [{ name: "file", relations: { tags: { to: "tag", kind: "many", field: "tag_ids" } } }, { name: "tag" }],
};

afterEach(cleanup);

test("a renamed tag renders the rows that show it, and no other", async () => {
  const cache = await createCache({ registry, wasm });
  cache.apply(batch([{ id: "red", name: "red" }, { id: "blue", name: "blue" }], "tag"));
  cache.apply(batch([{ id: "a", tag_ids: ["red"] }, { id: "b", tag_ids: ["blue", "red"] }, { id: "c", tag_ids: ["blue"] }, { id: "d", tag_ids: [] }]));

  const renders = { list: 0, rows: [] as string[], chips: [] as string[] };
  const Chip = memo(({ tag }: { tag: Row["tags"][number] }) => {
    renders.chips.push(tag.id);
    return <b>{tag.name}</b>;
  });
  const File = memo(({ file }: { file: Row }) => {
    renders.rows.push(file.id);
    return <li>{file.tags.map((tag) => <Chip key={tag.id} tag={tag} />)}</li>;
  });
  function Files() {
    renders.list++;
    return <ul>{useLiveQuery<Row>({ from: "file", include: { tags: true } }).data.map((file) => <File key={file.id} file={file} />)}</ul>;
  }
  render(<Files />, { wrapper: within(cache) });
  expect(renders.rows).toEqual(["a", "b", "c", "d"]);

  Object.assign(renders, { list: 0, rows: [], chips: [] });
  act(() => void cache.apply(changed({ id: "red", name: "pink" }, "tag")));
  expect(renders).toEqual({ list: 1, rows: ["a", "b"], chips: ["red", "red"] });
  expect(screen.getAllByText("pink")).toHaveLength(2);

  Object.assign(renders, { list: 0, rows: [], chips: [] });
  act(() => void cache.apply(changed({ id: "unused", name: "unused" }, "tag")));
  expect(renders.list).toBe(0);
  cache.dispose();
});
