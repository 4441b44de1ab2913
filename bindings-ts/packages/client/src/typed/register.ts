/**
 * What an app registers about itself, so that queries, edits and hooks know its resource types. Empty until the app
 * adds to it; generated code does so by itself.
 *
 * @example
 * ```ts
 * declare module "@larder/client" {
 *   interface Register {
 *     resources: ResourcesOf<typeof registry>;
 *   }
 * }
 * ```
 */
// Filled by declaration merging in the app.
export interface Register {}

/** One resource type, as the type checker knows it. */
export interface ResourceShape {
  /** What a row is. */
  readonly row: unknown;
  /** What its id is. */
  readonly id: string | number;
  /** Where its relations lead, by name. */
  readonly relations: { readonly [name in string]: RelationShape };
}

/** One relation, as the type checker knows it. */
export interface RelationShape {
  /** The name of the resource type that it leads to. */
  readonly to: string;
  /** To one, or to any number. */
  readonly kind: "one" | "many";
}

/** The resource types of an app that registered none: names may be any, and rows are `unknown`. */
export interface Untyped {
  readonly [name: string]: { readonly row: unknown; readonly id: string | number; readonly relations: Record<never, never> };
}

/** The resource types that the app registered, or {@link Untyped}. */
export type Registered = Register extends { readonly resources: infer R } ? R : Untyped;

/** The names of the resource types. */
export type Name<R> = keyof R & string;

/** The parameter that a name is given as. `F` is `never` where the row type was written down: then it may be any name. */
export type Named<F> = [F] extends [never] ? string : F;

/** What a row of this resource type is, without anything included. */
export type Bare<R, F> = F extends keyof R ? (R[F] extends { readonly row: infer T } ? T : never) : never;

/** What an id of this resource type is. A number may always be written as text. */
export type Id<R, F> = [F] extends [never]
  ? string | number
  : F extends keyof R ? (R[F] extends { readonly id: infer I extends string | number } ? I | `${I}` : never) : never;

/** The relations of this resource type, by name. */
export type Relations<R, F> = F extends keyof R ? (R[F] extends { readonly relations: infer L } ? L : never) : never;

/** The resource type that a relation leads to. */
export type Target<L> = L extends { readonly to: infer F } ? F : never;

/** Whether the app registered nothing. */
export type IsUntyped<R> = string extends keyof R ? true : false;
