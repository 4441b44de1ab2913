import { expect, test } from "vitest";

import { leastUsedColor, PALETTE } from "../src/tag/palette";
import { tagChoices } from "../src/tag/tag_choices";

const tags = ["Finance", "Fine art", "Urgent"].map((name) => ({ id: name, name, color: PALETTE[0], version: 1 }));

test("the menu finds tags by part of the name and offers a new one for anything else", () => {
  const names = (text: string) => tagChoices(tags, text).found.map((tag) => tag.name);
  expect(names("")).toEqual(["Finance", "Fine art", "Urgent"]);
  expect(names("FIN")).toEqual(["Finance", "Fine art"]);
  expect(tagChoices(tags, " Later ").newName).toBe("Later");
  expect(tagChoices(tags, "finance").newName).toBeNull();
  expect(tagChoices(tags, "  ").newName).toBeNull();
});

test("new tags take the colours in turn", () => {
  expect(leastUsedColor([])).toBe(PALETTE[0]);
  expect(leastUsedColor([PALETTE[0].toUpperCase(), "#123456"])).toBe(PALETTE[1]);
  expect(leastUsedColor([...PALETTE, PALETTE[0]])).toBe(PALETTE[1]);
});
