// Written by larder-codegen from types in Rust. Do not edit.

import { registryOf } from "@larder/client";

/**
 * A photo in the library.
 *
 * See `Tag` for what can be put on it.
 */
export interface Photo {
  /** Stays the same when the photo is renamed. */
  readonly id: string;
  /** An integer up to 2^53. */
  readonly revision: number;
  readonly name: string;
  /** Where it was taken from. */
  readonly originalId: string | null;
  /** What it is labelled with. Ids, unless a query includes `tags`. */
  readonly tags: readonly string[];
  /** An id, unless a query includes `cover`. */
  readonly cover: string | null;
  /** As in RFC 3339: `2026-11-21T10:00:00Z`. */
  readonly takenAt: string;
  /** As in RFC 3339: `2026-11-21T10:00:00Z`. */
  readonly edits: readonly string[];
  readonly printedOn: string | null;
  readonly stars: number;
  readonly views: number;
  /** An integer up to 2^53. */
  readonly bytes: number;
  readonly brightness: number;
  readonly hidden: boolean;
  readonly caption?: string | null;
  readonly keywords?: readonly string[];
  readonly state: PhotoState;
  readonly camera: Camera | null;
  readonly latitude: number | null;
  readonly longitude: number | null;
  readonly sizes: { readonly [key in string]: Size };
  readonly byState: { readonly [key in PhotoState]?: number };
  readonly people: readonly PersonId[];
  readonly faces: readonly (readonly [PersonId, Rect])[];
  readonly crop: readonly [number, number];
  readonly palette: readonly [number, number, number];
  readonly source: Source;
  readonly event: Event;
  readonly change: Change;
  readonly value: Scalar;
  readonly rating: Rated<string>;
  readonly folders: Folder;
  readonly extra: unknown;
  readonly class: PhotoKind;
  /**
   * No longer filled.
   * @deprecated use `camera`
   */
  readonly device: string | null;
  readonly score: number;
  readonly words: Words;
  readonly weight: string;
}

/** A label. */
export interface Tag {
  readonly slug: string;
  readonly color: Color;
}

export interface Comment {
  /** An integer up to 2^53. */
  readonly id: number;
  /** An id, unless a query includes `photo`. */
  readonly photo: string;
  readonly text: string;
}

/** `#rrggbb`. */
export type Color = string;

/** How far a photo is. */
export type PhotoState =
  /** Nobody has looked at it. */
  | "inbox"
  | "in_progress"
  | "default";

/** What took it. */
export interface Camera {
  readonly "model-name": string;
  readonly lens: Lens | null;
}

export interface Lens {
  readonly focal_length: number | null;
  /** As in RFC 3339: `2026-11-21T10:00:00Z`. */
  readonly bought: string | null;
}

export interface Place {
  readonly latitude: number | null;
  readonly longitude: number | null;
}

export interface Size {
  readonly width: number;
  readonly height: number;
}

export type PersonId = string;

export type Rect = readonly [number, number, number, number];

/** Tagged from the outside. */
export type Source =
  | "unknown"
  /** Out of a card. */
  | { readonly card: Size }
  | { readonly scan: readonly [string, number | null] }
  | { readonly import: { readonly fromUrl: string; readonly by: string | null } };

/** Tagged from the inside. */
export type Event =
  | { readonly type: "created"; readonly photoId: string; readonly at: string }
  | ({ readonly type: "resized" } & Size)
  | { readonly type: "cleared" }
  | { readonly type: "other" };

/** Tagged beside. */
export type Change =
  | { readonly t: "Stars"; readonly c: number }
  | { readonly t: "Moved"; readonly c: readonly [string, string] }
  | { readonly t: "Cropped"; readonly c: { readonly by: Rect } }
  | { readonly t: "Undone" };

/** Not tagged. */
export type Scalar = number | string | readonly [string, number] | { readonly person: PersonId } | null;

/** Something and what is thought of it. */
export interface Rated<T> {
  readonly what: T;
  readonly stars: number | null;
}

export interface Folder {
  readonly name: string;
  readonly folders: readonly Folder[];
  readonly parent: Folder | null;
}

export type PhotoKind = "still" | "live";

/** Names that mean something in Swift, or in what is generated. */
export interface Words {
  readonly container: boolean;
  readonly decoder: string | null;
  readonly encoder: string;
  readonly reader: number;
  readonly self: number;
  readonly init: Odd;
  readonly in: number;
  readonly "2nd": number;
}

export type Odd =
  | "Default"
  | "Init"
  | { readonly Repeat: { readonly container: number; readonly encoder: number; readonly default: number } };

/** The resource types: what a row is, what its id is, and where its relations lead. */
export interface Resources {
  readonly photo: {
    readonly row: Photo;
    readonly id: string;
    readonly relations: {
      readonly comments: { readonly to: "comment"; readonly kind: "many" };
      readonly cover: { readonly to: "tag"; readonly kind: "one" };
      readonly original: { readonly to: "photo"; readonly kind: "one" };
      readonly tags: { readonly to: "tag"; readonly kind: "many" };
    };
  };
  readonly tag: {
    readonly row: Tag;
    readonly id: string;
    readonly relations: {};
  };
  readonly comment: {
    readonly row: Comment;
    readonly id: number;
    readonly relations: {
      readonly photo: { readonly to: "photo"; readonly kind: "one" };
    };
  };
}

/** The resource types as data, for `createCache`. */
export const registry = registryOf<Resources>({
  types: [
    {
      name: "photo",
      id: "id",
      version: "revision",
      merge: "deep",
      relations: {
        comments: { to: "comment", kind: "many", field: "photo", holds: "reverse" },
        cover: { to: "tag", kind: "one", field: "cover", holds: "resources" },
        original: { to: "photo", kind: "one", field: "originalId" },
        tags: { to: "tag", kind: "many", field: "tags", holds: "resources" },
      },
      index: ["name"],
    },
    { name: "tag", id: "slug", merge: "replace" },
    {
      name: "comment",
      id: "id",
      merge: "replace",
      relations: { photo: { to: "photo", kind: "one", field: "photo", holds: "resources" } },
    },
  ],
  unknownTypes: "store",
});

declare module "@larder/client" {
  interface Register {
    resources: Resources;
  }
}
