/**
 * A client-side normalized cache that is fed by a stream of resource events.
 *
 * ```ts
 * import { connect, createCache } from "@larder/client";
 *
 * const cache = await createCache({ registry: { types: [{ name: "file" }] } });
 * connect(cache, { url: "ws://127.0.0.1:4600/ws" });
 *
 * const images = cache.liveQuery({ from: "file", where: { kind: "image" }, orderBy: [{ name: "asc" }], limit: 100 });
 * images.subscribe(() => console.log(images.getSnapshot()));
 * ```
 *
 * @packageDocumentation
 */
export { type Cache, createCache } from "./cache.js";
export { connect, type Connection, type ConnectOptions, type WebSocketClass } from "./connect.js";
export type { ErrorInfo } from "./effect.js";
export { LarderError } from "./errors.js";
export type { LiveEntity } from "./live_entity.js";
export type { LiveQuery } from "./live_query.js";
export type { Mutation, MutationHandle, PendingMutation } from "./mutation.js";
export { merge, type Operation, remove, upsert } from "./operation.js";
export type { CacheOptions, Limits } from "./options.js";
export type { After, Direction, Operators, OrderBy, Query, Scalar, Where } from "./query.js";
export type { RegistrySpec, RelationSpec, TypeSpec } from "./registry.js";
export { EMPTY_RESULT, type QueryResult } from "./result.js";
export type { Stats } from "./stats.js";
export { OFFLINE, type Status, type SyncPhase } from "./status.js";
export type { Session, Transport } from "./transport.js";
export type { WasmSource } from "./wasm.js";
