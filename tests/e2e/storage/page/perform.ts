import type { Storage } from "@larder/client/storage";

import type { Content, Many, Step } from "../suite";
import { batch, type Change } from "./batch";

/** Does one step of a case; what is not as it should be is an error without a kind. */
export async function perform(storage: Storage, step: Step): Promise<void> {
  if (step.commit !== undefined || step.commit_many !== undefined) {
    const changes = (step.commit ?? []).map((change): Change => ("delete" in change ? change.delete : [change.put, bytesOf(change)]));
    await storage.commit(batch([...changes, ...(step.commit_many === undefined ? [] : entries(step.commit_many))]));
  }
  if (step.read_many !== undefined) {
    const all = entries(step.read_many);
    const found = await storage.read(all.map(([key]) => key));
    all.forEach(([key, value], i) => expectSame(key, found[i], value));
  }
  if (step.keys !== undefined) {
    const found = (await storage.keys()).map(({ key, bytes }) => [key, bytes] as const);
    const text = (pairs: (readonly [string, number])[]) => JSON.stringify(pairs.sort(([a], [b]) => (a < b ? -1 : 1)));
    if (text(found) !== text(Object.entries(step.keys))) throw new Error(`the keys are ${text(found)}`);
  }
  if (step.read !== undefined) {
    const found = await storage.read(step.read);
    const gives = step.gives ?? [];
    if (found.length !== gives.length) throw new Error(`${found.length} values instead of ${gives.length}`);
    gives.forEach((content, i) => expectSame(step.read?.[i] ?? "", found[i], content === null ? undefined : bytesOf(content)));
  }
  if (step.wipe === true) await storage.wipe();
  if (step.reopen === true || step.limit !== undefined) {
    await storage.close();
    await storage.keys();
  }
}

function expectSame(key: string, found: Uint8Array | undefined, expected: Uint8Array | undefined): void {
  const same = found?.length === expected?.length && (found ?? []).every((byte: number, i: number) => byte === expected?.[i]);
  if (!same) throw new Error(`the value of ${key} has ${found?.length} bytes, or others, instead of ${expected?.length}`);
}

export function bytesOf(content: Content): Uint8Array<ArrayBuffer> {
  if ("text" in content) return new TextEncoder().encode(content.text);
  const bytes = new Uint8Array(content.bytes);
  for (let i = 0; i < bytes.length; i++) bytes[i] = content.seed + 31 * i + (i >> 8);
  return bytes;
}

function entries({ prefix, count, bytes, seed }: Many): Exclude<Change, string>[] {
  const key = (at: number) => prefix + at.toString(16).padStart(8, "0");
  return Array.from({ length: count }, (_, at) => [key(at), bytesOf({ bytes, seed: seed + at })]);
}
