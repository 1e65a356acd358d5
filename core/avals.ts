/**
 * Abstract values: what tracing knows of an array. Interned, so equal ones are the same object.
 *
 * @module
 */
import { canonicalizeDType, type DType, tangentDType } from "./dtypes.ts";

/** Shape, dtype and weak type of an array. Make one with {@linkcode shaped}; equal ones are identical. */
export class ShapedArray {
  readonly shape: readonly number[];
  readonly dtype: DType;
  readonly weakType: boolean;
  readonly size: number;
  /** Serial number, for cache keys. */
  readonly id: number;

  constructor(shape: readonly number[], dtype: DType, weakType: boolean, id: number) {
    this.shape = shape;
    this.dtype = dtype;
    this.weakType = weakType;
    this.id = id;
    let size = 1;
    for (const n of shape) size *= n;
    this.size = size;
  }

  get ndim(): number {
    return this.shape.length;
  }

  /** The same value without its weak type. */
  strong(): ShapedArray {
    return this.weakType ? shaped(this.shape, this.dtype) : this;
  }

  /** The type of tangents: the same for inexact dtypes, float0 for the others. */
  tangent(): ShapedArray {
    const dtype = tangentDType(this.dtype);
    return dtype === this.dtype ? this : shaped(this.shape, dtype);
  }

  withShape(shape: readonly number[]): ShapedArray {
    return shaped(shape, this.dtype, this.weakType);
  }

  withDType(dtype: DType, weakType = false): ShapedArray {
    return shaped(this.shape, dtype, weakType);
  }

  /** Equal but for weak type. */
  sameType(other: ShapedArray): boolean {
    return this === other || this.strong() === other.strong();
  }

  /** Long text: `float32[2,3]`. */
  toString(): string {
    return `${this.dtype.name}[${this.shape.join(",")}]`;
  }

  /** Short text of jaxprs: `f32[2,3]`. */
  short(): string {
    return `${this.dtype.short}[${this.shape.join(",")}]`;
  }
}

interface Node {
  next: Map<number, Node> | null;
  value: ShapedArray | null;
}

const newNode = (): Node => ({ next: null, value: null });
const strongRoots = new Map<DType, Node>();
const weakRoots = new Map<DType, Node>();
let nextId = 0;

/** The interned abstract value of this shape, dtype (64-bit types narrow with x64 off) and weak type. */
export function shaped(shape: readonly number[], dtype: DType, weakType = false): ShapedArray {
  const roots = weakType ? weakRoots : strongRoots;
  let node = roots.get(dtype);
  if (node === undefined) roots.set(dtype, node = newNode());
  for (let i = 0; i < shape.length; i++) {
    const next: Map<number, Node> = node.next ??= new Map();
    let child = next.get(shape[i]!);
    if (child === undefined) next.set(shape[i]!, child = newNode());
    node = child;
  }
  return node.value ??= new ShapedArray(Object.freeze(shape.slice()), dtype, weakType, nextId++);
}

/** As {@linkcode shaped}, narrowing 64-bit dtypes when x64 is off. */
export function shapedCanonical(shape: readonly number[], dtype: DType, weakType = false): ShapedArray {
  return shaped(shape, canonicalizeDType(dtype), weakType);
}

/** Whether two shapes are equal. */
export function sameShape(a: readonly number[], b: readonly number[]): boolean {
  if (a === b) return true;
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}

/** Python's text of a shape: `(2, 3)`, `(2,)`, `()`. */
export function tuple(items: readonly unknown[]): string {
  return items.length === 1 ? `(${items[0]},)` : `(${items.join(", ")})`;
}
