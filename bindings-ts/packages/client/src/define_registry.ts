import type { FieldMerge, Holds, MergePolicy, RegistrySpec, ResourceType } from "./generated.js";
import type { Registry } from "./registry.js";
import type { Path } from "./typed/path.js";

declare const shape: unique symbol;

/** Says what type a row has; see {@link type}. */
export interface RowType<T> {
  readonly [shape]?: T;
}

/** A row's type, for {@link defineRegistry}: `row: type<File>()`. Nothing is checked when the app runs. */
export function type<T extends object>(): RowType<T> {
  return {};
}

type Definitions = { readonly [name in string]: { readonly row: RowType<never> } };

type RowIn<D, K> = K extends keyof D ? (D[K] extends { readonly row: RowType<infer T> } ? T : never) : never;
type Target<N> = N extends { readonly to: infer K } ? K : never;

/** The fields of `T` whose values, if they are there, are all `V`. */
type FieldsOf<T, V> = keyof { [K in keyof T as NonNullable<T[K]> extends V ? K : never]: 0 } & string;

type OneId = string | number;
type Ids = readonly OneId[];

/** The fields that can hold the ids or resources of a relation. */
type RelationField<D, K, N> = N extends { readonly holds: "reverse" }
  ? FieldsOf<RowIn<D, Target<N>>, OneId | Ids>
  : N extends { readonly kind: "many" } ? FieldsOf<RowIn<D, K>, readonly unknown[]> : FieldsOf<RowIn<D, K>, OneId | object>;

/** A relation of the type `K`; `N` is how it was written. */
interface RelationDefinition<D, K, N> {
  /** The resource type that it leads to. */
  readonly to: keyof D & string;
  /** To one, or to any number. */
  readonly kind: "one" | "many";
  /** The field that refers: of this type, or with `holds: "reverse"` of the other. */
  readonly field: RelationField<D, K, N>;
  /** What is in that field. Default: ids. */
  readonly holds?: Holds;
}

type RelationsIn<D, K> = K extends keyof D ? (D[K] extends { readonly relations: infer L } ? L : {}) : {};

/** One resource type of {@link defineRegistry}, with rows `T` and relations `L`. */
interface Definition<T, L> {
  /** What a row is: `type<File>()`. */
  readonly row: RowType<T>;
  /** The top-level field that holds the id. Default: `id`. */
  readonly id?: FieldsOf<T, OneId>;
  /** The top-level field, an integer, that grows with each change. */
  readonly version?: FieldsOf<T, number>;
  /** What an event's resource does to the cached one. Default: replaces it. */
  readonly merge?: MergePolicy;
  /** Top-level fields with a policy of their own, whatever `merge` says. */
  readonly fields?: { readonly [P in keyof T & string]?: FieldMerge };
  /** How resources of this type refer to others, by name. */
  readonly relations?: L;
  /** Fields, or paths of fields, to index as rows come in. */
  readonly index?: readonly Path<T>[];
}

/** A row without a field `id` has its id elsewhere. */
type IdElsewhere<T> = [T] extends [{ readonly id: OneId }] ? unknown : { readonly id: FieldsOf<T, OneId> };

/** What {@link defineRegistry} takes. Like `Asked`, it infers by the branch that is never taken, and checks by the other. */
type Checked<D> = [D] extends [never]
  ? D
  : {
      readonly [K in keyof D]: IdElsewhere<RowIn<D, K>> &
        Definition<
          RowIn<D, K>,
          { readonly [N in keyof RelationsIn<D, K>]: RelationDefinition<D, K, RelationsIn<D, K>[N]> }
        >;
    };

type IdIn<D, K, T> = K extends keyof D
  ? D[K] extends { readonly id: infer P extends keyof T } ? T[P] : T extends { readonly id: infer I } ? I : string
  : never;

/** What the rows and relations of definitions are. */
export type Defined<D> = {
  readonly [K in keyof D]: {
    readonly row: RowIn<D, K>;
    readonly id: IdIn<D, K, RowIn<D, K>> & OneId;
    readonly relations: {
      readonly [N in keyof RelationsIn<D, K>]: {
        readonly to: Target<RelationsIn<D, K>[N]>;
        readonly kind: RelationsIn<D, K>[N] extends { readonly kind: infer M } ? M : never;
      };
    };
  };
};

/**
 * A registry by hand, for an app whose backend is not Rust: resource types by name. Field names and the targets of relations
 * are checked by the compiler, and all of it by `createCache`.
 *
 * @example
 * ```ts
 * export const registry = defineRegistry({
 *   file: {
 *     row: type<File>(),
 *     version: "version",
 *     relations: { tags: { to: "tag", kind: "many", field: "tag_ids" } },
 *   },
 *   tag: { row: type<Tag>() },
 * });
 *
 * declare module "@larder/client" {
 *   interface Register {
 *     resources: ResourcesOf<typeof registry>;
 *   }
 * }
 * ```
 */
export function defineRegistry<const D>(
  definitions: Checked<D>,
  options: Pick<RegistrySpec, "unknownTypes" | "events"> = {},
): Registry<Defined<D>> {
  const types = Object.entries(definitions as Definitions).map(([name, { row: _, ...rest }]): ResourceType => ({ name, ...rest }));
  return { types, ...options };
}
