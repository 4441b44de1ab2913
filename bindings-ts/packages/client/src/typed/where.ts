import type { Condition, MatchIn, PathConditions } from "./condition.js";
import type { Bare, Relations, Target } from "./register.js";

/** Tests of what a relation leads to: one row, or any number. */
interface RelationTest<R, L> {
  /** This holds for one of the rows. */
  readonly some?: Where<Target<L>, R>;
  /** This holds for all of the rows; true if there are none. */
  readonly every?: Where<Target<L>, R>;
  /** This holds for no row; true if there are none. */
  readonly none?: Where<Target<L>, R>;
}

/** What is asked of the fields of a row `T`, and of what its relations `L` lead to. An embedded one is a field as well. */
type Asks<R, T, L> = {
  readonly [K in keyof T]?: Condition<T[K]> | (K extends keyof L ? RelationTest<R, L[K]> : never);
} & { readonly [N in Exclude<keyof L, keyof T>]?: RelationTest<R, L[N]> } & PathConditions<T> & MatchIn<T>;

type RowConditions<R, F> = Asks<R, Bare<R, F>, Relations<R, F>>;

/** Conditions on rows of the resource type `F`, which comes first, so that errors name it before all that is in `R`. */
export type Where<F, R> =
  | RowConditions<R, F>
  /** All of these hold. */
  | (RowConditions<R, F> & { readonly and: readonly Where<F, R>[] })
  /** One of these holds; none does if the list is empty. */
  | (RowConditions<R, F> & { readonly or: readonly Where<F, R>[] })
  /** This does not hold. */
  | (RowConditions<R, F> & { readonly not: Where<F, R> });
