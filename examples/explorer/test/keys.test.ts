import { expect, test } from "vitest";

import { movedIndex } from "../src/list/moved_index";

test.each([
  ["ArrowDown", -1, 0],
  ["ArrowDown", 9, 9],
  ["ArrowUp", -1, 9],
  ["ArrowUp", 0, 0],
  ["PageDown", 2, 6],
  ["PageDown", 8, 9],
  ["PageUp", 8, 4],
  ["PageUp", 1, 0],
  ["Home", 5, 0],
  ["End", 5, 9],
])("%s leads from row %d to row %d", (key, from, to) => {
  expect(movedIndex(key, from, 10, 4)).toBe(to);
});

test("other keys and empty lists lead nowhere", () => {
  expect(movedIndex("x", 3, 10, 4)).toBeNull();
  expect(movedIndex("End", -1, 0, 4)).toBeNull();
});
