import { createCache, merge, upsert } from "@larder/client";
import { expect, expectTypeOf, it } from "vitest";
import { type Album, type Artist, registry } from "./generated";

// `Album` and `Artist` are two structs in Rust (`codegen/tests/it/album.rs`); all TypeScript about them is generated.

const BLUE = "0190c5a0-0000-7000-8000-000000000001";
const HEJIRA = "0190c5a0-0000-7000-8000-000000000002";
const joni: Artist = { id: "0190c5a0-0000-7000-8000-0000000000aa", name: "Joni Mitchell" };

/** An event as the backend sends it: with whole artists. */
const changed = (id: string, title: string, year: number | null = null, version = 1) => ({
  ResourceChanged: { resource_type: "album", resource: { id, title, year, artists: [joni], version } },
});

it("has an event of a new type in a live query over its fields", async () => {
  const cache = await createCache({ registry });
  const albums = cache.liveQuery({ from: "album", where: { title: { gte: "B" } }, orderBy: [{ title: "asc" }] });
  cache.apply(changed(HEJIRA, "Hejira"));
  cache.apply(changed(BLUE, "Blue", 1971));
  cache.apply(changed("0190c5a0-0000-7000-8000-000000000003", "A"));
  const { data } = albums.getSnapshot();
  expectTypeOf(data).toEqualTypeOf<readonly Album[]>();
  expect(data).toEqual([
    { id: BLUE, title: "Blue", year: 1971, artists: [joni.id], version: 1 },
    { id: HEJIRA, title: "Hejira", year: null, artists: [joni.id], version: 1 },
  ]);
  cache.apply(changed(BLUE, "Blue (remastered)", 1971, 2));
  expect(albums.getSnapshot().data[0]?.title).toBe("Blue (remastered)");
  cache.dispose();
});

it("gives what was embedded back through include, with its type", async () => {
  const cache = await createCache({ registry });
  cache.apply(changed(BLUE, "Blue"));
  const [album] = cache.liveQuery({ from: "album", include: { artists: true } }).getSnapshot().data;
  expectTypeOf(album?.artists).toEqualTypeOf<readonly Artist[] | undefined>();
  expect(album?.artists).toEqual([joni]);
  const [artist] = cache.liveQuery({ from: "artist", include: { albums: { orderBy: [{ title: "asc" }] } } }).getSnapshot().data;
  expect(artist?.albums.map((one) => one.title)).toEqual(["Blue"]);
  cache.dispose();
});

it("shows an optimistic edit, whose fields are checked", async () => {
  const cache = await createCache({ registry });
  cache.apply(changed(BLUE, "Blue"));
  const album = cache.entity("album", BLUE);
  cache.mutate({ name: "albums.date", optimistic: [merge("album", BLUE, { year: 1971 })] });
  expect(album.getSnapshot()?.year).toBe(1971);
  cache.mutate({ name: "artists.add", optimistic: [upsert("artist", { id: joni.id, name: "Roberta Joan Anderson" })] });
  expect(cache.entity("artist", joni.id).getSnapshot()?.name).toBe("Roberta Joan Anderson");
  cache.dispose();
});

it("does not compile with names and values that the structs do not have", async () => {
  const cache = await createCache({ registry });
  const wrong = [
    // @ts-expect-error there is no such resource type
    () => cache.liveQuery({ from: "record" }),
    // @ts-expect-error there is no such field
    () => cache.liveQuery({ from: "album", where: { name: "Blue" } }),
    // @ts-expect-error a year is a number
    () => cache.liveQuery({ from: "album", where: { year: "1971" } }),
    // @ts-expect-error there is no such relation
    () => cache.liveQuery({ from: "album", include: { tracks: true } }),
    // @ts-expect-error a title is text
    () => merge("album", BLUE, { title: 1 }),
  ];
  expect(wrong).toHaveLength(5);
  cache.dispose();
});
