/**
 * The dtypes as `jax.numpy` names them, and questions about them.
 *
 * @module
 */
import {
  type AbstractDType,
  type ArrayLike,
  asDType,
  bool_,
  complex128,
  complex64,
  defaultComplex,
  defaultFloat,
  defaultInt,
  defaultUint,
  type DType,
  type DTypeLike,
  dtypes,
  dtypesByNum,
  float32,
  float64,
  isDType,
  issubdtype,
  type JaxArray,
  ValueError,
} from "../core/mod.ts";

export {
  bfloat16,
  bool_,
  complex128,
  complex128 as cdouble,
  complex64,
  complex64 as csingle,
  complexfloating,
  type DType,
  type DTypeLike,
  type DTypeName,
  finfo,
  float16,
  float32,
  float32 as single,
  float64,
  float64 as double,
  floating,
  generic,
  iinfo,
  inexact,
  int16,
  int32,
  int64,
  int8,
  integer,
  issubdtype,
  number,
  promoteTypes,
  signedinteger,
  uint16,
  uint32,
  uint64,
  uint8,
  unsignedinteger,
} from "../core/mod.ts";
export { bool_ as bool } from "../core/mod.ts";

/**
 * The dtype that something stands for: a dtype, its name, a NumPy code such as `"f4"`, or an array. 64-bit dtypes are
 * not narrowed.
 *
 * @throws {TypeError} When it stands for none.
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * if (np.dtype("f4") !== np.float32 || np.dtype(np.arange(2)) !== np.int32) throw new Error();
 * ```
 */
export function dtype(x: DTypeLike): DType {
  return asDType(x, "dtype");
}

/** The integer dtype of the configuration as a function: int32, or int64 with x64. */
export const int_: (value: unknown) => JaxArray = (value) => defaultInt()(value);
/** The unsigned integer dtype of the configuration as a function: uint32, or uint64 with x64. */
export const uint: (value: unknown) => JaxArray = (value) => defaultUint()(value);
/** The floating dtype of the configuration as a function: float32, or float64 with x64. */
export const float_: (value: unknown) => JaxArray = (value) => defaultFloat()(value);
/** The complex dtype of the configuration as a function: complex64, or complex128 with x64. */
export const complex_: (value: unknown) => JaxArray = (value) => defaultComplex()(value);

/**
 * The dtype of the result of an operation on operands of several types, by JAX's rules of promotion.
 *
 * @param args Arrays, scalars and dtypes.
 * @throws {ValueError} Without operands.
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * if (np.resultType(np.int32, np.float16) !== np.float16) throw new Error();
 * ```
 */
export function resultType(...args: readonly (ArrayLike | DTypeLike)[]): DType {
  return dtypes.resultType(...args);
}

type Casting = "no" | "equiv" | "safe" | "same_kind" | "unsafe";

const castings: readonly string[] = ["no", "equiv", "safe", "same_kind", "unsafe"];

/** The largest integer of magnitude 2ⁿ that a dtype holds exactly, as n; of floats all up to it. */
function exactBits(type: DType): number {
  switch (type.kind) {
    case "bool":
      return 0;
    case "int":
      return type.bits - 1;
    case "uint":
      return type.bits;
    default:
      return type === float32 || type === complex64 ? 24 : type === float64 || type === complex128 ? 53 : 11;
  }
}

/** The order of kinds: values of one can be seen as values of the next. */
const kindRank = { bool: 0, uint: 1, int: 2, float: 3, complex: 4, key: 5, float0: 5 } as const;

/** NumPy's rule: a cast is safe when no value changes; int64 to float64 counts as safe. */
function isSafe(from: DType, to: DType): boolean {
  if (from === to) return true;
  const [a, b] = [kindRank[from.kind], kindRank[to.kind]];
  if (a > b || to.kind === "uint" && from.kind === "int") return false;
  if (from.name === "bfloat16") return to.kind !== "float" || to.bits > 16;
  if (to.name === "bfloat16") return from.kind === "bool" || exactBits(from) <= 8 && from.kind !== "float";
  if (from.kind === to.kind) return from.bits <= to.bits;
  if (to === float64 || to === complex128) return true;
  if (from.kind === "float") return to.kind === "complex" && from.bits <= to.bits / 2;
  return exactBits(from) <= exactBits(to);
}

/**
 * Whether a cast is allowed by a rule: `"safe"` where no value changes, `"same_kind"` also to narrower dtypes of a kind.
 *
 * @param from A dtype.
 * @param to A dtype.
 * @param options `casting`: the rule (`"safe"`).
 * @throws {ValueError} For an unknown rule.
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * if (!np.canCast("int8", "int32") || np.canCast("float32", "int32")) throw new Error();
 * ```
 */
export function canCast(
  from: DTypeLike,
  to: DTypeLike,
  ...options: [casting?: Casting | { readonly casting?: Casting }]
): boolean {
  const { casting = "safe" } = typeof options[0] === "string" ? { casting: options[0] } : options[0] ?? {};
  if (!castings.includes(casting)) {
    throw new ValueError(`casting must be one of ${castings.map((c) => `'${c}'`).join(", ")}`);
  }
  const [a, b] = [asDType(from, "can_cast"), asDType(to, "can_cast")];
  switch (casting) {
    case "no":
    case "equiv":
      return a === b;
    case "safe":
      return isSafe(a, b);
    case "same_kind":
      return isSafe(a, b) || a.kind === b.kind || kindRank[a.kind] <= kindRank[b.kind];
    default:
      return true;
  }
}

/** The kinds of the array API standard. */
const kinds: Readonly<Record<string, (type: DType) => boolean>> = {
  bool: (t) => t === bool_,
  "signed integer": (t) => t.kind === "int",
  "unsigned integer": (t) => t.kind === "uint",
  integral: (t) => t.kind === "int" || t.kind === "uint",
  "real floating": (t) => t.kind === "float",
  "complex floating": (t) => t.kind === "complex",
  numeric: (t) => t.num > 0,
};

/**
 * Whether a dtype is of a kind: `"bool"`, `"signed integer"`, `"unsigned integer"`, `"integral"`, `"real floating"`,
 * `"complex floating"`, `"numeric"`, or a dtype; of a list, whether of any.
 *
 * @throws {ValueError} For an unknown kind.
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * if (!np.isdtype(np.int8, "integral") || np.isdtype(np.float32, ["bool", "integral"])) throw new Error();
 * ```
 */
export function isdtype(
  type: DTypeLike,
  kind: DTypeLike | AbstractDType | readonly (DTypeLike | AbstractDType)[],
): boolean {
  const own = asDType(type, "isdtype");
  return (Array.isArray(kind) ? kind : [kind]).some((k: DTypeLike | AbstractDType) => {
    if (typeof k === "string" && Object.hasOwn(kinds, k)) return kinds[k]!(own);
    if (isDType(k)) return k === own;
    if (typeof k === "string") {
      const named = dtypesByNum.find((t) => t.name === k);
      if (named !== undefined) return named === own;
      throw new ValueError(
        `Unrecognized kind='${k}' expected one of [${Object.keys(kinds).map((n) => `'${n}'`).join(", ")}], ` +
          "or a compatible input for jnp.dtype().",
      );
    }
    return issubdtype(own, k);
  });
}
