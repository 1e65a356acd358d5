/**
 * Positions and numbers in kernels of dense linear algebra.
 *
 * @module
 */
import type { KernelBuilder, Local } from "../../kernel/builder.ts";
import { binary, index, madd, unary } from "../../kernel/expr.ts";
import * as e from "../../kernel/expr.ts";
import type { Expr } from "../../kernel/ir.ts";
import { Pair, type Val } from "../../kernel/lowering.ts";
import * as s from "../../kernel/scalar.ts";

/** A position: known now, or when the kernel runs. */
export type Index = number | Expr;

/** The expression of a position. */
export function asIndex(x: Index): Expr {
  return typeof x === "number" ? index(x) : x;
}

/** Sum of positions. */
export function plus(a: Index, b: Index, ...more: Index[]): Expr {
  return more.reduce<Expr>((x, y) => binary("add", x, asIndex(y)), binary("add", asIndex(a), asIndex(b)));
}

/** Difference of positions. */
export function minus(a: Index, b: Index): Expr {
  return binary("sub", asIndex(a), asIndex(b));
}

/** Product of positions. */
export function times(a: Index, b: Index): Expr {
  return binary("mul", asIndex(a), asIndex(b));
}

/** The lesser position. */
export function least(a: Index, b: Index): Expr {
  return binary("min", asIndex(a), asIndex(b));
}

/** The greater position. */
export function greatest(a: Index, b: Index): Expr {
  return binary("max", asIndex(a), asIndex(b));
}

/** Comparison of positions. */
export function compareIndex(op: "eq" | "ne" | "lt" | "le" | "gt" | "ge", a: Index, b: Index): Expr {
  return e.compare(op, asIndex(a), asIndex(b));
}

/** How many whole groups of 2^bits fit into a count that is not negative. */
export function groups(count: Expr, bits: number): Expr {
  return count.op === "const" ? index(Number(count.attr) >> bits) : binary("shr", count, index(bits));
}

/** a·b + c. */
export function multiplyAdd(a: Val, b: Val, c: Val): Val {
  if (!(a instanceof Pair) && !(b instanceof Pair)) {
    if (c instanceof Pair) return new Pair(madd(a, b, c.re), c.im);
    return madd(a, b, c);
  }
  const { re, im } = c as Pair;
  if (!(a instanceof Pair)) return new Pair(madd(a, (b as Pair).re, re), madd(a, (b as Pair).im, im));
  if (!(b instanceof Pair)) return multiplyAdd(b, a, c);
  return new Pair(
    madd(unary("neg", a.im), b.im, madd(a.re, b.re, re)),
    madd(a.im, b.re, madd(a.re, b.im, im)),
  );
}

/** A number times a real one. */
export function scaleBy(factor: Expr, x: Val): Val {
  if (!(x instanceof Pair)) return binary("mul", factor, x);
  return new Pair(binary("mul", factor, x.re), binary("mul", factor, x.im));
}

/** A mutable number. */
export class Cell {
  readonly #re: Local;
  readonly #im: Local | null;

  constructor(k: KernelBuilder, init: Val) {
    this.#re = k.local(s.real(init));
    this.#im = init instanceof Pair ? k.local(init.im) : null;
  }

  get(): Val {
    return this.#im === null ? this.#re.get() : new Pair(this.#re.get(), this.#im.get());
  }

  /** Sets the number, from a value that may depend on the present one. */
  set(k: KernelBuilder, value: Val): void {
    if (this.#im === null) return this.#re.set(value as Expr);
    const { re, im } = value as Pair, first = k.let(re);
    this.#im.set(im);
    this.#re.set(first);
  }
}
