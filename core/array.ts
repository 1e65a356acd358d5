/**
 * The public array type: abstract over concrete arrays and tracers.
 *
 * @module
 */
import type { ShapedArray } from "./avals.ts";
import type { DType } from "./dtypes.ts";

/** An immutable n-dimensional array, concrete or traced. */
export abstract class JaxArray {
  abstract readonly aval: ShapedArray;

  /** Sizes of the axes. */
  get shape(): readonly number[] {
    return this.aval.shape;
  }

  get dtype(): DType {
    return this.aval.dtype;
  }

  /** Number of axes. */
  get ndim(): number {
    return this.aval.shape.length;
  }

  /** Number of elements. */
  get size(): number {
    return this.aval.size;
  }

  /** Whether the dtype came from a bare number and yields to others in promotion. */
  get weakType(): boolean {
    return this.aval.weakType;
  }
}
