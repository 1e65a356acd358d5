/**
 * Numerical integration, as in `jax.scipy.integrate`.
 *
 * @module
 */
export { trapezoid } from "../../numpy/differences.ts";
