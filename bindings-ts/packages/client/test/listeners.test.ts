import { expect, test } from "vitest";
import { Listeners } from "../src/listeners.js";
import { seeded } from "./world.js";

test("who leaves and who comes during a delivery, in any order, is told as who listened before it and still does", () => {
  const random = seeded(Number(process.env["LARDER_SEED"] ?? 7));
  const below = (count: number) => Math.floor(random() * count);
  const listeners = new Listeners<number>();
  /** The same in the plainest way: an array of names, in order. */
  let names: number[] = [];
  const removes = new Map<number, () => boolean>();
  let told: number[] = [];
  let next = 0;
  let acts = 0;
  const leave = (name: number) => {
    expect(removes.get(name)!()).toBe(names.includes(name));
    names = names.filter((other) => other !== name);
  };
  const act = () => {
    if (acts-- <= 0) return;
    if (random() < 0.4 || names.length === 0) {
      const name = next++;
      removes.set(name, listeners.add(() => {
        told.push(name);
        act();
      }));
      names.push(name);
    } else {
      // Now and then one that has left already.
      leave(random() < 0.2 ? below(next) : (names[below(names.length)] ?? 0));
    }
  };
  for (let round = 0; round < 500; round++) {
    acts = below(4);
    const before = names.slice();
    told = [];
    listeners.deliver(round);
    for (const name of told) expect(before).toContain(name);
    expect(told).toEqual([...told].sort((a, b) => a - b));
    // Whoever listened before it and after it was told once.
    expect(told.filter((name) => names.includes(name))).toEqual(before.filter((name) => names.includes(name)));
    expect(listeners.isEmpty).toBe(names.length === 0);
    acts = names.length === 0 ? 3 : 0;
    while (acts > 0) act();
  }
});
