import { describe, expectTypeOf, test } from "vitest";
import { createCache, defineRegistry, type Registry, type RegistrySpec, type ResourcesOf, type } from "../../src/index.js";
import { defined, type File, generated, type Resources, type Tag, type User } from "./library.js";

test("a registry by hand has the types of a generated one", () => {
  expectTypeOf<ResourcesOf<typeof defined>>().toEqualTypeOf<Resources>();
  expectTypeOf(defined).toExtend<RegistrySpec>();
  expectTypeOf(generated).toEqualTypeOf<Registry<Resources>>();
});

test("a cache knows its types from its registry", async () => {
  const cache = await createCache({ registry: defined });
  expectTypeOf(cache.entity("tag", "t").getSnapshot()).toEqualTypeOf<Tag | undefined>();
  const plain = await createCache({ registry: { types: [{ name: "file" }] } });
  expectTypeOf(plain.entity("job", "j").getSnapshot()).toEqualTypeOf<unknown>();
});

describe("a registry by hand is refused for", () => {
  test("fields that the row does not have", () => {
    // @ts-expect-error
    defineRegistry({ file: { row: type<File>(), id: "di" } });
    // @ts-expect-error
    defineRegistry({ file: { row: type<File>(), index: ["name", "nam"] } });
    // @ts-expect-error
    defineRegistry({ file: { row: type<File>(), index: ["meta.camera.mode"] } });
    // @ts-expect-error
    defineRegistry({ file: { row: type<File>(), fields: { nam: "union" } } });
    // @ts-expect-error: a version is a number
    defineRegistry({ file: { row: type<File>(), version: "name" } });
  });

  test("an id that nobody has named", () => {
    defineRegistry({ page: { row: type<{ slug: string }>(), id: "slug" } });
    // @ts-expect-error: it has no field `id`
    defineRegistry({ page: { row: type<{ slug: string }>() } });
  });

  test("entries that mean nothing", () => {
    // @ts-expect-error
    defineRegistry({ file: { row: type<File>(), versoin: "version" } });
    // @ts-expect-error
    defineRegistry({ file: { row: type<File>(), merge: "deeep" } });
    // @ts-expect-error
    defineRegistry({ file: { row: type<File>(), fields: { name: "deeep" } } });
    // @ts-expect-error: nothing says what a row is
    defineRegistry({ file: {} });
    // @ts-expect-error
    defineRegistry({ file: { row: type<File>() } }, { unknownTypes: "ignore" });
  });

  test("relations that lead nowhere", () => {
    // @ts-expect-error: there is no resource type `tag`
    defineRegistry({ file: { row: type<File>(), relations: { tags: { to: "tag", kind: "many", field: "tag_ids" } } } });
    // @ts-expect-error: a row has no such field
    defineRegistry({ file: { row: type<File>(), relations: { tags: { to: "file", kind: "many", field: "tag_id" } } } });
    // @ts-expect-error: many need an array
    defineRegistry({ file: { row: type<File>(), relations: { tags: { to: "file", kind: "many", field: "name" } } } });
    // @ts-expect-error
    defineRegistry({ file: { row: type<File>(), relations: { parent: { to: "file", kind: "once", field: "parent_id" } } } });
    // @ts-expect-error
    defineRegistry({ file: { row: type<File>(), relations: { parent: { to: "file", kind: "one", field: "parent_id", hold: "ids" } } } });
    defineRegistry({
      file: { row: type<File>() },
      // @ts-expect-error: the field is one of files
      user: { row: type<User>(), relations: { files: { to: "file", kind: "many", field: "email", holds: "reverse" } } },
    });
  });
});
