/**
 * React hooks for `@larder/client`.
 *
 * ```tsx
 * <LarderProvider client={cache}>
 *   <Files />
 * </LarderProvider>
 * ```
 *
 * @packageDocumentation
 */
export { LarderProvider, type LarderProviderProps, useLarder } from "./provider.js";
export { useEntity } from "./use_entity.js";
export { type LiveQueryState, useLiveQuery } from "./use_live_query.js";
export { type MutationHook, type MutationOptions, useMutation } from "./use_mutation.js";
export { type RemoteQueryState, useRemoteQuery } from "./use_remote_query.js";
export { useSyncStatus } from "./use_sync_status.js";
