/**
 * The primitives, by JAX's names. Declared here so that rules and transformations can refer to any of them; defined
 * with their rules in `ops/`.
 *
 * @module
 */
import { type Primitive, primitive } from "./primitive.ts";

// deno-fmt-ignore
const unaryNames = ["neg", "abs", "sign", "floor", "ceil", "round", "sqrt", "rsqrt", "cbrt", "square", "exp", "exp2",
  "expm1", "log", "log1p", "logistic", "sin", "cos", "tan", "asin", "acos", "atan", "sinh", "cosh", "tanh", "asinh",
  "acosh", "atanh", "erf", "erfc", "erf_inv", "lgamma", "digamma", "bessel_i0e", "bessel_i1e", "is_finite", "not",
  "clz", "population_count", "real", "imag", "conj", "integer_pow", "convert_element_type", "bitcast_convert_type",
  "reduce_precision", "copy", "stop_gradient", "optimization_barrier"] as const;
// deno-fmt-ignore
const binaryNames = ["add", "sub", "mul", "div", "rem", "max", "min", "pow", "atan2", "nextafter", "eq", "ne", "lt",
  "le", "gt", "ge", "eq_to", "lt_to", "le_to", "and", "or", "xor", "shift_left", "shift_right_arithmetic",
  "shift_right_logical", "complex", "add_any", "mulhi"] as const;
// deno-fmt-ignore
const otherNames = ["select_n", "clamp", "broadcast_in_dim", "reshape", "transpose", "squeeze", "slice",
  "dynamic_slice", "dynamic_update_slice", "pad", "concatenate", "rev", "iota", "gather", "split", "tile",
  "scatter", "scatter_add", "scatter_sub", "scatter_mul", "scatter_min", "scatter_max",
  "reduce_sum", "reduce_prod", "reduce_max", "reduce_min", "reduce_and", "reduce_or", "reduce_xor", "reduce",
  "argmax", "argmin", "cumsum", "cumprod", "cummax", "cummin", "cumlogsumexp", "reduce_window",
  "reduce_window_sum", "reduce_window_max", "reduce_window_min", "select_and_scatter_add", "select_and_gather_add",
  "dot_general", "matmul", "conv_general_dilated", "conv_patches", "sort", "sort_key", "sort_step", "top_k",
  "igamma", "igammac", "igamma_grad_a",
  "random_gamma_grad", "regularized_incomplete_beta", "zeta", "polygamma", "fft",
  "cholesky", "triangular_solve", "lu", "qr", "geqrf", "householder_product", "eigh", "eig", "svd", "schur",
  "hessenberg", "tridiagonal", "tridiagonal_solve", "lu_pivots_to_permutation", "cholesky_update",
  "random_seed", "random_wrap", "random_unwrap", "random_bits", "random_split", "random_fold_in",
  "random_clone", "random_gamma", "threefry2x32",
  "rng_bit_generator",
  "jit", "cond", "while", "scan", "custom_jvp_call", "custom_vjp_call", "custom_lin",
  "custom_vmap_call", "checkpoint", "custom_linear_solve",
  "pure_callback", "io_callback", "debug_callback", "psum", "pmax", "pmin", "all_gather", "all_to_all", "ppermute",
  "axis_index", "reduce_scatter"] as const;

type Name = typeof unaryNames[number] | typeof binaryNames[number] | typeof otherNames[number];

function declare(): Readonly<Record<Name, Primitive>> {
  const table = {} as Record<Name, Primitive>;
  for (const name of [...unaryNames, ...binaryNames, ...otherNames]) {
    // JAX spells these with a hyphen.
    table[name] = primitive(name.replace(/^scatter_/, "scatter-"));
  }
  return Object.freeze(table);
}

/** Every primitive by name. */
export const P: Readonly<Record<Name, Primitive>> = declare();
