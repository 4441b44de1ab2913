import { describe, expect, test } from "vitest";
import { createCache, LarderError } from "../src/index.js";
import { changed, event, file, newCache, registry } from "./world.js";

const encode = (text: string) => new TextEncoder().encode(text);
const good = () => JSON.stringify(changed(file("a")));

const bad: [what: string, event: string | Uint8Array | object, kind: string][] = [
  ["an empty text", "", "event.malformed_json"],
  ["a truncated text", good().slice(0, -3), "event.malformed_json"],
  ["text behind the event", `${good()}}`, "event.malformed_json"],
  ["an array", "[]", "event.wrong_type"],
  ["a number", "17", "event.wrong_type"],
  ["an unknown kind", { SomethingElse: {} }, "event.unknown_kind"],
  ["an unknown kind in an envelope", event(1, "SomethingElse", {}), "event.unknown_kind"],
  ["no resource", { ResourceChanged: { resource_type: "file" } }, "event.missing_field"],
  ["no id", changed({ name: "a" }), "event.missing_field"],
  ["an id that is an object", changed({ id: {} }), "event.wrong_type"],
  ["a fraction as id", changed({ id: 1.5 }), "event.wrong_type"],
  ["a resource that is a text", changed("a" as never), "event.wrong_type"],
  ["a resource type that is a number", changed(file("a"), 7 as never), "event.wrong_type"],
  ["an integer beyond 2^53", `{"ResourceChanged":{"resource_type":"file","resource":{"id":"a","n":9007199254740993}}}`, "event.unsafe_number"],
  ["a key that comes twice", `{"ResourceChanged":{"resource_type":"file","resource":{"id":"a","id":"b"}}}`, "event.duplicate_key"],
  ["a depth bomb", `{"ResourceChanged":{"resource_type":"file","resource":{"id":"a","x":${"[".repeat(200_000)}`, "event.too_deep"],
  ["bytes that are not UTF-8", encode(good()).map((byte) => (byte === 0x61 ? 0xff : byte)), "event.not_utf8"],
  ["a string of 20 MB", changed({ id: "a", text: "x".repeat(20 << 20) }), "event.string_too_long"],
];

describe("an event that cannot be taken", () => {
  test.each(bad)("%s is an error of a stable kind, changes nothing, and the next event works", async (_what, event, kind) => {
    const cache = await newCache();
    cache.apply(changed(file("before")));
    const files = cache.liveQuery({ from: "file" });
    let told = 0;
    files.subscribe(() => told++);
    const before = files.getSnapshot();

    let caught: unknown;
    try {
      cache.apply(event);
    } catch (error) {
      caught = error;
    }
    expect(caught).toBeInstanceOf(LarderError);
    expect({ kind: (caught as LarderError).kind, message: (caught as LarderError).message }).toEqual({ kind, message: expect.stringMatching(/\w/) });
    expect(files.getSnapshot()).toBe(before);
    expect(told).toBe(0);
    expect(cache.stats()).toMatchObject({ entities: 1, eventsRefused: 1 });

    cache.apply(changed(file("after")));
    expect(files.getSnapshot().total).toBe(2);
    expect(told).toBe(1);
    cache.dispose();
  });

  test("an event larger than the limit is refused", async () => {
    const cache = await createCache({ registry, limits: { maxEventBytes: 1000 } });
    expect(() => cache.apply(changed(file("a", "x".repeat(2000))))).toThrow(expect.objectContaining({ kind: "event.too_large" }));
    cache.apply(changed(file("a")));
  });
});

test.each<[string, object, string]>([
  ["a type without a name", { types: [{ name: "" }] }, "registry.empty_name"],
  ["a type declared twice", { types: [{ name: "file" }, { name: "file" }] }, "registry.duplicate_type"],
  ["an unknown key", { types: [{ name: "file", key: "id" }] }, "registry.malformed"],
  ["a relation that leads nowhere", { types: [{ name: "file", relations: { tags: { to: "tag", kind: "many", field: "tag_ids" } } }] }, "registry.unknown_relation_target"],
])("a registry with %s is refused when the cache is made", async (_what, wrong, kind) => {
  await expect(createCache({ registry: wrong as never })).rejects.toMatchObject({ name: "LarderError", kind });
});

test("limits of the wrong type are refused when the cache is made", async () => {
  const limits = { maxDepth: "deep" } as never;
  await expect(createCache({ registry, limits })).rejects.toMatchObject({ name: "LarderError", message: /maxDepth|invalid type/ });
});
