import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { expect, test } from "vitest";
import { Mirror, type Shown } from "../src/mirror.js";
import { EMPTY_RESULT } from "../src/result.js";
import { asMemory, encodePatch, type PatchParts } from "./encode_patch.js";

const folder = new URL("../../../../tests/golden/patch/", import.meta.url);

interface Case {
  readonly about: string;
  readonly steps: readonly (PatchParts & {
    readonly patch: string;
    readonly shows: { readonly [query: string]: { readonly total: number; readonly data: readonly unknown[]; readonly aggregates?: object } };
  })[];
}

const casesIn = (part: string) =>
  readdirSync(new URL(part, folder))
    .filter((name) => name.endsWith(".json"))
    .map((name) => [part + name.slice(0, -5), part, JSON.parse(readFileSync(new URL(part + name, folder), "utf8")) as Case] as const);
const cases = [...casesIn(""), ...casesIn("changes/")];

test("there are golden patches", () => expect(cases.length).toBeGreaterThanOrEqual(13));

test.each(cases)("the golden patch %s has the bytes of its description and shows what it says", (_name, part, { steps }) => {
  const mirror = new Mirror<Shown>();
  const shown = new Map<string, Shown>();
  for (const step of steps) {
    const file = new URL(part + step.patch, folder);
    if (process.env["LARDER_UPDATE_GOLDEN"]) writeFileSync(file, encodePatch(step));
    const patch = new Uint8Array(readFileSync(file));
    expect(patch).toEqual(encodePatch(step));

    for (const { query } of step.queries) {
      if (shown.has(String(query))) continue;
      const view = { result: EMPTY_RESULT, changed: false };
      shown.set(String(query), view);
      mirror.mount(query, view);
    }
    const before = new Map([...shown].map(([query, view]) => [query, view.result]));
    const { words, bytes } = asMemory(patch, 16);
    const changed: Shown[] = [];
    mirror.apply(words, bytes, 16, changed);

    const shows = Object.entries(step.shows).map(([query, result]) => [query, { complete: true, ...result }]);
    expect(Object.fromEntries([...shown].map(([query, view]) => [query, view.result]))).toEqual(Object.fromEntries(shows));
    for (const [query, view] of shown) {
      const isOther = JSON.stringify(view.result) !== JSON.stringify(before.get(query));
      expect(view.result === before.get(query)).toBe(!isOther);
      expect(changed.includes(view)).toBe(isOther);
      view.changed = false;
    }
  }
});
