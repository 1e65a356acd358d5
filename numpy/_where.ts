/**
 * Choosing elementwise between two arrays, as the functions of this folder do it among themselves.
 *
 * @module
 */
import { bool_, broadcastArrays, type JaxArray, namedJit, raw } from "../core/mod.ts";
import { literalLike, promoteDTypes, toArrays } from "./convert.ts";

/** A boolean array: whether elements are not zero. */
export function toBool(x: JaxArray): JaxArray {
  return x.dtype === bool_ ? x : raw.ne(x, literalLike(x, 0));
}

const jitted = namedJit("_where", ([condition, onTrue, onFalse]): JaxArray[] => {
  const choice = toBool(condition!);
  const values = promoteDTypes("where", [onTrue!, onFalse!]);
  // A scalar condition selects whole arrays.
  const [which, x, y] = choice.ndim === 0
    ? [choice, ...broadcastArrays(values)]
    : broadcastArrays([choice, ...values]);
  return [raw.selectN(which!, y!, x!)];
});

/** `onTrue` where the condition holds, else `onFalse`, promoted and broadcast; arrays or scalars. */
export function where(condition: JaxArray, onTrue: unknown, onFalse: unknown): JaxArray {
  return jitted([condition, ...toArrays("where", onTrue, onFalse)])[0]!;
}

/** {@linkcode where} for arrays that are of one dtype and shape already, or scalars. */
export function select(condition: JaxArray, onTrue: JaxArray, onFalse: JaxArray): JaxArray {
  const [x, y] = broadcastArrays([onTrue, onFalse]);
  return raw.selectN(condition, y!, x!);
}
