import { defineRegistry, registryOf, type } from "../../src/index.js";

export type Kind = "image" | "text" | "folder";

export interface Camera {
  readonly model: string;
  readonly iso: number | null;
}

export interface Meta {
  readonly camera: Camera | null;
  readonly width?: number;
  readonly labels: { readonly [name in string]: string };
}

/** As serde writes an enum whose tag lies beside its content. */
export type Source =
  | { readonly type: "local"; readonly data: { readonly mount: string } }
  | { readonly type: "cloud"; readonly data: { readonly service: string; readonly quota: number } };

/** As serde writes an enum without saying how: unit variants as text, the others as objects of one field. */
export type Place = "nowhere" | { readonly Physical: { readonly device: string; readonly path: string } } | { readonly Cloud: { readonly bucket: string } };

/** Rows with every sort of field. */
export interface File {
  readonly id: string;
  readonly version: number;
  readonly name: string;
  readonly size: number;
  readonly kind: Kind;
  readonly favorite: boolean;
  readonly parent_id: string | null;
  readonly note?: string;
  readonly tag_ids: readonly string[];
  readonly sizes: readonly number[];
  readonly paths: readonly { readonly path: string; readonly device: { readonly name: string } }[];
  readonly meta: Meta | null;
  readonly raw: unknown;
  readonly source: Source | null;
  readonly places: readonly Place[];
}

export interface Tag {
  readonly id: string;
  readonly name: string;
  readonly color: string;
  readonly owner: number | null;
}

export interface User {
  readonly id: number;
  readonly email: string;
}

/** As the code generator writes it. */
export type Resources = {
  readonly file: {
    readonly row: File;
    readonly id: string;
    readonly relations: {
      readonly tags: { readonly to: "tag"; readonly kind: "many" };
      readonly parent: { readonly to: "file"; readonly kind: "one" };
      readonly children: { readonly to: "file"; readonly kind: "many" };
    };
  };
  readonly tag: {
    readonly row: Tag;
    readonly id: string;
    readonly relations: { readonly owner: { readonly to: "user"; readonly kind: "one" } };
  };
  readonly user: { readonly row: User; readonly id: number; readonly relations: {} };
};

const relations = {
  tags: { to: "tag", kind: "many", field: "tag_ids" },
  parent: { to: "file", kind: "one", field: "parent_id" },
  children: { to: "file", kind: "many", field: "parent_id", holds: "reverse" },
} as const;

export const generated = registryOf<Resources>({
  types: [
    { name: "file", version: "version", relations },
    { name: "tag", relations: { owner: { to: "user", kind: "one", field: "owner", holds: "resources" } } },
    { name: "user" },
  ],
});

/** The same by hand. */
export const defined = defineRegistry({
  file: { row: type<File>(), version: "version", relations },
  tag: { row: type<Tag>(), relations: { owner: { to: "user", kind: "one", field: "owner", holds: "resources" } } },
  user: { row: type<User>() },
});
