/**
 * The storage worker's own program: `opfsStorage` starts it. Where a bundler does not find it by itself,
 * `new Worker(new URL("@larder/client/storage-worker", import.meta.url), { type: "module" })` does.
 *
 * @packageDocumentation
 */
import { type End, serveStorage } from "./channel.js";
import { PrivateFiles } from "./private_files.js";

const scope = globalThis as unknown as End;

// The first message is the name of the storage.
scope.onmessage = ({ data }: MessageEvent<string>) => serveStorage(new PrivateFiles(data), scope);
