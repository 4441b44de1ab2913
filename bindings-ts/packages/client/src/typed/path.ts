// How far down paths are completed and checked. Deep enough for rows, and an end for types that contain themselves.
type Below = [never, 0, 1, 2, 3];
type Deepest = 4;

type Primitive = string | number | boolean | bigint | symbol | null | undefined;

/** The objects with named fields in a value; arrays are not among them: their elements have no names. */
type ObjectsIn<V> = V extends Primitive | readonly unknown[] | ((...args: never) => unknown) ? never : V;

/** The paths that begin at a value in the field `K`. */
type Beneath<K extends string, V, Depth extends number> = unknown extends V
  ? `${K}.${string}`
  : ObjectsIn<V> extends infer O
    ? O extends object
      ? string extends keyof O
        ? `${K}.${string}`
        : `${K}.${Path<O, Below[Depth]>}`
      : never
    : never;

/** Paths to fields of nested objects: `meta.camera.model`. */
export type NestedPath<T, Depth extends number = Deepest> = [Depth] extends [never]
  ? never
  : T extends unknown
    ? { [K in keyof T & string]: Beneath<K, T[K], Depth> }[keyof T & string]
    : never;

/** All fields and paths to fields. */
export type Path<T, Depth extends number = Deepest> = (T extends unknown ? keyof T & string : never) | NestedPath<T, Depth>;

/** What is at a path, as the core sees it: `null` where something on the way may be missing. */
export type ValueAt<T, P extends string> = T extends unknown
  ? P extends keyof T
    ? Present<T[P]>
    : P extends `${infer K}.${infer Rest}`
      ? K extends keyof T
        ? unknown extends T[K]
          ? unknown
          : ValueAt<ObjectsIn<T[K]>, Rest> | (Exclude<T[K], ObjectsIn<T[K]>> extends never ? never : null)
        : null
      : null
  : never;

/** A missing value is `null` to the core. */
type Present<V> = unknown extends V ? V : undefined extends V ? Exclude<V, undefined> | null : V;

/** Of these paths, those that lead through an object used as a map: any name may be in them. */
export type Open<P extends string> = P extends unknown ? ({} extends Record<P, 0> ? P : never) : never;

/** Of these paths, those of which each name is known. */
export type Closed<P extends string> = P extends unknown ? ({} extends Record<P, 0> ? never : P) : never;
