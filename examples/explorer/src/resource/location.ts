/** A folder on disk that the engine mirrors. */
export interface LocationRow {
  readonly id: string;
  readonly device_id: string;
  readonly name: string;
  /** Absolute, on the engine's machine. */
  readonly path: string;
  readonly scan_state: "scanning" | "ready" | "missing";
  readonly file_count: number;
  readonly version: number;
}
