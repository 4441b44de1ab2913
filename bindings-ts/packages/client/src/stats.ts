/** Counts of what the cache holds and did. */
export interface Stats {
  readonly [name: string]: unknown;
}
