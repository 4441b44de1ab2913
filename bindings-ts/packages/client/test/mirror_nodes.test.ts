import { expect, test } from "vitest";
import { Mirror, type Shown } from "../src/mirror.js";
import { EMPTY_RESULT } from "../src/result.js";
import { asMemory, encodePatch, type PatchParts } from "./encode_patch.js";

const FILE = 0;
const TAG = 1;
const SHAPE = 2 ** 31;

interface File {
  readonly id: number;
  readonly tags: readonly object[];
  readonly parent: object | null;
}

const tags = { name: "tags", many: true, child: TAG };
const parent = { name: "parent", many: false, child: FILE };
const shape = { type: SHAPE, base: FILE, edges: [tags, parent] };
const file = (slot: number, name = "a") => ({ type: FILE, slot, json: JSON.stringify({ id: slot, name }) });
const tag = (slot: number, color = "red") => ({ type: TAG, slot, json: JSON.stringify({ id: slot, color }) });
const node = (slot: number, tagSlots: number[], parentSlots: number[] = []) => ({ type: SHAPE, slot, edges: [tagSlots, parentSlots] });
const splice = (position: number, remove: number, insert: number[]) => ({ position, remove, insert });

/** Two files, of which the first has two tags and the second is its parent, in one query. */
function twoFiles() {
  const mirror = new Mirror<Shown>();
  const view: Shown = { result: EMPTY_RESULT, changed: false };
  mirror.mount(1, view);
  const apply = (parts: Partial<PatchParts>) => {
    const { words, bytes } = asMemory(encodePatch({ rows: [], released: [], queries: [], ...parts }), 0);
    mirror.apply(words, bytes, 0, []);
    return view.result.data as readonly File[];
  };
  const again = (...slots: number[]) => [
    { query: 1, type: SHAPE, reset: false, total: 2, length: 2, splices: slots.map((slot) => splice(slot, 1, [slot])) },
  ];
  const data = apply({
    rows: [tag(0), tag(1), file(0), file(1)],
    shapes: [shape],
    nodes: [node(0, [0, 1], [1]), node(1, [])],
    queries: [{ query: 1, type: SHAPE, reset: true, total: 2, length: 2, splices: [splice(0, 0, [0, 1])] }],
  });
  return { data, apply, again };
}

test("a row is put together with the objects that its relations lead to", () => {
  expect(twoFiles().data).toEqual([
    { id: 0, name: "a", tags: [{ id: 0, color: "red" }, { id: 1, color: "red" }], parent: { id: 1, name: "a" } },
    { id: 1, name: "a", tags: [], parent: null },
  ]);
});

test("a changed child gives new objects to the rows that show it, and to no other", () => {
  const { data, apply, again } = twoFiles();
  const after = apply({ rows: [tag(1, "blue")], nodes: [node(0, [0, 1], [1])], queries: again(0) });
  expect(after[0]).not.toBe(data[0]);
  expect(after[0]?.tags).toEqual([{ id: 0, color: "red" }, { id: 1, color: "blue" }]);
  expect(after[0]?.tags[0]).toBe(data[0]?.tags[0]);
  expect(after[0]?.parent).toBe(data[0]?.parent);
  expect(after[1]).toBe(data[1]);
  expect(data[0]?.tags[1]).toEqual({ id: 1, color: "red" });
});

test("a list of children in which nothing changed is the same list in the new object", () => {
  const { data, apply, again } = twoFiles();
  const after = apply({ rows: [file(0, "b")], nodes: [node(0, [0, 1], [1])], queries: again(0) });
  expect(after[0]).toMatchObject({ name: "b" });
  expect(after[0]?.tags).toBe(data[0]?.tags);
  const fewer = apply({ nodes: [node(0, [1], [1])], queries: again(0) });
  expect(fewer[0]?.tags).not.toBe(data[0]?.tags);
  expect(fewer[0]?.tags).toEqual([{ id: 1, color: "red" }]);
});

test("a slot that was given up and is used again has nothing of the object before", () => {
  const { data, apply } = twoFiles();
  apply({
    released: [{ type: SHAPE, slot: 0 }, { type: FILE, slot: 0 }],
    queries: [{ query: 1, type: SHAPE, reset: false, total: 1, length: 1, splices: [splice(0, 1, [])] }],
  });
  const after = apply({
    rows: [file(0, "new")],
    nodes: [node(0, [0, 1])],
    queries: [{ query: 1, type: SHAPE, reset: false, total: 2, length: 2, splices: [splice(0, 0, [0])] }],
  });
  expect(after[0]).toMatchObject({ name: "new", parent: null });
  expect(after[0]?.tags).not.toBe(data[0]?.tags);
  expect(after[0]?.tags[0]).toBe(data[0]?.tags[0]);
});

test("a number that stands for another shape builds the objects of that one", () => {
  const { apply } = twoFiles();
  apply({
    released: [{ type: SHAPE, slot: 0 }, { type: SHAPE, slot: 1 }],
    queries: [{ query: 1, type: SHAPE, reset: true, total: 0, length: 0, splices: [] }],
  });
  const after = apply({
    shapes: [{ type: SHAPE, base: TAG, edges: [{ name: "files", many: true, child: FILE }] }],
    nodes: [{ type: SHAPE, slot: 1, edges: [[1, 0]] }],
    queries: [{ query: 1, type: SHAPE, reset: true, total: 1, length: 1, splices: [splice(0, 0, [1])] }],
  });
  expect(after).toEqual([{ id: 1, color: "red", files: [{ id: 1, name: "a" }, { id: 0, name: "a" }] }]);
});

test("an object of a shape that was never defined is refused", () => {
  const { apply } = twoFiles();
  const attempt = () => apply({ nodes: [{ type: SHAPE + 1, slot: 0, edges: [] }] });
  expect(attempt).toThrow(expect.objectContaining({ kind: "patch.corrupt" }));
});
