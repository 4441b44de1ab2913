import { merge, remove, upsert } from "@larder/client";
import { useMutation } from "@larder/react";
import { expectTypeOf, test } from "vitest";

test("merge takes some fields of a row, and of an object in it some of its fields", () => {
  merge("file", "f", { name: "a", meta: { width: 1 } });
  merge("file", "f", { meta: null, tag_ids: ["1"] });
  merge("tag", 1, {});
  // @ts-expect-error
  merge("files", "f", {});
  // @ts-expect-error: files have text for ids
  merge("file", 1, {});
  // @ts-expect-error
  merge("file", "f", { name: 1 });
  // @ts-expect-error
  merge("file", "f", { name: "a", nam: "a" });
  // @ts-expect-error
  merge("file", "f", { meta: { width: 1, depth: 1 } });
  // @ts-expect-error: arrays are replaced whole
  merge("file", "f", { tag_ids: [1] });
});

test("upsert takes a whole row", () => {
  upsert("tag", { id: 1, name: "a", owner: null });
  // @ts-expect-error: its name is missing
  upsert("tag", { id: 1 });
  // @ts-expect-error
  upsert("tag", { id: 1, name: "a", owner: null, colour: "red" });
});

test("what is embedded is written as a resource or as its id", () => {
  upsert("tag", { id: 1, name: "a", owner: { id: "u", email: "x" } });
  merge("tag", 1, { owner: { id: "u", email: "x" } });
  merge("tag", 1, { owner: "u" });
  // @ts-expect-error: a user has an email
  merge("tag", 1, { owner: { id: "u" } });
  // @ts-expect-error
  upsert("tag", { id: 1, name: "a", owner: 1 });
});

test("remove takes a registered type and its id", () => {
  remove("tag", 1);
  // @ts-expect-error
  remove("tags", 1);
});

test("a mutation's arguments are those it was declared with, or those of its optimistic operations", () => {
  const rename = useMutation<{ id: string; name: string }>("files.rename", { optimistic: ({ id, name }) => [merge("file", id, { name })] });
  expectTypeOf(rename.mutate).parameter(0).toEqualTypeOf<{ id: string; name: string }>();
  const resize = useMutation("files.resize", { optimistic: ({ id, size }: { id: string; size: number }) => [merge("file", id, { size })] });
  expectTypeOf(resize.mutate).parameter(0).toEqualTypeOf<{ id: string; size: number }>();
  // @ts-expect-error
  void resize.mutate({ id: "f" });
});
