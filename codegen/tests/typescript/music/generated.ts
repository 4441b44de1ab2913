// Written by larder-codegen from types in Rust. Do not edit.

import { registryOf } from "@larder/client";

/** Tracks in an order. */
export interface Album {
  readonly id: string;
  /** What it is called. */
  readonly title: string;
  readonly year: number | null;
  /** Who made it. Ids, unless a query includes `artists`. */
  readonly artists: readonly string[];
  /** An integer up to 2^53. */
  readonly version: number;
}

/** Somebody who makes music. */
export interface Artist {
  readonly id: string;
  readonly name: string;
}

/** The resource types: what a row is, what its id is, and where its relations lead. */
export interface Resources {
  readonly album: {
    readonly row: Album;
    readonly id: string;
    readonly relations: {
      readonly artists: { readonly to: "artist"; readonly kind: "many" };
    };
  };
  readonly artist: {
    readonly row: Artist;
    readonly id: string;
    readonly relations: {
      readonly albums: { readonly to: "album"; readonly kind: "many" };
    };
  };
}

/** The resource types as data, for `createCache`. */
export const registry = registryOf<Resources>({
  types: [
    {
      name: "album",
      id: "id",
      version: "version",
      merge: "replace",
      relations: { artists: { to: "artist", kind: "many", field: "artists", holds: "resources" } },
      index: ["title"],
    },
    {
      name: "artist",
      id: "id",
      merge: "replace",
      relations: { albums: { to: "album", kind: "many", field: "artists", holds: "reverse" } },
    },
  ],
  unknownTypes: "store",
});

declare module "@larder/client" {
  interface Register {
    resources: Resources;
  }
}
