import type { FieldTest, Scalar } from "../generated.js";
import type { Closed, NestedPath, Open, Path, ValueAt } from "./path.js";

/** The scalars that a field can equal. A field that may be missing can be `null`. */
type ScalarIn<V> = Extract<V, Scalar> | (undefined extends V ? null : never);

/** Tests of any value. */
interface AnyTest {
  /** Null or missing (`true`), or neither (`false`). */
  readonly isNull?: boolean;
}

/** Tests for being equal. */
interface EqualTest<V> extends AnyTest {
  /** This value. */
  readonly eq?: V;
  /** Not this value. */
  readonly ne?: V;
  /** One of these values. */
  readonly in?: readonly V[];
}

/** Tests of values that have an order. */
interface OrderTest<V, W> extends EqualTest<V> {
  /** Below. */
  readonly lt?: W;
  /** Below or equal. */
  readonly lte?: W;
  /** Above. */
  readonly gt?: W;
  /** Above or equal. */
  readonly gte?: W;
}

/** Tests of a number. */
export interface NumberTest<V> extends OrderTest<V, number> {}

/** Tests of a boolean. */
export interface BooleanTest<V> extends EqualTest<V> {}

/** Tests of text. */
export interface TextTest<V>
  extends OrderTest<V, string>, Pick<FieldTest, "startsWith" | "includes" | "ignoreCase" | "match" | "under" | "childOf"> {}

/** Tests of an array of scalars. */
export interface ScalarsTest<E> extends AnyTest {
  /** An element is this. */
  readonly contains?: ScalarIn<E>;
}

/** Tests of an array of objects. */
export interface ObjectsTest<E> extends AnyTest {
  /** This holds for an element. */
  readonly some?: Conditions<Exclude<E, Scalar>>;
  /** This holds for all elements; true if there are none. */
  readonly every?: Conditions<Exclude<E, Scalar>>;
  /** This holds for no element; true if there are none. */
  readonly none?: Conditions<Exclude<E, Scalar>>;
}

/** Tests of an array of both. */
interface MixedTest<E> extends ScalarsTest<E>, ObjectsTest<E> {}

type ElementsTest<E> = unknown extends E
  ? FieldTest
  : [E] extends [Scalar] ? ScalarsTest<E> : [ScalarIn<E>] extends [never] ? ObjectsTest<E> : MixedTest<E>;

/** The tests of a field with values `V`, of which `N` are not null. */
type Test<V, N = NonNullable<V>> = [N] extends [never]
  ? AnyTest
  : [N] extends [string]
    ? TextTest<ScalarIn<V>>
    : [N] extends [number]
      ? NumberTest<ScalarIn<V>>
      : [N] extends [boolean]
        ? BooleanTest<ScalarIn<V>>
        : [N] extends [readonly (infer E)[]]
          ? ElementsTest<E>
          : [N] extends [Scalar]
            ? OrderTest<ScalarIn<V>, Extract<N, number | string>>
            : ScalarIn<N> extends never
              ? AnyTest
              : FieldTest;

/** What may be asked of a field with values `V`: that it equals one of them, or a test. */
export type Condition<V> = unknown extends V ? Scalar | FieldTest : ScalarIn<V> | Test<V>;

/** Conditions on what is at the paths of a `T` to fields of nested objects. */
export type PathConditions<T> = { readonly [P in Closed<NestedPath<T>>]?: Condition<ValueAt<T, P>> } & {
  readonly [P in Open<NestedPath<T>>]: Condition<ValueAt<T, P>>;
};

/** Words in some of several fields of a `T`. A field of that name is tested as others are. */
export type MatchIn<T> = { readonly [K in Exclude<"match", keyof T>]?: WordsIn<T> };
/** Words that must be in some fields of a `T`. */
interface WordsIn<T> {
  /** Each of these words begins a word of one of the fields. */
  readonly text: string;
  /** The most important first. */
  readonly fields: readonly Textual<T, Path<T>>[];
}

/** The paths to text. */
type Textual<T, P extends string> = P extends unknown
  ? unknown extends ValueAt<T, P>
    ? P
    : [Extract<ValueAt<T, P>, string>] extends [never] ? never : P
  : never;


type FieldConditions<T> = { readonly [K in keyof T]?: Condition<T[K]> } & PathConditions<T>;

/** Conditions on an element of an array. All entries must hold. */
export type Conditions<T> =
  | FieldConditions<T>
  /** All of these hold. */
  | (FieldConditions<T> & { readonly and: readonly Conditions<T>[] })
  /** One of these holds; none does if the list is empty. */
  | (FieldConditions<T> & { readonly or: readonly Conditions<T>[] })
  /** This does not hold. */
  | (FieldConditions<T> & { readonly not: Conditions<T> });
