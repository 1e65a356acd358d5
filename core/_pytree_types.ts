/**
 * Static types of pytrees: the leaves of a tree and the tree with other leaves.
 *
 * @module
 */

// deno-lint-ignore no-explicit-any -- matches functions of every signature
type AnyFunction = (...args: any[]) => unknown;

/** Values that are leaves whatever their properties: scalars, functions, typed arrays, arrays and complex scalars. */
type Opaque =
  | string
  | number
  | bigint
  | boolean
  | symbol
  | AnyFunction
  | ArrayBufferView
  | { readonly dtype: unknown; readonly shape: unknown }
  | { readonly re: number; readonly im: number };

/** Counts down the levels that a type is followed into, so that recursive types end. */
type Below = [never, 0, 1, 2, 3, 4, 5, 6];

type IsAny<T> = 0 extends 1 & T ? true : false;

/** A function that is a node: `Partial`. */
type Bound = AnyFunction & { readonly args: readonly unknown[]; readonly keywords: object };

/** The properties of `T` that are not methods. */
type Fields<T> = { [K in keyof T]: T[K] extends AnyFunction ? never : T[K] }[keyof T];

/** Whether `T` has a method, and so is taken for an instance of a registered class, which maps to its own class. */
type HasMethod<T> = true extends { [K in keyof T]: T[K] extends AnyFunction ? true : never }[keyof T] ? true
  : false;

/** Type of the leaves of a tree of type `T`; `unknown` where the type does not say. */
export type Leaf<T, Depth extends number = 7> = IsAny<T> extends true ? T
  : [Depth] extends [never] ? unknown
  : T extends null | undefined ? never
  : T extends Bound ? unknown
  : T extends Opaque ? T
  : T extends ReadonlyMap<unknown, infer V> ? Leaf<V, Below[Depth]>
  : T extends readonly (infer V)[] ? Leaf<V, Below[Depth]>
  : T extends object ? Leaf<Fields<T>, Below[Depth]>
  : T;

/** A tree of type `T` with leaves of type `U` instead of its own; interfaces, type aliases and tuples keep their form. */
export type WithLeaves<T, U, Depth extends number = 7> = IsAny<T> extends true ? T
  : unknown extends T ? unknown
  : [Depth] extends [never] ? unknown
  : T extends null | undefined | Bound ? T
  : T extends Opaque ? U
  : T extends ReadonlyMap<infer K, infer V> ? Map<K, WithLeaves<V, U, Below[Depth]>>
  : T extends readonly unknown[] ? { [K in keyof T]: WithLeaves<T[K], U, Below[Depth]> }
  : T extends object ? HasMethod<T> extends true ? T
    : { [K in keyof T]: WithLeaves<T[K], U, Below[Depth]> }
  : U;
