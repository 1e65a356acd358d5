/**
 * The operators of arrays as functions, under the names of the methods: `np.sub(1, x)` where the array is the second
 * operand.
 *
 * @module
 */
export { divide as div, multiply as mul, negative as neg, subtract as sub } from "./arithmetic.ts";
export {
  bitwiseAnd as and,
  bitwiseOr as or,
  bitwiseXor as xor,
  leftShift as lshift,
  rightShift as rshift,
} from "./bitwise.ts";
export {
  equal as eq,
  greater as gt,
  greaterEqual as ge,
  less as lt,
  lessEqual as le,
  notEqual as ne,
} from "./comparison.ts";
