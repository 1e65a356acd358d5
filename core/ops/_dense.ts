/**
 * Dense linear algebra in kernels: numbers of a real or complex dtype, strided matrices, and the loops over contiguous
 * rows that factorisations are made of.
 *
 * @module
 */
import type { KernelBuilder } from "../../kernel/builder.ts";
import { readElement } from "../../kernel/builder.ts";
import { binary, constant, convert, index, select, unary } from "../../kernel/expr.ts";
import * as e from "../../kernel/expr.ts";
import type { Expr, Param, ScalarType } from "../../kernel/ir.ts";
import { scalarTypeOf } from "../../kernel/layout.ts";
import { Pair, type RoutineOperand, type Val } from "../../kernel/lowering.ts";
import * as s from "../../kernel/scalar.ts";
import { type DType, realDType } from "../dtypes.ts";
import {
  asIndex,
  Cell,
  compareIndex,
  groups,
  type Index,
  least,
  minus,
  multiplyAdd,
  plus,
  scaleBy,
  times,
} from "./_dense_scalars.ts";

/** Numbers of a dtype in one kernel, with its scratch memory. */
export class Dense {
  readonly k: KernelBuilder;
  readonly dtype: DType;
  readonly complex: boolean;
  /** Scalar type of real numbers and of components. */
  readonly type: "f32" | "f64";
  /** Scalar type of sums of squares and of iterations on few numbers: float64 where the device has it. */
  readonly wide: "f32" | "f64";
  /** Parts of the kernel's range that run at once, each with scratch memory of its own. */
  readonly parts: number;
  /** The present part; see {@linkcode eachMatrix}. */
  part: Expr = index(0);
  readonly #partial = new Map<ScalarType, Param>();

  constructor(k: KernelBuilder, dtype: DType, parts: number) {
    this.k = k;
    this.dtype = dtype;
    this.complex = dtype.kind === "complex";
    this.type = scalarTypeOf(dtype) as "f32" | "f64";
    this.parts = parts;
    this.wide = k.target.wide ? "f64" : this.type;
  }

  /** The relative spacing of numbers, 2⁻²³ or 2⁻⁵². */
  get epsilon(): number {
    return this.type === "f32" ? 2 ** -23 : 2 ** -52;
  }

  /** The same kernel with the real dtype of these numbers. */
  get realPart(): Dense {
    const real = new Dense(this.k, this.complex ? realDType(this.dtype) : this.dtype, this.parts);
    real.part = this.part;
    return real;
  }

  /** A real constant, in the type of components. */
  real(value: number): Expr {
    return constant(this.type, value);
  }

  /** A constant of the dtype. */
  constant(value: number): Val {
    return this.complex ? new Pair(this.real(value), this.real(0)) : this.real(value);
  }

  /** Element of the identity matrix. */
  indicator(i: Index, j: Index): Val {
    return s.select(compareIndex("eq", i, j), this.constant(1), this.constant(0));
  }

  /** A real number as one of the dtype. */
  ofReal(x: Expr): Val {
    return this.complex ? new Pair(x, this.real(0)) : x;
  }

  /** Evaluates a number here, once. */
  let(x: Val): Val {
    return x instanceof Pair ? new Pair(this.k.let(x.re), this.k.let(x.im)) : this.k.let(x);
  }

  /** Division by one number; complex numbers are multiplied by its reciprocal. */
  divider(divisor: Val): (x: Val) => Val {
    const fixed = this.let(this.complex ? s.div(this.constant(1), divisor) : divisor);
    return this.complex ? (x) => s.mul(fixed, x) : (x) => s.div(x, fixed);
  }

  cell(init: Val): Cell {
    return new Cell(this.k, init);
  }

  /** Independent iterations. */
  each(lo: Index, hi: Index, body: (i: Expr) => void): void {
    this.k.for(lo, hi, body, { independent: true });
  }

  /** Runs the index from hi - 1 down to lo. */
  down(lo: Index, hi: Index, body: (i: Expr) => void): void {
    const last = this.k.let(minus(hi, 1));
    this.k.for(lo, hi, (i) => body(this.k.let(plus(minus(last, i), lo))));
  }

  /** Scratch matrix of each part. */
  scratch(rows: number, columns: number): Matrix {
    const size = Math.max(1, rows * columns), components = this.complex ? 2 : 1;
    const param = this.k.scratch(this.type, size * components * this.parts);
    return new Matrix(this, { param, base: () => times(this.part, size), rowStride: columns });
  }

  /** Matrix number b of an operand of matrices in its last two axes. */
  matrix(operand: RoutineOperand, b: Expr): Matrix {
    const { shape } = operand.aval, rows = shape.at(-2)!, columns = shape.at(-1)!;
    const base = this.k.let(times(b, rows * columns));
    return new Matrix(this, { param: operand.param, base: () => base, rowStride: columns });
  }

  /** Vector number b of an operand of vectors in its last axis. */
  vector(operand: RoutineOperand, b: Expr): Vector {
    const base = this.k.let(times(b, operand.aval.shape.at(-1)!));
    return new Vector(this, operand.param, () => base);
  }

  /** Scratch vector of each part. */
  scratchVector(size: number): Vector {
    const length = Math.max(1, size);
    const param = this.k.scratch(this.type, length * (this.complex ? 2 : 1) * this.parts);
    return new Vector(this, param, () => times(this.part, length));
  }

  /**
   * Σ a·b for i in [lo, hi), where `product(i)` gives [a, b]. `limit` bounds the number of terms. Partial sums run
   * over lanes, as the number of terms is not known when the kernel is made.
   */
  dot(lo: Index, hi: Index, limit: number, product: (i: Expr) => readonly [Val, Val]): Val {
    return this.dots(lo, hi, limit, 1, (i) => [product(i)])[0]!;
  }

  /** Several sums of products that run over the same range. */
  dots(
    lo: Index,
    hi: Index,
    limit: number,
    count: number,
    products: (i: Expr) => readonly (readonly [Val, Val])[],
  ): Val[] {
    const { k } = this, width = 16;
    const sample = products(asIndex(lo))[0]!.map((x) => x instanceof Pair);
    const complex = sample[0]! || sample[1]!;
    const type = s.real(products(asIndex(lo))[0]![0]).type;
    const zero = (): Val => complex ? new Pair(constant(type, 0), constant(type, 0)) : constant(type, 0);
    const accumulate = (cells: readonly Cell[], i: Expr): void => {
      products(i).forEach(([a, b], r) => cells[r]!.set(k, multiplyAdd(a, b, cells[r]!.get())));
    };
    const cells = Array.from({ length: count }, () => new Cell(k, zero()));
    let rest = asIndex(lo);
    if (limit >= 2 * width) {
      const partial = this.#partials(type), size = 2 * width * count;
      const start = k.let(times(this.part, 2 * width * maxDots));
      const slot = (r: number, c: number, l: Expr): Expr => plus(start, r * 2 * width + c * width, l);
      if (size > 2 * width * maxDots) throw new Error(`dots: at most ${maxDots} at once`);
      const whole = k.let(groups(minus(hi, lo), 4));
      this.each(0, width, (l) => {
        const sums = Array.from({ length: count }, () => new Cell(k, zero()));
        k.for(0, whole, (t) => accumulate(sums, plus(lo, times(t, width), l)));
        sums.forEach((sum, r) => {
          k.store(partial, slot(r, 0, l), s.real(sum.get()));
          if (complex) k.store(partial, slot(r, 1, l), (sum.get() as Pair).im);
        });
      });
      cells.forEach((cell, r) => {
        const total = (c: number): Expr =>
          k.reduce(width, "add", constant(type, 0), (l) => k.load(partial, slot(r, c, l)));
        const re = total(0);
        cell.set(k, complex ? new Pair(re, total(1)) : re);
      });
      rest = k.let(plus(lo, times(whole, width)));
    }
    k.for(rest, hi, (i) => accumulate(cells, i));
    return cells.map((cell) => this.let(cell.get()));
  }

  #partials(type: ScalarType): Param {
    let param = this.#partial.get(type);
    if (!param) {
      param = this.k.scratch(type as "f32" | "f64", 32 * maxDots * this.parts);
      this.#partial.set(type, param);
    }
    return param;
  }

  /** Σ |x(i)|² for i in [lo, hi), in the scalar type of `of`, which is given each component. */
  squares(lo: Index, hi: Index, limit: number, x: (i: Expr) => Val, of: (component: Expr) => Expr): Expr {
    const sum = (part: (x: Val) => Expr): Expr =>
      this.dot(lo, hi, limit, (i) => {
        const v = of(part(x(i)));
        return [v, v];
      }) as Expr;
    const re = sum(s.real);
    return this.complex ? binary("add", re, sum(s.imag)) : re;
  }

  /** The greatest size of a component, and of `least`. */
  greatestSize(lo: Index, hi: Index, x: (i: Expr) => Val, least: Expr): Expr {
    const { k } = this, most = k.local(least);
    k.for(lo, hi, (i) => most.set(binary("max", most.get(), componentSize(x(i)))));
    return k.let(most.get());
  }

  /** The greatest size of a component in a matrix. */
  greatestIn(matrix: Matrix, rows: number, columns: number): Expr {
    const { k } = this, most = k.local(this.real(0));
    k.for(0, rows, (i) => most.set(this.greatestSize(0, columns, (j) => matrix.get(i, j), most.get())));
    return k.let(most.get());
  }

  /** Multiplies a square matrix by a factor, unless it is 1. */
  scaleAll(matrix: Matrix, n: number, factor: Expr): void {
    const { k } = this;
    k.if(e.compare("ne", factor, this.real(1)), () => {
      k.for(0, n, (i) => this.each(0, n, (j) => matrix.set(i, j, scaleBy(factor, matrix.get(i, j)))));
    });
  }

  /** √Σ|x(i)|² for i in [lo, hi), without overflow or underflow of the squares. */
  norm(lo: Index, hi: Index, limit: number, x: (i: Expr) => Val): Expr {
    const { k } = this;
    // Squares of float32 numbers neither overflow nor vanish in float64.
    if (this.wide !== this.type) {
      const sum = this.squares(lo, hi, limit, x, (v) => convert("f64", v));
      return k.let(convert("f32", unary("sqrt", sum)));
    }
    const factor = this.scaleFor(this.greatestSize(lo, hi, x, this.real(0)));
    const sum = this.squares(lo, hi, limit, x, (v) => binary("mul", v, factor));
    return k.let(binary("div", unary("sqrt", sum), factor));
  }

  /** A power of two that brings numbers up to this size into the range where squares are exact; mostly 1. */
  scaleFor(size: Expr): Expr {
    const [edge, down, up] = size.type === "f32"
      ? [2 ** 60, 2 ** -100, 2 ** 100]
      : [2 ** 500, 2 ** -600, 2 ** 600];
    const c = (x: number): Expr => constant(size.type, x);
    const small = e.compare("lt", size, c(1 / edge)), large = e.compare("gt", size, c(edge));
    return this.k.let(select(small, c(up), select(large, c(down), c(1))));
  }
}

/** The greater size of the components. */
function componentSize(x: Val): Expr {
  return x instanceof Pair ? binary("max", unary("abs", x.re), unary("abs", x.im)) : unary("abs", x);
}

/** Most sums of {@linkcode Dense.dots} at once. */
const maxDots = 4;

/** A vector of contiguous elements. */
export class Vector {
  readonly dense: Dense;
  readonly param: Param;
  readonly #base: () => Expr;

  constructor(dense: Dense, param: Param, base: () => Expr) {
    this.dense = dense;
    this.param = param;
    this.#base = base;
  }

  get(i: Index): Val {
    return readElement(this.param, this.dense.complex ? 2 : 1, plus(this.#base(), i));
  }

  set(i: Index, value: Val): void {
    writeElement(this.dense, this.param, plus(this.#base(), i), value);
  }
}

/** A matrix in memory: element (i, j) is i row strides and j column strides after the first. */
export class Matrix {
  readonly dense: Dense;
  readonly param: Param;
  readonly rowStride: number;
  readonly columnStride: number;
  readonly #base: () => Expr;

  constructor(
    dense: Dense,
    place: { param: Param; base: () => Expr; rowStride: number; columnStride?: number },
  ) {
    this.dense = dense;
    this.param = place.param;
    this.#base = place.base;
    this.rowStride = place.rowStride;
    this.columnStride = place.columnStride ?? 1;
  }

  #at(i: Index, j: Index): Expr {
    return plus(this.#base(), plus(times(i, this.rowStride), times(j, this.columnStride)));
  }

  get(i: Index, j: Index): Val {
    return readElement(this.param, this.dense.complex ? 2 : 1, this.#at(i, j));
  }

  set(i: Index, j: Index, value: Val): void {
    writeElement(this.dense, this.param, this.#at(i, j), value);
  }

  /** The part of the matrix that begins at an element. */
  from(i: Index, j: Index): Matrix {
    const { dense, param, rowStride, columnStride } = this, base = dense.k.let(this.#at(i, j));
    return new Matrix(dense, { param, base: () => base, rowStride, columnStride });
  }

  /** A complex matrix as a real one: the components of a number are neighbours in a row. */
  asReal(real: Dense): Matrix {
    const { param, rowStride } = this;
    return new Matrix(real, { param, base: () => times(this.#base(), 2), rowStride: 2 * rowStride });
  }

  /** The same memory with rows and columns exchanged. */
  get transposed(): Matrix {
    const { dense, param, rowStride, columnStride } = this;
    return new Matrix(dense, { param, base: this.#base, rowStride: columnStride, columnStride: rowStride });
  }
}

function writeElement(dense: Dense, param: Param, at: Expr, value: Val): void {
  const { k } = dense;
  if (!(value instanceof Pair)) return k.store(param, at, value);
  const re = k.let(value.re), im = k.let(value.im), twice = times(at, 2);
  k.store(param, twice, re);
  k.store(param, plus(twice, 1), im);
}

/** Parts of a batch that can run at once. */
const maxParts = { few: 8, many: 1024 } as const;

/** Runs `body` for each matrix of a batch; matrices of different parts may be worked on at once. */
export function eachMatrix(
  k: KernelBuilder,
  dtype: DType,
  batch: number,
  body: (dense: Dense, b: Expr) => void,
): void {
  if (batch === 0) return;
  const parts = Math.min(batch, maxParts[k.target.threads]), share = Math.ceil(batch / parts);
  k.range(parts, (part) => {
    const dense = new Dense(k, dtype, parts);
    dense.part = part;
    if (batch === 1) return body(dense, index(0));
    const lo = k.let(times(part, share)), hi = k.let(least(plus(lo, share), batch));
    k.for(lo, hi, (b) => body(dense, b));
  });
}

/** Number of matrices or vectors in an array whose last `rank` axes are theirs. */
export function batchOf(operand: RoutineOperand, rank: number): number {
  return operand.aval.shape.slice(0, operand.aval.ndim - rank).reduce((a, b) => a * b, 1);
}
