import type { RowOf } from "@larder/client";
import { useLiveQuery } from "@larder/react";

import type { Device } from "../resource/library";

/** A job with what it is about. */
export type ListedJob = RowOf<"job", { device: true; location: true; folder: { include: { location: { include: { device: true } } } } }>;

/** How the library stands on the engine's own device. */
export interface LibraryStatus {
  /** What the device is doing about the library; null while that is not known. */
  readonly state: Device["state"] | null;
  /** What the engine works at, or goes on with when it can. */
  readonly jobs: readonly ListedJob[];
}

/**
 * How the engine's own device stands with the library: `useSyncStatus` says how this page stands with the engine.
 *
 * @example
 * ```tsx
 * const { state, jobs } = useLibraryStatus();
 * ```
 */
export function useLibraryStatus(): LibraryStatus {
  const own = useLiveQuery({ from: "device", where: { is_self: true } });
  const jobs = useLiveQuery({
    from: "job",
    where: { state: { in: ["queued", "running", "paused"] } },
    orderBy: [{ started_ms: "asc" }],
    include: { device: true, location: true, folder: { include: { location: { include: { device: true } } } } },
  });
  return { state: own.data.at(0)?.state ?? null, jobs: jobs.data };
}
