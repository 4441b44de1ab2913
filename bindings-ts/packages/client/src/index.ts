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
export type { AsyncCache } from "./async/async_cache.js";
export type { WorkerLike } from "./async/worker_like.js";
export { type Cache, createCache } from "./cache.js";
export { type Address, connect, type Connection, type ConnectOptions, type WebSocketClass } from "./connect.js";
export { type Defined, defineRegistry, type RowType, type } from "./define_registry.js";
export { LarderError } from "./errors.js";
export type {
  Aggregate,
  Applied,
  Cursor,
  ErrorInfo,
  Invalidation,
  Limits,
  MemoryConfig,
  Operation,
  OrderKey as OrderBy,
  PendingMutation,
  Phase as SyncPhase,
  Query,
  RegistrySpec,
  Rejection,
  RemoteStatus,
  ResourceType,
  Scalar,
  Stats,
  TypeStats,
  Explanation,
  ColumnCost,
  IndexCost,
  Status,
  Where,
} from "./generated.js";
export type { AnyCache, LiveCache } from "./live_cache.js";
export type { LiveEntity } from "./live_entity.js";
export type { LiveQuery } from "./live_query.js";
export type { LoadOptions, LoadProgress } from "./load/load.js";
export type { LoadSource } from "./load/source.js";
export type { Mutation, MutationHandle } from "./mutation.js";
export { merge, remove, upsert } from "./operation.js";
export type { CacheOptions, WasmSource } from "./options.js";
export { EMPTY_REMOTE, type RemoteOptions, type RemoteQuery, type RemoteResult } from "./remote_query.js";
export { type Registry, registryOf, type ResourcesOf } from "./registry.js";
export { type AnyFigures, EMPTY_RESULT, type QueryResult } from "./result.js";
export { OFFLINE } from "./status.js";
export type { Session, Transport } from "./transport.js";
export type { Fields, Whole } from "./typed/edit.js";
export type { IncludeOf, OrderByOf, QueryOf, RowOf, WhereOf } from "./typed/named.js";
export type { Figures, Group } from "./typed/aggregate.js";
export type { Answered, Asked, Counted, GroupedQuery, TypedQuery } from "./typed/query.js";
export type { Id, Name, Named, Register, Registered, RelationShape, ResourceShape, Untyped } from "./typed/register.js";
