import type { Direction, OrderOptions, Scalar } from "../generated.js";
import type { Path, ValueAt } from "./path.js";

/** The paths to what may be a value of type `V`. */
type PathTo<T, V, P extends string = Path<T>> = P extends unknown
  ? unknown extends ValueAt<T, P>
    ? P
    : [Extract<ValueAt<T, P>, V>] extends [never] ? never : P
  : never;

/** One figure about rows `T`. */
type Aggregate<T> =
  | "count"
  | { readonly sum: PathTo<T, number> }
  | { readonly avg: PathTo<T, number> }
  | { readonly min: PathTo<T, Exclude<Scalar, null>> }
  | { readonly max: PathTo<T, Exclude<Scalar, null>> }
  | { readonly distinct: PathTo<T, Exclude<Scalar, null>> };

/** Figures about rows `T`, by the names that they have in the result. */
export type Aggregates<T> = { readonly [name in string]: Aggregate<T> };

/** The fields that rows `T` may be grouped by. */
export type GroupBy<T> = readonly PathTo<T, Exclude<Scalar, null>>[];

/** What is left of a value where only scalars count. */
type Counted<V> = unknown extends V ? Scalar : Extract<V, Scalar> | (Exclude<V, Scalar> extends never ? never : null);

type Extreme<T, P> = P extends string ? Counted<ValueAt<T, P>> | null : never;

type Figure<T, A> = A extends { readonly min: infer P } | { readonly max: infer P }
  ? Extreme<T, P>
  : A extends { readonly avg: unknown } ? number | null : number;

/** What the aggregates `A` of rows `T` come to. */
export type Figures<T, A> = { readonly [N in keyof A]: Figure<T, A[N]> };

/** One group of rows `T` by the fields `G`, with the aggregates `A`. */
export type Group<T, A, G> = G extends readonly (infer P extends string)[]
  ? { readonly [K in P]: Counted<ValueAt<T, K>> } & Figures<T, A>
  : never;

/** One key of the order of groups: a field that is grouped by, or the name of an aggregate. */
export type GroupOrder<A, G> = {
  readonly [N in (keyof A & string) | (G extends readonly (infer P extends string)[] ? P : never)]?: Direction | OrderOptions;
};
