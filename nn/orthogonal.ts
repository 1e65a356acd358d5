/**
 * Initializers of orthogonal weights.
 *
 * @module
 */
import {
  type DType,
  type DTypeLike,
  type JaxArray,
  keywords,
  staticInteger,
  ValueError,
} from "../core/mod.ts";
import * as np from "../numpy/mod.ts";
import * as random from "../random/mod.ts";
import {
  type DTypeOption,
  factor,
  type Initializer,
  initializer,
  type RealNumeric,
  sizeAlong,
} from "./_initializer.ts";

/** Options of {@linkcode orthogonal} and {@linkcode deltaOrthogonal}. */
export interface OrthogonalOptions extends DTypeOption {
  /** A factor. */
  readonly scale?: RealNumeric;
  /** The axis of the columns; -1 by default. */
  readonly columnAxis?: number;
}

type OrthogonalRest = [
  scale?: RealNumeric | OrthogonalOptions,
  columnAxis?: number | OrthogonalOptions,
  dtype?: DTypeLike | null | OrthogonalOptions,
  options?: OrthogonalOptions,
];

/** A matrix with orthonormal rows or columns, whichever are fewer, in a shape. */
function orthogonalArray(
  key: random.KeyLike,
  shape: readonly number[],
  dtype: DType,
  scale: unknown,
  columnAxis: number,
): JaxArray {
  if (shape.length < 2) throw new ValueError("orthogonal initializer requires at least a 2D shape");
  if (shape.includes(0)) return np.zeros(shape, { dtype });
  const columns = sizeAlong("column_axis", shape, columnAxis);
  const rows = shape.reduce((a, b) => a * b, 1) / columns;
  const at = columnAxis < 0 ? columnAxis + shape.length : columnAxis;
  const q = random.orthogonal(key, rows, { shape: [], dtype, m: columns });
  const split = np.reshape(q, [...shape.filter((_, i) => i !== at), columns]);
  return np.multiply(factor(scale, dtype), np.moveaxis(split, -1, at));
}

function orthogonalArguments(
  name: string,
  rest: OrthogonalRest,
): [scale: unknown, columnAxis: number, dtype: unknown] {
  const given = keywords(name, ["scale", "columnAxis", "dtype"], rest);
  return [given.scale ?? 1, staticInteger(given.columnAxis ?? -1, `column_axis of ${name}`), given.dtype];
}

/**
 * Weights that are uniform orthogonal matrices: the rows or the columns, whichever are fewer, are orthonormal. The
 * axes but `columnAxis` together are the rows.
 *
 * See Saxe et al. 2014, "Exact solutions to the nonlinear dynamics of learning in deep linear neural networks".
 *
 * @param rest scale (1), columnAxis (-1), dtype
 * @throws {ValueError} When called for a shape of fewer than two axes.
 *
 * @example
 * ```ts
 * import { nn, numpy as np, random } from "@jaxlet/jaxlet";
 * const w = nn.initializers.orthogonal()(random.key(0), [3, 3]);
 * if (!np.allclose(w.matmul(w.T), np.eye(3), { atol: 1e-5 }).item()) throw new Error();
 * ```
 */
export function orthogonal(...rest: OrthogonalRest): Initializer {
  const [scale, columnAxis, dtype] = orthogonalArguments("orthogonal", rest);
  return initializer(
    "orthogonal",
    dtype,
    (key, shape, dtype) => orthogonalArray(key, shape, dtype, scale, columnAxis),
  );
}

/**
 * Kernels of convolutions that are an orthogonal matrix at their middle and 0 elsewhere, so that the convolution keeps
 * norms.
 *
 * See Xiao et al. 2018, "Dynamical Isometry and a Mean Field Theory of CNNs".
 *
 * @param rest scale (1), columnAxis (-1), dtype
 * @throws {ValueError} When called for a shape of other than 3 to 5 axes, or with more inputs than outputs.
 *
 * @example
 * ```ts
 * import { nn, random } from "@jaxlet/jaxlet";
 * const w = nn.initializers.deltaOrthogonal()(random.key(0), [3, 2, 2]);
 * if (w.get(0).abs().sum().item() !== 0 || w.get(1).abs().sum().item() < 1) throw new Error();
 * ```
 */
export function deltaOrthogonal(...rest: OrthogonalRest): Initializer {
  const [scale, columnAxis, dtype] = orthogonalArguments("delta_orthogonal", rest);
  return initializer("delta_orthogonal", dtype, (key, shape, dtype) => {
    if (shape.length < 3 || shape.length > 5) {
      throw new ValueError("Delta orthogonal initializer requires a 3D, 4D or 5D shape.");
    }
    const [inputs, outputs] = shape.slice(-2) as [number, number];
    if (outputs < inputs) throw new ValueError("`fan_in` must be less or equal than `fan_out`. ");
    const matrix = orthogonalArray(key, [inputs, outputs], dtype, scale, columnAxis);
    const middle = shape.slice(0, -2).map((n) => Math.floor((n - 1) / 2));
    return np.zeros(shape, { dtype }).at(...middle, "...").set(matrix);
  });
}
