// Written by larder-codegen from types in Rust. Do not edit.

import { registryOf } from "@larder/client";

/** An entry of a folder: a file or a folder. */
export interface File {
  /** Stays the same when the entry is renamed or moved. */
  readonly id: string;
  /** The mirrored folder that it is in. */
  readonly location_id: string;
  /** The folder that it is in, or null for the mirrored folder itself. */
  readonly parent_id: string | null;
  /** Its name, with the extension. */
  readonly name: string;
  /** What follows the last dot of the name, in lowercase. Null for folders and for names without one. */
  readonly extension: string | null;
  /** What it is, judged from the extension. */
  readonly kind: FileKind;
  /** Whether it is a folder. */
  readonly is_dir: boolean;
  /** How many bytes it has; 0 for folders. An integer up to 2^53. */
  readonly size: number;
  /** Where it is: the names from the mirrored folder down, with `/` between them. Empty for that folder itself. */
  readonly path: string;
  /** When its content was last changed. As in RFC 3339: `2026-11-21T10:00:00Z`. */
  readonly modified_at: string;
  /** When it was made. As in RFC 3339: `2026-11-21T10:00:00Z`. */
  readonly created_at: string;
  /** Whether it is marked as a favorite. */
  readonly favorite: boolean;
  /** The tags on it, in the order in which they were put on. */
  readonly tag_ids: readonly string[];
  /** Grows with each change. An integer up to 2^53. */
  readonly version: number;
}

/** A label that can be put on any number of files. */
export interface Tag {
  /** Chosen by the client that made the tag. */
  readonly id: string;
  /** What it says. */
  readonly name: string;
  /** `#` and six hexadecimal digits. */
  readonly color: string;
  /** Grows with each change. An integer up to 2^53. */
  readonly version: number;
}

/** A folder on disk that is mirrored, with all that is in it. */
export interface Location {
  /** Stays the same as long as the folder is mirrored. */
  readonly id: string;
  /** The machine that it is on. */
  readonly device_id: string;
  /** The folder's name. */
  readonly name: string;
  /** Where it is on that machine, from the root of the disk. */
  readonly path: string;
  /** How well its files are known to agree with the disk. */
  readonly scan_state: ScanState;
  /** How many files are in it, at any depth, without folders. An integer up to 2^53. */
  readonly file_count: number;
  /** Grows with each change. An integer up to 2^53. */
  readonly version: number;
}

/** A machine that holds locations. */
export interface Device {
  /** Stays the same when the machine is renamed. */
  readonly id: string;
  /** The machine's name. */
  readonly name: string;
  /** Grows with each change. An integer up to 2^53. */
  readonly version: number;
}

/** What a file is, judged from its extension. */
export type FileKind =
  /** A folder. */
  | "folder"
  /** A picture. */
  | "image"
  /** A film. */
  | "video"
  /** Sound. */
  | "audio"
  /** Something to read, count or show. */
  | "document"
  /** Source code. */
  | "code"
  /** Files packed into one. */
  | "archive"
  /** Plain text. */
  | "text"
  /** Anything else. */
  | "unknown";

/** How well the files of a location are known to agree with the disk. */
export type ScanState =
  /** They are being compared. */
  | "scanning"
  /** They agree, and changes are followed as they happen. */
  | "ready"
  /** The folder is not there; they are as it was seen last. */
  | "missing";

/** The resource types: what a row is, what its id is, and where its relations lead. */
export interface Resources {
  readonly file: {
    readonly row: File;
    readonly id: string;
    readonly relations: {
      readonly children: { readonly to: "file"; readonly kind: "many" };
      readonly location: { readonly to: "location"; readonly kind: "one" };
      readonly parent: { readonly to: "file"; readonly kind: "one" };
      readonly tags: { readonly to: "tag"; readonly kind: "many" };
    };
  };
  readonly tag: {
    readonly row: Tag;
    readonly id: string;
    readonly relations: {
      readonly files: { readonly to: "file"; readonly kind: "many" };
    };
  };
  readonly location: {
    readonly row: Location;
    readonly id: string;
    readonly relations: {
      readonly device: { readonly to: "device"; readonly kind: "one" };
      readonly files: { readonly to: "file"; readonly kind: "many" };
    };
  };
  readonly device: {
    readonly row: Device;
    readonly id: string;
    readonly relations: {
      readonly locations: { readonly to: "location"; readonly kind: "many" };
    };
  };
}

/** The resource types as data, for `createCache`. */
export const registry = registryOf<Resources>({
  types: [
    {
      name: "file",
      id: "id",
      version: "version",
      merge: "replace",
      relations: {
        children: { to: "file", kind: "many", field: "parent_id", holds: "reverse" },
        location: { to: "location", kind: "one", field: "location_id" },
        parent: { to: "file", kind: "one", field: "parent_id" },
        tags: { to: "tag", kind: "many", field: "tag_ids" },
      },
      index: ["parent_id", "name", "kind", "is_dir", "size", "modified_at", "favorite", "tag_ids"],
    },
    {
      name: "tag",
      id: "id",
      version: "version",
      merge: "replace",
      relations: { files: { to: "file", kind: "many", field: "tag_ids", holds: "reverse" } },
      index: ["name"],
    },
    {
      name: "location",
      id: "id",
      version: "version",
      merge: "replace",
      relations: {
        device: { to: "device", kind: "one", field: "device_id" },
        files: { to: "file", kind: "many", field: "location_id", holds: "reverse" },
      },
    },
    {
      name: "device",
      id: "id",
      version: "version",
      merge: "replace",
      relations: { locations: { to: "location", kind: "many", field: "device_id", holds: "reverse" } },
    },
  ],
  unknownTypes: "store",
});

declare module "@larder/client" {
  interface Register {
    resources: Resources;
  }
}
