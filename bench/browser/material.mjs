// What one case of a workload is made of, fetched: as `../material.mjs`, which has it on disk.
import { Model } from "../model.mjs";

const text = async (address) => (await fetch(address)).text();

export class Material {
  #batches;

  /** All of a case, before anything is measured. */
  static async fetch(folder) {
    const material = new Material();
    Object.assign(material, JSON.parse(await text(`${folder}/case.json`)));
    const events = await text(`${folder}/events.txt`);
    material.events = events === "" ? [] : events.split("\n");
    material.#batches = await Promise.all(Array.from({ length: material.count }, (_, i) => text(`${folder}/batch-${i}.json`)));
    return material;
  }

  batches() {
    return this.#batches.values();
  }

  /** The reference after all batches and the first `events` events. */
  model(events = 0) {
    const model = new Model();
    for (const batch of this.#batches) model.apply(batch);
    for (const event of this.events.slice(0, events)) model.apply(event);
    return model;
  }
}
