import { expect, test } from "vitest";
import { canonicalJson } from "../src/canonical.js";

test("any text is quoted as JSON.stringify does it", () => {
  const characters = Array.from({ length: 0x110 }, (_, code) => String.fromCharCode(code));
  for (const text of [...characters, "\u2028", "\u2029", "\ud7ff", "\ud800", "\udfff", "\ue000", "\uffff", "\u{1f600}", "a\"b\\c", ""]) {
    expect(canonicalJson(text)).toBe(JSON.stringify(text));
    expect(canonicalJson({ [text]: text })).toBe(JSON.stringify({ [text]: text }));
  }
});

test("values with the same content have the same text, in whatever order they were written", () => {
  const one = { where: { b: [1, null, { d: 1, c: undefined }], a: new Date(0) }, from: "file", limit: undefined };
  const other = { from: "file", where: { a: "1970-01-01T00:00:00.000Z", b: [1, null, { d: 1 }] } };
  expect(canonicalJson(one)).toBe(canonicalJson(other));
  expect(JSON.parse(canonicalJson(one))).toEqual(other);
});
