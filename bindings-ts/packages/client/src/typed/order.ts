import type { Direction, OrderOptions, Scalar } from "../generated.js";
import type { Closed, Open, Path, ValueAt } from "./path.js";

/** The paths to values that have an order. */
type Sortable<T, P extends string> = P extends unknown
  ? unknown extends ValueAt<T, P>
    ? P
    : [Extract<ValueAt<T, P>, Exclude<Scalar, null>>] extends [never] ? never : P
  : never;

/** An order of `T`s by a field: an object with one field, and no text, which would fit where no path is open. */
export type Order<T> = object & { readonly [P in Closed<Sortable<T, Path<T>>>]?: Direction | OrderOptions } & {
  readonly [P in Open<Sortable<T, Path<T>>>]: Direction | OrderOptions;
};

/** One key of the order of `T`s: a field, or how well they match. */
export type Key<T> = Order<T> | "relevance";
