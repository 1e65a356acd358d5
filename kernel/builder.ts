/**
 * Writes kernels: statements are appended in order, and scalar expressions are values that are combined freely.
 *
 * @module
 */
import { binary, bounds, constant, index, load, variable } from "./expr.ts";
import {
  type Expr,
  type Kernel,
  loadedType,
  type MatrixProduct,
  type Monoid,
  Param,
  type ScalarType,
  type Stmt,
  type StorageType,
  Variable,
} from "./ir.ts";
import { layoutOf } from "./layout.ts";
import { Pair, type RoutineOperand, type Val } from "./lowering.ts";
import { defaultTarget, type Target } from "./target.ts";

/** A mutable scalar of a kernel. */
export class Local {
  readonly #variable: Variable;
  readonly #builder: KernelBuilder;

  constructor(builder: KernelBuilder, variable: Variable) {
    this.#builder = builder;
    this.#variable = variable;
  }

  /** The value at the place where the expression is used: {@linkcode KernelBuilder.let} it to keep the present one. */
  get(): Expr {
    return variable(this.#variable);
  }

  set(value: Expr): void {
    this.#builder.emit({ kind: "assign", variable: this.#variable, value });
  }
}

const asIndex = (x: number | Expr): Expr => typeof x === "number" ? index(x) : x;

/**
 * Builds one kernel.
 *
 * An expression is evaluated where it is used, not where it was made: when a store or a `set` may come between,
 * fix the value first with {@linkcode KernelBuilder.let}.
 */
export class KernelBuilder {
  readonly #params: readonly Param[];
  readonly #scratch: Param[] = [];
  #range: Kernel["range"] = null;
  #body: Stmt[];
  readonly #top: Stmt[];
  #expressionOnly = 0;
  #product: MatrixProduct | null = null;

  /** What the kernel is for. */
  readonly target: Target;

  /** `params` may still grow until the kernel is built. */
  constructor(params: readonly Param[], target: Target = defaultTarget) {
    this.#params = params;
    this.target = target;
    this.#top = this.#body = [];
  }

  /** Parameters made by {@linkcode KernelBuilder.scratch}: they follow the given ones. */
  get scratchParams(): readonly Param[] {
    return this.#scratch;
  }

  /** Appends a statement. */
  emit(stmt: Stmt): void {
    if (this.#expressionOnly > 0) {
      throw new Error(
        `kernel: a ${stmt.kind} statement inside the condition of while or the value of reduce`,
      );
    }
    this.#body.push(stmt);
  }

  #block(body: () => void): Stmt[] {
    const outer = this.#body, stmts: Stmt[] = [];
    this.#body = stmts;
    try {
      body();
    } finally {
      this.#body = outer;
    }
    return stmts;
  }

  #expression(make: () => Expr): Expr {
    this.#expressionOnly++;
    try {
      return make();
    } finally {
      this.#expressionOnly--;
    }
  }

  /**
   * `extent` independent outermost iterations, which may run in any order and on several threads. At most once in a
   * kernel, and nothing else stands beside it; an extent of 1 runs the body as it is.
   */
  range(extent: number, body: (i: Expr) => void): void {
    if (this.#range !== null || this.#body !== this.#top || this.#top.length > 0) {
      throw new Error("kernel: range must be the only outermost statement");
    }
    if (extent === 1) return body(index(0));
    const v = new Variable("i32", { extent });
    this.#range = { variable: v, extent };
    body(variable(v));
  }

  /** A counted loop, i = lo .. hi-1. `independent`: iterations may run in any order or as vector lanes. */
  for(
    lo: number | Expr,
    hi: number | Expr,
    body: (i: Expr) => void,
    options: { readonly independent?: boolean } = {},
  ): void {
    const from = asIndex(lo), to = asIndex(hi);
    const fromRange = bounds(from), toRange = bounds(to);
    if (fromRange && toRange && fromRange[0] >= toRange[1]) return;
    const known = fromRange !== null && toRange !== null && fromRange[0] >= 0;
    const v = new Variable("i32", known ? { extent: Math.max(0, toRange[1]) } : {});
    const stmts = this.#block(() => body(variable(v)));
    if (stmts.length === 0) return;
    this.emit({
      kind: "for",
      variable: v,
      lo: from,
      hi: to,
      body: stmts,
      independent: options.independent ?? false,
    });
  }

  /** Repeats while the condition holds; it is evaluated before each iteration and holds no statements. */
  while(condition: () => Expr, body: () => void): void {
    const test = this.#expression(condition);
    this.emit({ kind: "while", condition: test, body: this.#block(body) });
  }

  /** Runs one of two blocks. */
  if(condition: Expr, then: () => void, otherwise: () => void = () => {}): void {
    if (condition.op === "const") return condition.attr ? then() : otherwise();
    this.emit({ kind: "if", condition, then: this.#block(then), else: this.#block(otherwise) });
  }

  /** A mutable scalar. */
  local(init: Expr): Local {
    const v = new Variable(init.type, { mutable: true });
    this.emit({ kind: "let", variable: v, value: init });
    return new Local(this, v);
  }

  /** Evaluates an expression here, once. */
  let(value: Expr): Expr {
    if (value.op === "const" || value.op === "var" && !(value.attr as Variable).mutable) return value;
    const range = bounds(value);
    const v = new Variable(value.type, range && range[0] >= 0 ? { extent: range[1] + 1 } : {});
    this.emit({ kind: "let", variable: v, value });
    return variable(v);
  }

  /** Stores a scalar of the parameter's loaded type. */
  store(param: Param, at: number | Expr, value: Expr): void {
    const wanted = loadedType[param.storage];
    if (value.type !== wanted) {
      throw new TypeError(`kernel: store of ${value.type} to ${param.name}, which takes ${wanted}`);
    }
    this.emit({ kind: "store", param, index: asIndex(at), value });
  }

  /** Element of a parameter, widened to its scalar type. */
  load(param: Param, at: number | Expr): Expr {
    return load(param, asIndex(at));
  }

  /** Memory for this run of the kernel only; uninitialised. Iterations of `range` share it and may run at once. */
  scratch(storage: StorageType, elements: number): Param {
    const param = new Param(storage, elements, `scratch${this.#scratch.length}`);
    this.#scratch.push(param);
    return param;
  }

  /** Combines `value(r)` for r in [0, extent) into `init` with a known monoid, in any order. */
  reduce(extent: number, monoid: Monoid, init: Expr, value: (r: Expr) => Expr): Expr {
    if (extent === 0) return init;
    if (extent === 1) return this.let(combineMonoid(monoid, init, this.#expression(() => value(index(0)))));
    const v = new Variable("i32", { extent });
    const element = this.#expression(() => value(variable(v)));
    const accumulator = new Variable(init.type, { mutable: true });
    this.emit({ kind: "let", variable: accumulator, value: init });
    this.emit({ kind: "reduce", variable: v, extent, monoid, accumulator, value: element });
    return variable(accumulator);
  }

  /** Element of an operand of any dtype, by element number. */
  readVal(operand: RoutineOperand, element: number | Expr): Val {
    return readElement(operand.param, layoutOf(operand.aval.dtype).components, asIndex(element));
  }

  /** Stores an element of an operand of any dtype, by element number. */
  writeVal(operand: RoutineOperand, element: number | Expr, value: Val): void {
    const at = asIndex(element);
    if (!(value instanceof Pair)) return this.store(operand.param, at, value);
    // Both components are computed before either is stored: they may read the element they replace.
    const re = this.let(value.re), im = this.let(value.im);
    const twice = binary("mul", at, index(2));
    this.store(operand.param, twice, re);
    this.store(operand.param, binary("add", twice, index(1)), im);
  }

  /** Declares that the whole kernel computes a matrix product. */
  computes(product: MatrixProduct): void {
    this.#product = product;
  }

  /** The finished kernel. */
  build(name: string): Kernel {
    const kernel = { name, params: [...this.#params, ...this.#scratch], range: this.#range, body: this.#top };
    return this.#product === null ? kernel : { ...kernel, product: this.#product };
  }
}

/** The combination that a monoid names. */
export function combineMonoid(monoid: Monoid, a: Expr, b: Expr): Expr {
  return binary(monoid, a, b);
}

/** The element that leaves others as they are under a monoid. */
export function monoidIdentity(monoid: Monoid, type: ScalarType): Expr {
  const float = type === "f32" || type === "f64";
  switch (monoid) {
    case "add":
    case "or":
    case "xor":
      return constant(type, type === "bool" ? false : 0);
    case "mul":
      return constant(type, type === "bool" ? true : 1);
    case "and":
      return constant(type, type === "bool" ? true : -1);
    case "min":
      return constant(type, float ? Infinity : type === "bool" ? true : greatest(type));
    case "max":
      return constant(type, float ? -Infinity : type === "bool" ? false : least(type));
  }
}

function greatest(type: ScalarType): bigint {
  return { i32: 2n ** 31n - 1n, u32: 2n ** 32n - 1n, i64: 2n ** 63n - 1n, u64: 2n ** 64n - 1n }[
    type as "i32" | "u32" | "i64" | "u64"
  ];
}

function least(type: ScalarType): bigint {
  return { i32: -(2n ** 31n), u32: 0n, i64: -(2n ** 63n), u64: 0n }[type as "i32" | "u32" | "i64" | "u64"];
}

/** Element `at` of a buffer whose elements have that many components; float0 reads as false. */
export function readElement(param: Param, components: 0 | 1 | 2, at: Expr): Val {
  if (components === 0 || param.size === 0) {
    const zero = constant(loadedType[param.storage], 0);
    return components === 2 ? new Pair(zero, zero) : zero;
  }
  if (components === 1) return load(param, at);
  const twice = binary("mul", at, index(2));
  return new Pair(load(param, twice), load(param, binary("add", twice, index(1))));
}
