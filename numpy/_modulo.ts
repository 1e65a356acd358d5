/**
 * Remainders of integers for index arithmetic.
 *
 * @module
 */
import { type JaxArray, raw } from "../core/mod.ts";

/** x mod n in 0 .. n − 1, for integers x and a positive n. */
export function floorMod(x: JaxArray, n: number): JaxArray {
  const rest = raw.rem(x, n);
  return x.dtype.kind === "uint" ? rest : raw.selectN(raw.lt(rest, 0), rest, raw.add(rest, n));
}
