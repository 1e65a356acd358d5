/**
 * Defines the primitives: each file gives its family their rules.
 *
 * @module
 */
import "./arithmetic.ts";
import "./bits.ts";
import "./compare.ts";
import "./convert.ts";
import "./special.ts";
import "./special_loops.ts";
import "./transcendental.ts";
