import { expect, test } from "vitest";
import { batch, changed, deleted, type File, file, newCache, seeded } from "./world.js";

/** What a query should show by the plainest reading. */
function expected(files: Map<string, File>, least: number, offset: number, limit: number | undefined) {
  const matches = [...files.values()]
    .filter(({ size }) => size >= least)
    .sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : a.id < b.id ? -1 : 1));
  return { data: matches.slice(offset, limit === undefined ? undefined : offset + limit), total: matches.length, complete: true };
}

test("after each of many random events, every window shows what sorting and slicing shows, by the fewest new objects", async () => {
  const random = seeded(Number(process.env["LARDER_SEED"] ?? 11));
  const below = (end: number) => Math.floor(random() * end);
  const cache = await newCache();
  const files = new Map<string, File>();
  const windows = [[0, 0, undefined], [0, 0, 5], [0, 3, 5], [4, 0, 1], [4, 10, 10], [9, 2, undefined], [0, 60, 10]] as const;
  const views = windows.map(([least, offset, limit]) => {
    const query = { from: "file", where: { size: { gte: least } }, orderBy: [{ name: "asc" as const }], offset };
    const live = cache.liveQuery<File>(limit === undefined ? query : { ...query, limit });
    const view = { live, told: 0, check: () => expected(files, least, offset, limit) };
    live.subscribe(() => view.told++);
    return view;
  });
  const randomFile = () => file(`f${below(80)}`, `n${below(12)}`, below(10));

  for (let step = 0; step < 500; step++) {
    const before = views.map(({ live, told }) => ({ result: live.getSnapshot(), told }));
    const kind = below(10);
    if (kind < 5) {
      const row = randomFile();
      files.set(row.id, row);
      cache.apply(changed(row));
    } else if (kind < 8) {
      const id = `f${below(80)}`;
      files.delete(id);
      cache.apply(deleted(id));
    } else {
      const rows = [...new Map(Array.from({ length: below(30) }, randomFile).map((row) => [row.id, row])).values()];
      for (const row of rows) files.set(row.id, row);
      cache.apply(batch(rows));
    }
    views.forEach(({ live, told, check }, index) => {
      const { result, told: toldBefore } = before[index]!;
      const now = live.getSnapshot();
      const wanted = check();
      expect(now).toEqual(wanted);
      // A new result only for a reason, told once; an old object wherever an entity looks as it did.
      const isSame = JSON.stringify(now) === JSON.stringify(result);
      expect(now === result).toBe(isSame);
      expect(told - toldBefore).toBe(isSame ? 0 : 1);
      const old = new Map(result.data.map((row) => [row.id, row]));
      for (const row of now.data) {
        const previous = old.get(row.id);
        if (previous !== undefined && JSON.stringify(previous) === JSON.stringify(row)) expect(row).toBe(previous);
      }
    });
  }
}, 30_000);
