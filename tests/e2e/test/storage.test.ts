import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { makesSense, runCase } from "../storage/run_case";
import { StorageSite } from "../storage/site";
import { type Backend, readSuite } from "../storage/suite";

let site: StorageSite;
beforeAll(async () => {
  site = await StorageSite.open();
});
afterAll(() => site.close());

const CASES: Readonly<Record<Backend, number>> = { opfs: 19, indexeddb: 17, memory: 9, auto: 19, encrypted: 18 };

describe.each(["opfs", "indexeddb", "memory", "auto", "encrypted"] as const)("%s", (backend) => {
  const cases = readSuite().filter((each) => makesSense(backend, each));

  test("is held to all that makes sense for it", () => expect(cases).toHaveLength(CASES[backend]));

  test.each(cases)("$name", async (each) => {
    // A site that may store little is of no use to others.
    const own = each.needs?.includes("limit") ? await StorageSite.open() : undefined;
    await runCase(own ?? site, backend, each).finally(() => own?.close());
  });
});

describe("the automatic choice", () => {
  const kind = async (absent: readonly string[]): Promise<string | undefined> => {
    const page = await site.newPage();
    const found = await page.evaluate(async (absent) => {
      for (const name of absent) Object.defineProperty(globalThis, name, { value: undefined });
      storagePage.open("auto", `chosen_without_${absent.join("_")}`);
      const outcome = await storagePage.perform({ commit: [{ put: "a", text: "1" }], keys: { a: 1 } });
      return outcome?.message ?? storagePage.kind();
    }, absent);
    await page.close();
    return found;
  };

  test("takes the origin's private files", async () => expect(await kind([])).toBe("opfs"));
  test("takes IndexedDB without them", async () => expect(await kind(["Worker"])).toBe("indexeddb"));
  test("takes memory without either", async () => expect(await kind(["Worker", "indexedDB"])).toBe("memory"));
});
