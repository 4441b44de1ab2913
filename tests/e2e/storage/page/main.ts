import { autoStorage, encrypted, indexedDbStorage, memoryStorage, opfsStorage, type Storage } from "@larder/client/storage";

import type { Backend, Outcome, Step } from "../suite";
import { perform } from "./perform";

const key = await crypto.subtle.importKey("raw", new Uint8Array(32), "AES-GCM", false, ["encrypt", "decrypt"]);

const MAKE: Readonly<Record<Backend, (name: string) => Storage>> = {
  opfs: opfsStorage,
  indexeddb: indexedDbStorage,
  memory: memoryStorage,
  auto: autoStorage,
  encrypted: (name) => encrypted(opfsStorage(name), key),
};

/** What the tests call in the page. */
export interface StoragePage {
  open(backend: Backend, name: string): void;
  perform(step: Step): Promise<Outcome>;
  takeOver(): Promise<Outcome>;
  kind(): string | undefined;
}

let storage: Storage;

const page: StoragePage = {
  open(backend, name) {
    storage = MAKE[backend](name);
  },
  perform: (step) => outcomeOf(perform(storage, step)),
  takeOver: () => outcomeOf(storage.takeOver?.()),
  kind: () => storage.kind,
};

async function outcomeOf(act: Promise<void> | undefined): Promise<Outcome> {
  try {
    await act;
    return null;
  } catch (error) {
    const { kind, message } = error as { kind?: string; message: string };
    return { kind: kind ?? "no kind", message };
  }
}

Object.assign(globalThis, { storagePage: page });
