import type { Query, QueryWindow } from "../generated.js";
import type { AnyFigures } from "../result.js";
import type { Aggregates, Figures, Group, GroupBy, GroupOrder } from "./aggregate.js";
import type { Include, Row } from "./include.js";
import type { Key } from "./order.js";
import type { Bare, IsUntyped } from "./register.js";
import type { Where } from "./where.js";

type Wheres<R> = { readonly [F in keyof R]: Where<F, R> };
type Orders<R> = { readonly [F in keyof R]: readonly Key<Bare<R, F>>[] };
type Counts<R> = { readonly [F in keyof R]: Aggregates<Bare<R, F>> };
type Groupings<R> = { readonly [F in keyof R]: GroupBy<Bare<R, F>> };
type Includes<R> = { readonly [F in keyof R]: Include<F, R> };

/**
 * The entry of `F`. While the compiler still looks for `F`, it is anything: it would follow relations round in circles, and
 * infer from types that it takes long to compare.
 */
type Entry<M, F> = [F] extends [never] ? unknown : M[F & keyof M];

/** A query over resources of the type `F` that includes nothing. */
interface BareQuery<F, R> extends QueryWindow {
  /** The resource type. */
  readonly from: F;
  /** Which rows; all without it. */
  readonly where?: Entry<Wheres<R>, F>;
  /** In which order; by id without it. */
  readonly orderBy?: Entry<Orders<R>, F>;
  /** What to find out about all rows that match, whatever the window. */
  readonly aggregate?: Entry<Counts<R>, F>;
}

/** A query over resources of the type `F`. */
export interface TypedQuery<F, R> extends BareQuery<F, R> {
  /** Which of the resources that its relations lead to are put into each row. */
  readonly include?: Entry<Includes<R>, F>;
}

/** A query for groups of resources of the type `F`, which show the aggregates `A`. */
export interface GroupedQuery<F, R, A, G> extends Pick<QueryWindow, "limit" | "offset"> {
  /** The resource type. */
  readonly from: F;
  /** Which rows; all without it. */
  readonly where?: Entry<Wheres<R>, F>;
  /** The fields whose values make the groups. */
  readonly groupBy: Entry<Groupings<R>, F>;
  /** What to find out about each group. */
  readonly aggregate?: Entry<Counts<R>, F>;
  /** In which order; by the fields that are grouped by without it. */
  readonly orderBy?: readonly GroupOrder<A, G>[];
}

/** A query over resources of the type `F` that includes `I`, for queries that are passed on. */
export type FixedQuery<R, F, I> = IsUntyped<R> extends true
  ? Query
  : [keyof I] extends [never] ? BareQuery<F, R> : BareQuery<F, R> & { readonly include: I };

/**
 * The parameter that a query is given as. `F` is `never` where the row type was written down: then it may be any query. It
 * is the second branch or the last; the one between them is never taken, it is there so that all of them are inferred: apart
 * from the check, which is against plain types, so that errors are short and a field that is not known is one.
 */
export type Asked<R, F, I, A = {}, G = undefined> = [F] extends [never]
  ? Query
  : IsUntyped<R> extends true
    ? Query
    : [I] extends [never]
      ? { readonly from: F; readonly include?: I; readonly aggregate?: A; readonly groupBy?: G }
      : [G] extends [undefined] ? TypedQuery<F, R> : GroupedQuery<F, R, A, G>;

/** What rows a query gives: `T` if it was written down, and otherwise what follows from the query. */
export type Answered<R, T, F, I, A = {}, G = undefined> = [F] extends [never]
  ? T
  : IsUntyped<R> extends true ? T : [G] extends [undefined] ? Row<R, F, I> : Group<Bare<R, F>, A, G>;

/** What the aggregates beside the rows come to. Where the row type was written down, they are whatever the query asks for. */
export type Counted<R, F, A, G = undefined> = [F] extends [never]
  ? AnyFigures
  : true extends IsUntyped<R> | ([keyof A] extends [never] ? true : false) | ([G] extends [undefined] ? false : true)
    ? AnyFigures
    : Figures<Bare<R, F>, A>;
