/**
 * Checks of shapes and axes that raise JAX's errors, and values that are read only where they exist.
 *
 * @module
 */
import { branch, compare, constant, index as constantIndex } from "../../kernel/expr.ts";
import type { Expr } from "../../kernel/ir.ts";
import { Pair, type Val } from "../../kernel/lowering.ts";
import { tuple } from "../avals.ts";

/** Raises JAX's TypeError unless the list holds non-negative integers. */
export function checkShapelike(what: string, name: string, list: readonly number[]): void {
  if (!list.every(Number.isInteger)) {
    throw new TypeError(`${what} ${name} must have every element be an integer type, got ${tuple(list)}.`);
  }
  if (list.some((n) => n < 0)) {
    throw new TypeError(`${what} ${name} must have every element be nonnegative, got ${tuple(list)}.`);
  }
}

/** The list with `added` to each item: axes after new leading ones. */
export function shifted(list: readonly number[], added = 1): number[] {
  return list.map((n) => n + added);
}

/** The list with an item inserted. */
export function inserted<T>(list: readonly T[], at: number, item: T): T[] {
  return [...list.slice(0, at), item, ...list.slice(at)];
}

/** 0, 1, ..., n - 1. */
export function range(n: number): number[] {
  return Array.from({ length: n }, (_, i) => i);
}

/** The permutation that undoes another. */
export function inversePermutation(permutation: readonly number[]): number[] {
  const inverse: number[] = new Array(permutation.length);
  permutation.forEach((p, i) => inverse[p] = i);
  return inverse;
}

/** `whenTrue` where the condition holds, else `whenFalse`; only the side that is taken is evaluated. */
export function branchVal(condition: Expr, whenTrue: () => Val, whenFalse: () => Val): Val {
  if (condition.op === "const") return condition.attr ? whenTrue() : whenFalse();
  const a = whenTrue(), b = whenFalse();
  if (!(a instanceof Pair) || !(b instanceof Pair)) return branch(condition, a as Expr, b as Expr);
  return new Pair(branch(condition, a.re, b.re), branch(condition, a.im, b.im));
}

/** Whether all conditions hold; constants fold. */
export function every(conditions: readonly Expr[], and: (x: Expr, y: Expr) => Expr): Expr {
  let result: Expr | null = null;
  for (const c of conditions) {
    if (c.op === "const") {
      if (!c.attr) return c;
    } else result = result === null ? c : and(result, c);
  }
  return result ?? constant("bool", true);
}

/** x < n for an index expression and a size. */
export function below(x: Expr, n: number): Expr {
  return compare("lt", x, constantIndex(n));
}

/** x ≥ n for an index expression and a size. */
export function atLeast(x: Expr, n: number): Expr {
  return compare("ge", x, constantIndex(n));
}
