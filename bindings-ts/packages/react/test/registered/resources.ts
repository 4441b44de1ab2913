import { defineRegistry, type ResourcesOf, type } from "@larder/client";

export interface File {
  readonly id: string;
  readonly name: string;
  readonly size: number;
  readonly tag_ids: readonly string[];
  readonly meta: { readonly width: number; readonly height: number } | null;
}

export interface Tag {
  readonly id: number;
  readonly name: string;
  /** In events the user, in rows the id. */
  readonly owner: string | null;
}

export interface User {
  readonly id: string;
  readonly email: string;
}

export const registry = defineRegistry({
  file: { row: type<File>(), relations: { tags: { to: "tag", kind: "many", field: "tag_ids" } } },
  tag: { row: type<Tag>(), relations: { owner: { to: "user", kind: "one", field: "owner", holds: "resources" } } },
  user: { row: type<User>() },
});

// This folder is a program of its own, so that this holds for no other test.
declare module "@larder/client" {
  interface Register {
    resources: ResourcesOf<typeof registry>;
  }
}
