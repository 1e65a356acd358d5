/**
 * The intermediate representation that all backends share: a {@linkcode Program} is a list of steps over numbered
 * buffers; a {@linkcode Kernel} is a function of buffer pointers whose body is statements over scalar expressions.
 * Everything here is data; constructors that simplify live in `expr.ts`, evaluation lives in the backends.
 *
 * @module
 */

/** The types that arithmetic happens in. Narrow types are computed in i32, u32 or f32 and narrowed explicitly. */
export type ScalarType = "bool" | "i32" | "u32" | "i64" | "u64" | "f32" | "f64";

/** The types that a buffer's elements are stored as. `bool` is one byte, 0 or 1. */
export type StorageType = ScalarType | "i8" | "u8" | "i16" | "u16" | "f16" | "bf16";

/** Bytes of one stored element. */
export const storageBytes: Readonly<Record<StorageType, number>> = {
  bool: 1,
  i8: 1,
  u8: 1,
  i16: 2,
  u16: 2,
  f16: 2,
  bf16: 2,
  i32: 4,
  u32: 4,
  f32: 4,
  i64: 8,
  u64: 8,
  f64: 8,
};

/** The scalar type that a stored element is widened to when it is loaded. */
export const loadedType: Readonly<Record<StorageType, ScalarType>> = {
  bool: "bool",
  i8: "i32",
  u8: "u32",
  i16: "i32",
  u16: "u32",
  f16: "f32",
  bf16: "f32",
  i32: "i32",
  u32: "u32",
  f32: "f32",
  i64: "i64",
  u64: "u64",
  f64: "f64",
};

/**
 * Operations on scalars. Semantics are total (nothing traps) and the same on every backend:
 *
 * - `add sub mul neg` wrap for integers; IEEE for floats. `madd(a, b, c)` is a*b + c, fused or not.
 * - `div`: floats IEEE; integers truncate, x / 0 = -1 (all bits set), min / -1 = min.
 * - `rem`: sign of the dividend (C fmod, exact) for floats; integers x % 0 = x, min % -1 = 0.
 * - `min max`: NaN propagates; -0 < +0.
 * - `nearest` rounds half to even. `sqrt floor ceil trunc copysign abs` as IEEE; `abs` of the least integer is itself.
 * - `shl shr`: the count is of the operand's type; counts outside [0, bits) give 0, or the sign for `shr` of i32/i64.
 *   `shr` is arithmetic for i32/i64, logical for u32/u64.
 * - `not` is bitwise for integers, logical for bool; `and or xor` likewise. `clz popcnt` on integers.
 * - `eq ne lt le gt ge` give bool; comparisons with NaN are false, `ne` true.
 * - `select(c, a, b)` evaluates both; `branch(c, a, b)` evaluates only the side that is taken (loads stay in bounds).
 * - `convert`: float to integer truncates and saturates, NaN gives 0; integer to integer wraps; to bool is `!= 0`.
 * - `bitcast`: same width. `narrow` (attr: storage type): wraps an i32/u32 to 8 or 16 bits, or rounds an f32 to
 *   f16/bf16 (to nearest even), the result staying in the wide type.
 */
export type UnaryOp =
  | "neg"
  | "abs"
  | "sqrt"
  | "floor"
  | "ceil"
  | "trunc"
  | "nearest"
  | "not"
  | "clz"
  | "popcnt"
  | "convert"
  | "bitcast"
  | "narrow";
/** Operations of two scalars of one type. */
export type BinaryOp =
  | "add"
  | "sub"
  | "mul"
  | "div"
  | "rem"
  | "min"
  | "max"
  | "and"
  | "or"
  | "xor"
  | "shl"
  | "shr"
  | "copysign";
/** Comparisons: two scalars of one type to bool. */
export type CompareOp = "eq" | "ne" | "lt" | "le" | "gt" | "ge";
/** Every operation of an {@linkcode Expr}. */
export type Op = "const" | "var" | "load" | UnaryOp | BinaryOp | CompareOp | "select" | "branch" | "madd";

/** A buffer parameter of a kernel: where loads and stores go. Identity is the object. */
export class Param {
  /** Element type in memory. */
  readonly storage: StorageType;
  /** Number of elements (stored scalars: a complex array of n elements has 2n). */
  readonly size: number;
  /** For printing. */
  readonly name: string;
  constructor(storage: StorageType, size: number, name: string) {
    this.storage = storage;
    this.size = size;
    this.name = name;
  }
}

let nextVar = 0;

/** A scalar variable of a kernel: a loop index (never assigned, with its bounds known) or a mutable local. */
export class Variable {
  readonly id: number = nextVar++;
  readonly type: ScalarType;
  /** A loop index runs over [0, extent): known for index arithmetic. Locals have none. */
  readonly extent: number | null;
  readonly mutable: boolean;
  constructor(type: ScalarType, options: { extent?: number; mutable?: boolean } = {}) {
    this.type = type;
    this.extent = options.extent ?? null;
    this.mutable = options.mutable ?? false;
  }
}

/** What a node carries beside its operands. */
export type Attr = number | bigint | boolean | Variable | Param | StorageType | null;

/**
 * A scalar expression node, hash-consed by `expr.ts`: equal nodes made in one lowering are the same object.
 * `const` carries its value (number, bigint for 64-bit integers, boolean), `var` its Variable, `load` its Param
 * (operand 0 is the element index, i32, always in bounds).
 */
export class Expr {
  readonly op: Op;
  readonly type: ScalarType;
  readonly args: readonly Expr[];
  readonly attr: Attr;
  /** Serial number; identifies the node in hash-consing keys. */
  readonly id: number;
  constructor(op: Op, type: ScalarType, args: readonly Expr[], attr: Attr, id: number) {
    this.op = op;
    this.type = type;
    this.args = args;
    this.attr = attr;
    this.id = id;
  }
}

/** Statements of a kernel body. Expressions inside one statement are evaluated before its effect. */
export type Stmt =
  | { readonly kind: "let"; readonly variable: Variable; readonly value: Expr }
  | { readonly kind: "assign"; readonly variable: Variable; readonly value: Expr }
  | { readonly kind: "store"; readonly param: Param; readonly index: Expr; readonly value: Expr }
  /** `variable` runs over [lo, hi) by 1. `independent`: iterations may run in any order, at once, or as vector lanes. */
  | {
    readonly kind: "for";
    readonly variable: Variable;
    readonly lo: Expr;
    readonly hi: Expr;
    readonly body: readonly Stmt[];
    readonly independent: boolean;
  }
  /**
   * A reduction loop: `accumulators[k]` (mutable locals, already initialised) are combined with `values[k]` for each
   * index. `monoid` names the combination when it is one of the known associative ones, so that a backend may keep
   * several partial results; then there is one accumulator.
   */
  | {
    readonly kind: "reduce";
    readonly variable: Variable;
    readonly extent: number;
    readonly monoid: Monoid;
    readonly accumulator: Variable;
    readonly value: Expr;
  }
  | { readonly kind: "while"; readonly condition: Expr; readonly body: readonly Stmt[] }
  | {
    readonly kind: "if";
    readonly condition: Expr;
    readonly then: readonly Stmt[];
    readonly else: readonly Stmt[];
  };

/** Associative, commutative combinations that a backend may reorder. */
export type Monoid = "add" | "mul" | "min" | "max" | "and" | "or" | "xor";

/**
 * A function of buffer pointers. With `range`, the body is one iteration of an outermost loop of `extent` independent
 * iterations over `range.variable`, which a backend runs in any order and splits among threads or workgroups.
 */
export interface Kernel {
  readonly name: string;
  readonly params: readonly Param[];
  readonly range: { readonly variable: Variable; readonly extent: number } | null;
  readonly body: readonly Stmt[];
  /** What the body computes, for a backend that knows a better way. */
  readonly product?: MatrixProduct;
}

/** A batched matrix product: out[b, i, j] = Σₖ lhs[b, i, k]·rhs[b, k, j], in the type that `out` is loaded as. */
export interface MatrixProduct {
  readonly lhs: Param;
  readonly rhs: Param;
  readonly out: Param;
  readonly batch: number;
  readonly rows: number;
  readonly columns: number;
  readonly inner: number;
  /** lhs is [batch, inner, rows]. */
  readonly transposeLhs: boolean;
  /** rhs is [batch, columns, inner]. */
  readonly transposeRhs: boolean;
}

/** Where a buffer comes from. Temporaries live in the program's arena at `offset`; constants are uploaded once. */
export type BufferRole = "input" | "output" | "temp" | "const";

/** A numbered block of memory of a program. */
export interface BufferInfo {
  readonly role: BufferRole;
  /** Size in bytes. */
  readonly bytes: number;
  readonly storage: StorageType;
  /** Offset in the arena (temps), or position among inputs, outputs or constants. Set by the memory planner. */
  offset: number;
}

/** A place in a buffer: base, fixed byte offset, and byte strides of the enclosing counted loops. */
export interface BufferRef {
  readonly buffer: number;
  readonly offset: number;
  readonly loops: readonly { readonly counter: number; readonly stride: number }[];
}

/** One step of a program. Control flow is structured; predicates and branch indices are read from buffers. */
export type Step =
  | { readonly kind: "kernel"; readonly kernel: Kernel; readonly args: readonly BufferRef[] }
  | { readonly kind: "copy"; readonly from: BufferRef; readonly to: BufferRef; readonly bytes: number }
  /** Runs `body` for counter = 0 .. count-1, or count-1 .. 0 when `reverse`. */
  | {
    readonly kind: "loop";
    readonly counter: number;
    readonly count: number;
    readonly reverse: boolean;
    readonly body: readonly Step[];
  }
  /** Runs `condition`; while the bool at `predicate` is true: `body`, then `condition` again. */
  | {
    readonly kind: "while";
    readonly condition: readonly Step[];
    readonly predicate: BufferRef;
    readonly body: readonly Step[];
  }
  /** Runs the branch whose number is the i32 at `index`, clamped to the branches there are. */
  | { readonly kind: "switch"; readonly index: BufferRef; readonly branches: readonly (readonly Step[])[] }
  /** Calls host function number `callback` of the program. */
  | {
    readonly kind: "callback";
    readonly callback: number;
    readonly inputs: readonly BufferRef[];
    readonly outputs: readonly BufferRef[];
  };

/** A compiled function before a backend sees it. */
export interface Program {
  readonly buffers: readonly BufferInfo[];
  readonly inputs: readonly number[];
  readonly outputs: readonly number[];
  /** Constant buffers with their bytes. */
  readonly constants: readonly { readonly buffer: number; readonly data: Uint8Array }[];
  readonly steps: readonly Step[];
  /** Bytes of the arena that temporaries share. */
  readonly arenaBytes: number;
  readonly callbacks: readonly HostCallback[];
}

/** A function that a program calls on the host, with flat data of each input; it returns flat data of each output. */
export interface HostCallback {
  readonly inputs: readonly { readonly shape: readonly number[]; readonly dtype: string }[];
  readonly outputs: readonly { readonly shape: readonly number[]; readonly dtype: string }[];
  readonly call: (inputs: readonly ArrayBufferView[]) => readonly ArrayBufferView[];
}
