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
  /** What is in it, or null as long as nobody has looked. */
  readonly content_id: string | null;
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
  /** The disk that it is on, or null where that is not known. */
  readonly volume_id: string | null;
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
  /** Whether it is the one that the engine runs on. */
  readonly is_self: boolean;
  /** Whether the engine is connected to it; for its own machine, whether it may connect to others. */
  readonly online: boolean;
  /** What it is doing about the library, as far as this engine knows. */
  readonly state: DeviceState;
  /** What it is if one of the devices leads the others, as far as this engine knows. */
  readonly role: DeviceRole;
  /** How many changes that this engine knows of have not come there. An integer up to 2^53. */
  readonly pending: number;
  /**
   * Since when that is so, in milliseconds since 1970. Null when it has everything.
   * An integer up to 2^53.
   */
  readonly behind_since_ms: number | null;
  /** Why there is no connection, in words for people. */
  readonly problem: string | null;
  /** Whether it was removed from the library: no device speaks to it again. */
  readonly removed: boolean;
  /** Whether its files are wanted where the engine runs. Those of its own device always are. */
  readonly files_wanted: boolean;
  /** The shared models that the engine's own device does without, with all that depends on them; of other devices none is told. */
  readonly unwanted_models: readonly string[];
  /** Grows with each change. An integer up to 2^53. */
  readonly version: number;
}

/** A disk, or a part of one, that mirrored folders are on. */
export interface Volume {
  /** Stays the same as long as it is in the same place. */
  readonly id: string;
  /** The machine that it is in. */
  readonly device_id: string;
  /** The last name of where it is, or what the operating system calls it. */
  readonly name: string;
  /** Where it is in the folders of that machine. */
  readonly mount_point: string;
  /** How many bytes fit on it. An integer up to 2^53. */
  readonly total_bytes: number;
  /** Grows with each change. An integer up to 2^53. */
  readonly version: number;
}

/** A content: the same bytes are the same one, in whatever files on whatever devices they are. */
export interface ContentIdentity {
  /** Follows from the library and the content. */
  readonly id: string;
  /** A BLAKE3 hash, in hexadecimal digits: of all of it, or for large files of its size and samples. */
  readonly hash: string;
  /** How many bytes it has. An integer up to 2^53. */
  readonly size: number;
  /** The tags on it, in the order in which they were put on. */
  readonly tag_ids: readonly string[];
  /** Grows with each change. An integer up to 2^53. */
  readonly version: number;
}

/** Files that somebody put together, from any folder of any device. */
export interface Album {
  /** Chosen by the client that made the album. */
  readonly id: string;
  /** What it is called. */
  readonly name: string;
  /** The file that stands for it, or null. */
  readonly cover_id: string | null;
  /** The files in it, in the order in which they were put in. */
  readonly file_ids: readonly string[];
  /** Grows with each change. An integer up to 2^53. */
  readonly version: number;
}

/**
 * Two devices changed the same thing, and neither knew of the other's change. One of them counts on all devices; a device that saw
 * both keeps what the other said until somebody chooses.
 */
export interface Conflict {
  /** For the action that resolves it. */
  readonly id: string;
  /** The model of the row, such as `tag`. */
  readonly model: string;
  /** The row. */
  readonly record_id: string;
  /** The field, or null if it is about the whole row. */
  readonly field: string | null;
  /** The value that counts, as JSON text. */
  readonly kept: string;
  /** The other value, as JSON text. */
  readonly lost: string;
  /** Which device wrote the value that counts. */
  readonly kept_by: string;
  /** Which device wrote the other. */
  readonly lost_by: string;
}

/**
 * Work that an engine does for a while. There is one row for each kind and whatever it is about, which says how it stands with the newest
 * run, or how that ended; copies have a row for each time somebody asked for one, which is kept for a week. Jobs are the engine's own: other devices have others.
 */
export interface Job {
  /** The kind, and what it is about. */
  readonly id: string;
  /** What is done. */
  readonly kind: JobKind;
  /** How it stands. */
  readonly state: JobState;
  /** The other device that it is done with. */
  readonly device_id: string | null;
  /** The location that it is about. */
  readonly location_id: string | null;
  /** The folder that it puts something into. */
  readonly folder_id: string | null;
  /** The name of what it puts there: of a file, or of a folder with all that is in it. */
  readonly name: string | null;
  /** How much is done. An integer up to 2^53. */
  readonly done: number;
  /** How much there is to do, or null while that is not known. An integer up to 2^53. */
  readonly total: number | null;
  /** When the run began, in milliseconds since 1970. An integer up to 2^53. */
  readonly started_ms: number;
  /** When it was seen to go on last, in milliseconds since 1970. An integer up to 2^53. */
  readonly updated_ms: number;
  /** What is in its way, or why it failed: a stable name such as `not_reachable`, `disk_full`, `target_exists`, `called_off`. */
  readonly problem_kind: string | null;
  /** The same in words for people. */
  readonly problem: string | null;
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

/** What a device is doing about the library. */
export type DeviceState =
  /** It has never met another one. */
  | "uninitialized"
  /** It is being given everything for the first time. What changes meanwhile waits for what it refers to. */
  | "backfilling"
  /** It is being given what happened while it was away. */
  | "catching_up"
  /** It has everything. */
  | "ready"
  /** Somebody took it offline. */
  | "paused";

/** What a device is where one leads the others. */
export type DeviceRole =
  /** It leads: all others give it what they have written, and get from it what everybody wrote. */
  | "leader"
  /** Another device leads. */
  | "follower"
  /** No device leads: all talk to each other. */
  | "peer";

/** What a job does. */
export type JobKind =
  /** Looks at all of a folder. Counts entries that differ. */
  | "index"
  /** Looks into files whose content is not known. Counts files. */
  | "identify"
  /** Gets everything from another device. Counts changes and rows. */
  | "backfill"
  /** Gets from another device what happened while this one was away. Counts changes. */
  | "catch_up"
  /** Makes anew which folder is in which. Counts folders. */
  | "closure"
  /** Takes away files that are not wanted here any more. Counts files. */
  | "evict"
  /** Throws away what nobody needs any more. Counts what is gone. */
  | "compact"
  /** Copies a file or a folder, also from another device. Counts bytes. */
  | "copy";

/** How a job stands. */
export type JobState =
  /** It waits for its turn. */
  | "queued"
  /** It goes on. */
  | "running"
  /** It was broken off, and goes on from there when it can. */
  | "paused"
  /** It is done. */
  | "done"
  /** It cannot be done. */
  | "failed";

/** The resource types: what a row is, what its id is, and where its relations lead. */
export interface Resources {
  readonly file: {
    readonly row: File;
    readonly id: string;
    readonly relations: {
      readonly children: { readonly to: "file"; readonly kind: "many" };
      readonly content: { readonly to: "content_identity"; readonly kind: "one" };
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
      readonly volume: { readonly to: "volume"; readonly kind: "one" };
    };
  };
  readonly device: {
    readonly row: Device;
    readonly id: string;
    readonly relations: {
      readonly locations: { readonly to: "location"; readonly kind: "many" };
    };
  };
  readonly volume: {
    readonly row: Volume;
    readonly id: string;
    readonly relations: {
      readonly device: { readonly to: "device"; readonly kind: "one" };
      readonly locations: { readonly to: "location"; readonly kind: "many" };
    };
  };
  readonly content_identity: {
    readonly row: ContentIdentity;
    readonly id: string;
    readonly relations: {
      readonly files: { readonly to: "file"; readonly kind: "many" };
      readonly tags: { readonly to: "tag"; readonly kind: "many" };
    };
  };
  readonly album: {
    readonly row: Album;
    readonly id: string;
    readonly relations: {
      readonly cover: { readonly to: "file"; readonly kind: "one" };
      readonly files: { readonly to: "file"; readonly kind: "many" };
    };
  };
  readonly conflict: {
    readonly row: Conflict;
    readonly id: string;
    readonly relations: {};
  };
  readonly job: {
    readonly row: Job;
    readonly id: string;
    readonly relations: {
      readonly device: { readonly to: "device"; readonly kind: "one" };
      readonly folder: { readonly to: "file"; readonly kind: "one" };
      readonly location: { readonly to: "location"; readonly kind: "one" };
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
        content: { to: "content_identity", kind: "one", field: "content_id" },
        location: { to: "location", kind: "one", field: "location_id" },
        parent: { to: "file", kind: "one", field: "parent_id" },
        tags: { to: "tag", kind: "many", field: "tag_ids" },
      },
      index: ["parent_id", "name", "kind", "is_dir", "size", "modified_at", "content_id", "favorite", "tag_ids"],
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
        volume: { to: "volume", kind: "one", field: "volume_id" },
      },
    },
    {
      name: "device",
      id: "id",
      version: "version",
      merge: "replace",
      relations: { locations: { to: "location", kind: "many", field: "device_id", holds: "reverse" } },
    },
    {
      name: "volume",
      id: "id",
      version: "version",
      merge: "replace",
      relations: {
        device: { to: "device", kind: "one", field: "device_id" },
        locations: { to: "location", kind: "many", field: "volume_id", holds: "reverse" },
      },
    },
    {
      name: "content_identity",
      id: "id",
      version: "version",
      merge: "replace",
      relations: {
        files: { to: "file", kind: "many", field: "content_id", holds: "reverse" },
        tags: { to: "tag", kind: "many", field: "tag_ids" },
      },
      index: ["hash"],
    },
    {
      name: "album",
      id: "id",
      version: "version",
      merge: "replace",
      relations: {
        cover: { to: "file", kind: "one", field: "cover_id" },
        files: { to: "file", kind: "many", field: "file_ids" },
      },
      index: ["name", "file_ids"],
    },
    { name: "conflict", id: "id", merge: "replace", index: ["model"] },
    {
      name: "job",
      id: "id",
      version: "version",
      merge: "replace",
      relations: {
        device: { to: "device", kind: "one", field: "device_id" },
        folder: { to: "file", kind: "one", field: "folder_id" },
        location: { to: "location", kind: "one", field: "location_id" },
      },
      index: ["kind", "state"],
    },
  ],
  unknownTypes: "store",
});

declare module "@larder/client" {
  interface Register {
    resources: Resources;
  }
}
