import type { Scalar } from "../generated.js";
import type { Bare, IsUntyped } from "./register.js";

type Part<V> = unknown extends V
  ? V
  : V extends Scalar | undefined | readonly unknown[] ? V : { readonly [K in keyof V]?: Part<V[K]> };

/** Some fields of a row; of an object in it, some of its fields. */
export type Fields<R, F> = IsUntyped<R> extends true ? object : Part<Bare<R, F>>;

/** A whole row. */
export type Whole<R, F> = IsUntyped<R> extends true ? object : Bare<R, F>;
