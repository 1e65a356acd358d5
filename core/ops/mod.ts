/**
 * Defines the primitives: each file gives its family their rules.
 *
 * @module
 */
import "./arithmetic.ts";
import "./bits.ts";
import "./callback.ts";
import "./checkpoint.ts";
import "./collectives.ts";
import "./compare.ts";
import "./concatenate.ts";
import "./cond.ts";
import "./convert.ts";
import "./cumulative.ts";
import "./custom.ts";
import "./dot.ts";
import "./dynamic.ts";
import "./fft.ts";
import "./gather.ts";
import "./jit.ts";
import "./linalg_cholesky.ts";
import "./linalg_eigh.ts";
import "./linalg_lu.ts";
import "./linalg_qr.ts";
import "./linalg_svd.ts";
import "./linalg_triangular.ts";
import "./linalg_tridiagonal.ts";
import "./matmul.ts";
import "./movement.ts";
import "./reduce.ts";
import "./reduce_computation.ts";
import "./scan.ts";
import "./scatter.ts";
import "./slice.ts";
import "./sort.ts";
import "./special.ts";
import "./special_loops.ts";
import "./top_k.ts";
import "./transcendental.ts";
import "./while.ts";
import "./window.ts";
import "./window_select.ts";
import "./random.ts";
import "./random_gamma.ts";
import "./rng_bit_generator.ts";
import "./conv.ts";
import "./linear_solve.ts";
