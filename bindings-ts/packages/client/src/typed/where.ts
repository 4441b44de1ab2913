import type { Condition, PathConditions } from "./condition.js";
import type { Bare, Relations, Target } from "./register.js";

/** Tests of what a relation leads to: one row, or any number. */
interface RelationTest<R, L> {
  /** This holds for one of the rows. */
  readonly some?: Where<R, Target<L>>;
  /** This holds for all of the rows; true if there are none. */
  readonly every?: Where<R, Target<L>>;
  /** This holds for no row; true if there are none. */
  readonly none?: Where<R, Target<L>>;
}

/** What is asked of the fields of a row `T`, and of what its relations `L` lead to. An embedded one is a field as well. */
type Asks<R, T, L> = {
  readonly [K in keyof T]?: Condition<T[K]> | (K extends keyof L ? RelationTest<R, L[K]> : never);
} & { readonly [N in Exclude<keyof L, keyof T>]?: RelationTest<R, L[N]> } & PathConditions<T>;

type RowConditions<R, F> = Asks<R, Bare<R, F>, Relations<R, F>>;

/** Conditions on rows of the resource type `F`. All entries must hold. */
export type Where<R, F> =
  | RowConditions<R, F>
  /** All of these hold. */
  | (RowConditions<R, F> & { readonly and: readonly Where<R, F>[] })
  /** One of these holds; none does if the list is empty. */
  | (RowConditions<R, F> & { readonly or: readonly Where<R, F>[] })
  /** This does not hold. */
  | (RowConditions<R, F> & { readonly not: Where<R, F> });
