// What an app does, with the packages as npm hands them out.
import { strict as assert } from "node:assert";
import { createCache, LarderError } from "@larder/client";

const cache = await createCache({ registry: { types: [{ name: "file" }] } });
const files = cache.liveQuery({ from: "file", where: { size: { gt: 1 } }, orderBy: [{ name: "asc" }] });
let told = 0;
const end = files.subscribe(() => told++);
cache.apply({ ResourceChangedBatch: { resource_type: "file", resources: [{ id: "1", name: "b", size: 2 }, { id: "2", name: "a", size: 3 }] } });
assert.deepEqual(files.getSnapshot(), { data: [{ id: "2", name: "a", size: 3 }, { id: "1", name: "b", size: 2 }], total: 2, complete: true });
assert.equal(told, 1);
assert.throws(() => cache.apply("{"), (error) => error instanceof LarderError && error.kind === "event.malformed_json");
end();
// The process ends by itself although a query is still mounted for a moment: its timer does not hold it.
console.log("used");
