import { readFileSync } from "node:fs";

/** See tests/storage/README.md. */
export interface Case {
  readonly name: string;
  readonly needs?: readonly string[];
  readonly steps: readonly Step[];
}

export interface Step {
  readonly commit?: readonly (({ readonly put: string } & Content) | { readonly delete: string })[];
  readonly commit_many?: Many;
  readonly read_many?: Many;
  readonly keys?: Readonly<Record<string, number>>;
  readonly read?: readonly string[];
  readonly gives?: readonly (Content | null)[];
  readonly reopen?: true;
  readonly kill?: true;
  readonly second?: string;
  readonly wipe?: true;
  readonly tear?: number;
  readonly flip?: Content;
  readonly newer?: true;
  readonly limit?: number;
  readonly at_most_bytes?: number;
  readonly fails?: string;
}

export type Content = { readonly text: string } | { readonly bytes: number; readonly seed: number };

export interface Many {
  readonly prefix: string;
  readonly count: number;
  readonly bytes: number;
  readonly seed: number;
}

export type Backend = "opfs" | "indexeddb" | "memory" | "auto" | "encrypted";

/** What a step came to: nothing, or an error. */
export type Outcome = { readonly kind: string; readonly message: string } | null;

export function readSuite(): Case[] {
  return JSON.parse(readFileSync(new URL("../../storage/suite.json", import.meta.url), "utf8")) as Case[];
}
