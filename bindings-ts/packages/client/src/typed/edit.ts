import type { Scalar } from "../generated.js";
import type { Bare, IsUntyped, Relations, Target } from "./register.js";

/** A value of which objects may be there in part. */
type Part<V> = unknown extends V
  ? V
  : V extends Scalar | undefined | readonly unknown[] ? V : { readonly [K in keyof V]?: Part<V[K]> };

/** The resources themselves, in place of the ids `V`. */
type Embedded<R, L, V> = V extends readonly (infer I)[] ? readonly (I | Bare<R, Target<L>>)[] : V | Bare<R, Target<L>>;

/** A row with relations `L`; a field that is one of them may have the resources in it. */
type Written<R, T, L> = { readonly [K in keyof T]: K extends keyof L ? Embedded<R, L[K], T[K]> : T[K] };

/** Some fields of a row; of an object in it, some of its fields. */
export type Fields<R, F> = IsUntyped<R> extends true
  ? object
  : { readonly [K in keyof Bare<R, F>]?: K extends keyof Relations<R, F> ? Written<R, Bare<R, F>, Relations<R, F>>[K] : Part<Bare<R, F>[K]> };

/** A whole row. */
export type Whole<R, F> = IsUntyped<R> extends true ? object : Written<R, Bare<R, F>, Relations<R, F>>;
