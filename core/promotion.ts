/**
 * Type promotion: the dtype in which operands of different dtypes meet.
 *
 * JAX's promotion lattice has a node for each dtype and three weak nodes, `i*`, `f*` and `c*`, for scalars of the
 * language. The type of an operation is the least upper bound of its operands (JAX's "Type promotion semantics").
 * The bounds of all pairs are computed once, so that promoting is a table lookup.
 *
 * @module
 */

import {
  bool_,
  complex128,
  defaultComplex,
  defaultFloat,
  defaultInt,
  defaultUint,
  type DType,
  type DTypeLike,
  dtypesByNum,
  float64,
  int64,
  narrowDType,
} from "./_dtype.ts";
import { asDType } from "./_dtype_parse.ts";
import { flags } from "./config.ts";
import { TypePromotionError, ValueError } from "./errors.ts";

/** A dtype, and whether it is weak: it comes from scalars of the language and gives way to dtypes of arrays. */
export interface WeakDType {
  readonly dtype: DType;
  readonly weakType: boolean;
}

/** The nodes of the lattice: the dtypes in the order of their `num`, then the weak ones. */
const NODES = [...dtypesByNum.map((dtype) => dtype.name), "i*", "f*", "c*"] as const;
const NODE_COUNT = NODES.length;
const WEAK_INT = dtypesByNum.length;
const WEAK_FLOAT = WEAK_INT + 1;
const WEAK_COMPLEX = WEAK_INT + 2;

/** From each node to the nodes just above it. */
type Edges = Readonly<Record<string, readonly string[]>>;

const STANDARD_X64: Edges = {
  bool: ["i*"],
  "i*": ["uint8", "int8"],
  uint8: ["int16", "uint16"],
  uint16: ["int32", "uint32"],
  uint32: ["int64", "uint64"],
  uint64: ["f*"],
  int8: ["int16"],
  int16: ["int32"],
  int32: ["int64"],
  int64: ["f*"],
  "f*": ["bfloat16", "float16", "c*"],
  bfloat16: ["float32"],
  float16: ["float32"],
  float32: ["float64", "complex64"],
  float64: ["complex128"],
  "c*": ["complex64"],
  complex64: ["complex128"],
};

/** With x64 off no two 32-bit types meet in a 64-bit one: uint32 and int32 meet in int32. */
const STANDARD_X32: Edges = { ...STANDARD_X64, uint32: ["int32", "uint64"] };

/** Only weak types promote. */
const STRICT: Edges = {
  "i*": [
    "f*",
    ...dtypesByNum.filter(({ kind }) => kind === "int" || kind === "uint").map(({ name }) => name),
  ],
  "f*": ["c*", ...dtypesByNum.filter(({ kind }) => kind === "float").map(({ name }) => name)],
  "c*": ["complex64", "complex128"],
};

/** For each pair of nodes (row-major) the node of their least upper bound, or -1 where there is none. */
function leastUpperBounds(edges: Edges): Int8Array {
  const above = NODES.map((name) => {
    const reached = new Set([name as string]);
    for (const node of reached) for (const next of edges[node] ?? []) reached.add(next);
    return NODES.map((other) => reached.has(other));
  });
  const table = new Int8Array(NODE_COUNT * NODE_COUNT).fill(-1);
  for (let a = 0; a < NODE_COUNT; a++) {
    for (let b = 0; b < NODE_COUNT; b++) {
      const common = NODES.map((_, c) => c).filter((c) => above[a]![c] && above[b]![c]);
      const least = common.find((c) => common.every((d) => above[c]![d]));
      if (least !== undefined) table[a * NODE_COUNT + b] = least;
    }
  }
  return table;
}

const JOIN_X64 = leastUpperBounds(STANDARD_X64);
const JOIN_X32 = leastUpperBounds(STANDARD_X32);
const JOIN_STRICT = leastUpperBounds(STRICT);

function joinTable(): Int8Array {
  return flags.promotion === "strict" ? JOIN_STRICT : flags.x64 ? JOIN_X64 : JOIN_X32;
}

/** The results, made once: strong types as they are, those narrowed for x64 off, and weak types by x64. */
const STRONG = dtypesByNum.map((dtype): WeakDType => ({ dtype, weakType: false }));
const STRONG_NARROW = dtypesByNum.map((dtype): WeakDType => STRONG[narrowDType(dtype).num]!);
const weakResults = new Map<DType, WeakDType>(
  dtypesByNum.map((dtype) => [dtype, { dtype, weakType: dtype !== bool_ }]),
);

function strong(dtype: DType): WeakDType {
  return STRONG[dtype.num] ?? { dtype, weakType: false };
}

/** The weak type of the kind of `dtype`, with the default width; bool is never weak. */
function weak(dtype: DType): WeakDType {
  return weakResults.get(defaultOfKind(dtype)) ?? { dtype, weakType: false };
}

function defaultOfKind(dtype: DType): DType {
  switch (dtype.kind) {
    case "int":
      return defaultInt();
    case "uint":
      return defaultUint();
    case "float":
      return defaultFloat();
    case "complex":
      return defaultComplex();
    default:
      return dtype;
  }
}

/** The node of an operand. */
function nodeOf(dtype: DType, weakType: boolean): number {
  if (dtype.num < 0) throw notPromotable(dtype);
  if (!weakType) return dtype.num;
  switch (dtype.kind) {
    case "float":
      return WEAK_FLOAT;
    case "complex":
      return WEAK_COMPLEX;
    case "bool":
      return dtype.num;
    default:
      return WEAK_INT;
  }
}

/** The result that a node stands for. */
function resultOf(node: number): WeakDType {
  switch (node) {
    case WEAK_INT:
      return weak(int64);
    case WEAK_FLOAT:
      return weak(float64);
    case WEAK_COMPLEX:
      return weak(complex128);
    default:
      return (flags.x64 ? STRONG : STRONG_NARROW)[node]!;
  }
}

function notPromotable(dtype: DType): ValueError {
  return new ValueError(`dtype=${dtype.name} is not a valid dtype for JAX type promotion.`);
}

/** How JAX names a node in its messages. */
function nodeText(node: number): string {
  if (node === WEAK_INT) return `"<class 'int'>"`;
  if (node === WEAK_FLOAT) return `"<class 'float'>"`;
  if (node === WEAK_COMPLEX) return `"<class 'complex'>"`;
  return `'${NODES[node]}'`;
}

function noPath(nodes: readonly number[]): TypePromotionError {
  const names = [...new Set(nodes)].map(nodeText).join(", ");
  return new TypePromotionError(
    `Input dtypes (${names}) have no available implicit dtype promotion path when jax_numpy_dtype_promotion=strict. ` +
      "Try explicitly casting inputs to the desired output type, or set jax_numpy_dtype_promotion=standard.",
  );
}

/**
 * The type of the result of an operation on operands of several types: JAX's `result_type`.
 *
 * With x64 off the result of a promotion is narrowed. It is weak when the bound is a weak node, or all operands are
 * weak; then it has the default width. Operands of one dtype keep it.
 *
 * @param operands The dtypes of the operands, with their weakness.
 * @throws {ValueError} Without operands, or when keys (or `float0`) meet another dtype.
 * @throws {TypePromotionError} When the types are not allowed to mix under `jax_numpy_dtype_promotion="strict"`.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { float16, int32, resultType } from "./dtypes.ts";
 *
 * const { dtype } = resultType([{ dtype: int32, weakType: false }, { dtype: float16, weakType: false }]);
 * assert(dtype === float16);
 * ```
 */
export function resultType(operands: readonly WeakDType[]): WeakDType {
  const count = operands.length;
  if (count === 0) throw new ValueError("at least one array or dtype is required");
  const first = operands[0]!;
  let oneDType = true;
  let allWeak = first.weakType;
  for (let i = 1; i < count; i++) {
    const operand = operands[i]!;
    oneDType &&= operand.dtype === first.dtype;
    allWeak &&= operand.weakType;
  }
  if (oneDType) return allWeak ? weak(first.dtype) : strong(first.dtype);
  const join = joinTable();
  let node = nodeOf(first.dtype, first.weakType);
  for (let i = 1; i < count; i++) {
    const operand = operands[i]!;
    node = join[node * NODE_COUNT + nodeOf(operand.dtype, operand.weakType)]!;
    if (node < 0) throw noPath(operands.map(({ dtype, weakType }) => nodeOf(dtype, weakType)));
  }
  return resultOf(node);
}

/** The dtype of {@linkcode resultType}. */
export function resultDType(operands: readonly WeakDType[]): DType {
  return resultType(operands).dtype;
}

/**
 * The dtype in which two dtypes meet, not narrowed: JAX's `promote_types`. The strings `"int"`, `"float"` and
 * `"complex"` are weak.
 *
 * @throws {TypePromotionError} When the types are not allowed to mix under `jax_numpy_dtype_promotion="strict"`.
 */
export function promoteTypes(a: DTypeLike, b: DTypeLike): DType {
  const [left, right] = [asDType(a, "promote_types"), asDType(b, "promote_types")];
  if (left === right) return left;
  const [leftNode, rightNode] = [nodeOf(left, isWeakName(a)), nodeOf(right, isWeakName(b))];
  const node = joinTable()[leftNode * NODE_COUNT + rightNode]!;
  if (node < 0) throw noPath([leftNode, rightNode]);
  if (node < WEAK_INT) return dtypesByNum[node]!;
  return node === WEAK_INT ? int64 : node === WEAK_FLOAT ? float64 : complex128;
}

function isWeakName(x: DTypeLike): boolean {
  return x === "int" || x === "float" || x === "complex";
}
