import type { Key } from "./order.js";
import type { Bare, Relations, Target } from "./register.js";
import type { Where } from "./where.js";

/** What to include of a relation to one: it, and what to include of it. */
interface OneOptions<F, R> {
  readonly include?: Include<F, R>;
}

/** What to include of a relation to many: which, in which order, what part of them, and what to include of each. */
interface ManyOptions<F, R> {
  readonly where?: Where<F, R>;
  /** In which order; as the row lists them without it. */
  readonly orderBy?: readonly Key<Bare<R, F>>[];
  readonly limit?: number;
  readonly offset?: number;
  readonly include?: Include<F, R>;
}

/** The names of relations; any where there are none, so that they are refused one by one. */
type RelationName<L> = [keyof L] extends [never] ? string : keyof L;

type Options<R, L> = L extends { readonly kind: "many" } ? ManyOptions<Target<L>, R> : OneOptions<Target<L>, R>;

/** What a query may include. */
export type Include<F, R> = {
  readonly [N in RelationName<Relations<R, F>>]?: N extends keyof Relations<R, F> ? true | Options<R, Relations<R, F>[N]> : never;
};

/** The part of an include `I` that is about what the relation `N` leads to. */
type Nested<I, N extends keyof I> = I[N] extends { readonly include: infer J } ? J : {};

type Leads<R, L, J> = L extends { readonly kind: "many" }
  ? readonly Row<R, Target<L>, J>[]
  : Row<R, Target<L>, J> | null;

/** `A` with the fields of `B` in place of its own. */
type Over<A, B> = [keyof B] extends [never] ? A : [keyof A & keyof B] extends [never] ? A & B : Omit<A, keyof B> & B;

/** A row with what the include `I` adds to it. */
export type Row<R, F, I> = Over<
  Bare<R, F>,
  { readonly [N in keyof I & keyof Relations<R, F>]: Leads<R, Relations<R, F>[N], Nested<I, N>> }
>;
