import { createCache } from "@larder/client";
import { expect, expectTypeOf, it } from "vitest";
import sample from "../../sample/photo.json";
import { type Change, type Event, type Photo, type PhotoState, type Rated, registry, type Scalar, type Source } from "./generated";

/** What serde writes for one, without what is embedded. */
const row = {
  id: "0190c5a0-0000-7000-8000-00000000000a",
  revision: 9007199254740991,
  name: 'Cliff "at" dawn',
  originalId: null,
  takenAt: "2026-11-21T10:00:00.250001Z",
  edits: ["2026-11-21T11:00:00.000001Z"],
  printedOn: "2026-12-24",
  stars: 5,
  views: 4294967295,
  bytes: -1,
  brightness: 0.5,
  hidden: true,
  keywords: ["a"],
  state: "in_progress",
  camera: { "model-name": "X", lens: { focal_length: 35, bought: null } },
  latitude: 1.5,
  longitude: null,
  sizes: { small: { width: 1, height: 2 } },
  byState: { default: 3 },
  people: ["0190c5a0-0000-7000-8000-00000000000b"],
  faces: [["0190c5a0-0000-7000-8000-00000000000b", [1, 2, 3, 4]]],
  crop: [7, 8],
  palette: [1, 2, 3],
  source: { import: { fromUrl: "u", by: "0190c5a0-0000-7000-8000-00000000000c" } },
  event: { type: "created", photoId: "0190c5a0-0000-7000-8000-00000000000a", at: "2026-11-21T10:00:00.999999Z" },
  change: { t: "Moved", c: ["a", "b"] },
  value: { person: "0190c5a0-0000-7000-8000-00000000000b" },
  rating: { what: "fine", stars: null },
  folders: { name: "f", folders: [], parent: { name: "g", folders: [], parent: null } },
  extra: { any: [1, null] },
  class: "live",
  device: null,
  score: 2,
  words: {
    container: true,
    decoder: null,
    encoder: "0190c5a0-0000-7000-8000-00000000000d",
    reader: 1,
    self: 2,
    init: { Repeat: { container: 1, encoder: 2, default: 3 } },
    in: 4,
    "2nd": 5,
  },
  weight: "1.5",
} as const satisfies Omit<Photo, "tags" | "cover">;

it("reads rows of everything that has a counterpart", async () => {
  const cache = await createCache({ registry });
  cache.apply({ ResourceChanged: { resource_type: "photo", resource: sample } });
  const [photo] = cache.liveQuery({ from: "photo", where: { "camera.lens.focal_length": { gt: 20 } } }).getSnapshot().data;
  expectTypeOf(photo).toEqualTypeOf<Photo | undefined>();
  expect(photo).toEqual({ ...row, tags: ["sea"], cover: "top" });
  const [included] = cache.liveQuery({ from: "photo", include: { tags: true, cover: true, comments: true } }).getSnapshot().data;
  expect(included?.tags[0]?.color).toBe("#00f");
  expect(included?.cover?.slug).toBe("top");
  expect(included?.comments).toEqual([]);
  cache.dispose();
});

it("has types that narrow as serde's taggings do", () => {
  const inner = (event: Event) => (event.type === "created" ? event.photoId : event.type === "resized" ? event.width : null);
  expectTypeOf(inner).returns.toEqualTypeOf<string | number | null>();
  const beside = (change: Change) => (change.t === "Stars" ? change.c : null);
  expectTypeOf(beside).returns.toEqualTypeOf<number | null>();
  const outer = (source: Source) => (typeof source === "object" && "card" in source ? source.card.width : null);
  expectTypeOf(outer).returns.toEqualTypeOf<number | null>();
  expectTypeOf<PhotoState>().toEqualTypeOf<"inbox" | "in_progress" | "default">();
  expectTypeOf<Extract<Scalar, number>>().toEqualTypeOf<number>();
  expectTypeOf<Rated<boolean>["what"]>().toEqualTypeOf<boolean>();
});

it("has optional members where a backend may leave them out, and only there", () => {
  type Optional = { [K in keyof Photo]-?: undefined extends Photo[K] ? K : never }[keyof Photo];
  expectTypeOf<Exclude<Optional, "extra">>().toEqualTypeOf<"caption" | "keywords">();
  const change = (photo: Photo) => {
    // @ts-expect-error nobody may change what the cache has handed out
    photo.name = "other";
  };
  expect(change).toBeTypeOf("function");
});
