/** A label that can be put on any number of files. */
export interface TagRow {
  readonly id: string;
  readonly name: string;
  /** `#rrggbb`. */
  readonly color: string;
  readonly version: number;
}
