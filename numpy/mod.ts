/**
 * `jax.numpy`: NumPy's functions over arrays that can be differentiated, compiled and vectorised.
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * const x = np.linspace(0, 1, 3);
 * if (String(np.exp(x).sum()) !== "5.367003") throw new Error();
 * ```
 *
 * @module
 */
import "./_methods.ts";

export { JaxArray as Array, JaxArray as ndarray } from "../core/mod.ts";
export * from "./arrays.ts";
export * from "./creation.ts";
export * from "./ranges.ts";
export * from "./mesh.ts";
export * from "./triangles.ts";
export * from "./raw_data.ts";
export * from "./join.ts";
export * from "./rearrange.ts";
export * from "./shape.ts";
export * from "./take.ts";
export * from "./arg_extrema.ts";
export * from "./cumulative.ts";
export * from "./moments.ts";
export * from "./nan_reductions.ts";
export * from "./reductions.ts";
export * from "./quantiles.ts";
export * from "./einsum.ts";
export * from "./products.ts";
export * from "./vectorize.ts";
export * from "./sorting.ts";
export * from "./searching.ts";
export * from "./arithmetic.ts";
export * from "./bitwise.ts";
export * from "./closeness.ts";
export * from "./comparison.ts";
export * from "./complex.ts";
export * from "./constants.ts";
export * from "./dtypes.ts";
export * from "./elementary.ts";
export * from "./extremes.ts";
export * from "./files.ts";
export * from "./floating.ts";
export * from "./printing.ts";
export * from "./rounding.ts";
export * from "./selection.ts";
export * from "./special.ts";
export * from "./unique.ts";
export * from "./set_operations.ts";
export * from "./diagonal.ts";
export * from "./edit.ts";
export * from "./grids.ts";
export * from "./nonzero.ts";
export * from "./pad.ts";
export * from "./unravel.ts";
export * from "./histograms.ts";
export * from "./convolution.ts";
export * from "./covariance.ts";
export * from "./ufunc.ts";
export {
  add,
  bitwiseAnd,
  bitwiseOr,
  bitwiseXor,
  logaddexp,
  logaddexp2,
  logicalAnd,
  logicalOr,
  logicalXor,
  maximum,
  minimum,
  multiply,
  negative,
  subtract,
} from "./ufuncs.ts";
export * from "./differences.ts";
export * from "./equality.ts";
export * from "./windows.ts";
export * from "./packing.ts";
export * as fft from "./fft.ts";
export * from "./broadcast.ts";
export * from "./outer_products.ts";
export * from "./split.ts";
export * from "./triangle.ts";
export * as linalg from "./linalg/mod.ts";
export * from "./polynomials.ts";
export * from "./polynomial_roots.ts";
export * from "./operators.ts";
