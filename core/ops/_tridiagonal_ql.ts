/**
 * Eigenvalues and vectors of real symmetric tridiagonal matrices by the implicit QL algorithm.
 *
 * @module
 */
import type { Local } from "../../kernel/builder.ts";
import { binary, branch, compare, constant, index, unary } from "../../kernel/expr.ts";
import type { Expr } from "../../kernel/ir.ts";
import * as s from "../../kernel/scalar.ts";
import type { JaxArray } from "../array.ts";
import { type Primitive, primitive } from "../primitive.ts";
import { bind } from "../trace.ts";
import { batchOf, eachMatrix, type Matrix } from "./_dense.ts";
import { minus, plus } from "./_dense_scalars.ts";
import { type Block, Diagonals } from "./_diagonals.ts";
import { defineLinalg, realDTypeOf } from "./linalg.ts";
import { asReal, rotateRows, rotationOf } from "./_rotations.ts";

const tridiagonalQl: Primitive<Record<string, never>> = primitive("tridiagonal_ql");

/**
 * Eigenvalues of a tridiagonal T in ascending order, from its diagonals, and rows turned into eigenvectors: with
 * A = Q T Qᴴ and Z = Qᵀ, row i becomes the eigenvector of A for eigenvalue i. NaN where the iteration does not end.
 */
export function tridiagonalEigen(
  z: JaxArray,
  d: JaxArray,
  e: JaxArray,
): readonly [vectors: JaxArray, values: JaxArray] {
  return bind(tridiagonalQl as Primitive, [z, d, e]) as readonly [JaxArray, JaxArray];
}

defineLinalg(tridiagonalQl, {
  ranks: [2, 1, 1],
  mixed: true,
  results: ([z, d]) => [z!, d!],
  dtypes: (dtype) => [dtype, realDTypeOf(dtype)],
  jvp: "none",
  lower: {
    kind: "routine",
    inPlace: 0,
    build(k, [, d, e], [vectors, values]) {
      const n = d!.aval.shape.at(-1)!, columns = vectors!.aval.shape.at(-1)!;
      if (n === 0) return;
      eachMatrix(k, vectors!.aval.dtype, batchOf(values!, 1), (dense, b) => {
        const real = dense.realPart, from = real.vector(d!, b), to = real.vector(values!, b);
        const beside = n > 1 ? real.vector(e!, b) : null;
        const rows = asReal(dense, dense.matrix(vectors!, b)), length = columns * (dense.complex ? 2 : 1);
        const t = new Diagonals(dense, n, 1);
        t.load((i) => from.get(i) as Expr, (i) => beside!.get(i) as Expr);
        k.if(t.ok.get(), () => diagonalise(t, rows, length));
        t.sort("lt", [{ rows, length }]);
        t.finish((i, x) => to.set(i, x), [{ rows, count: n, length }]);
      });
    },
  },
});

/** Whether an element beside the diagonal is negligible against its neighbours on it. */
function negligible(t: Diagonals, e: Expr, before: Expr, after: Expr): Expr {
  const root = (x: Expr): Expr => unary("sqrt", unary("abs", x));
  const bound = binary("mul", t.constant(t.dense.epsilon / 2), binary("mul", root(before), root(after)));
  return compare("le", unary("abs", e), binary("max", bound, t.constant(t.tiny)));
}

/** Diagonalises block after block; a block is what lies between negligible elements beside the diagonal. */
function diagonalise(t: Diagonals, rows: Matrix, length: number): void {
  const { dense, n } = t, { k } = dense;
  if (n === 1) return;
  const budget = k.local(index(30 * n)), first = k.local(index(0));
  k.while(() => compare("lt", first.get(), index(n)), () => {
    const lo = k.let(first.get()), hi = k.local(lo);
    k.while(() => {
      const at = hi.get(), end = negligible(t, t.e(at), t.d(at), t.d(plus(at, 1)));
      return branch(compare("lt", at, index(n - 1)), unary("not", end), constant("bool", false));
    }, () => hi.set(plus(hi.get(), 1)));
    const last = k.let(hi.get());
    first.set(plus(last, 1));
    t.setE(last, t.zero);
    k.if(compare("lt", lo, last), () => {
      // From the end whose diagonal element is smaller.
      const back = compare("lt", unary("abs", t.d(last)), unary("abs", t.d(lo)));
      iterate(t, t.block(lo, last, k.let(back)), budget, (block, l, m) => {
        step(t, block, l, m);
        if (length > 0) rotate(t, { rows, length }, block, l, m);
      });
    });
    k.if(unary("not", t.ok.get()), () => first.set(index(n)));
  });
}

/** Runs steps on the unreduced part at the front of a block until all of it is diagonal. */
function iterate(
  t: Diagonals,
  block: Block,
  budget: Local,
  run: (block: Block, l: Expr, m: Expr) => void,
): void {
  const { dense } = t, { k } = dense, front = k.local(index(0));
  k.while(() => compare("le", front.get(), block.last), () => {
    const l = k.let(front.get()), end = k.local(l);
    k.while(() => {
      const p = end.get(), here = t.d(t.row(block, p)), there = t.d(t.row(block, plus(p, 1)));
      const small = negligible(t, t.e(t.gap(block, p)), here, there);
      return branch(compare("lt", p, block.last), unary("not", small), constant("bool", false));
    }, () => end.set(plus(end.get(), 1)));
    const m = k.let(end.get());
    k.if(compare("lt", m, block.last), () => t.setE(t.gap(block, m), t.zero));
    k.if(compare("eq", m, l), () => front.set(plus(l, 1)), () => {
      budget.set(minus(budget.get(), 1));
      k.if(compare("gt", budget.get(), index(0)), () => run(block, l, m), () => {
        t.ok.set(constant("bool", false));
        front.set(plus(block.last, 1));
      });
    });
  });
}

/** One implicit QL step with Wilkinson's shift on places l to m (EISPACK's tql2, LAPACK's steqr). */
function step(t: Diagonals, block: Block, l: Expr, m: Expr): void {
  const { dense } = t, { k } = dense, one = t.constant(1), two = t.constant(2);
  const add = (x: Expr, y: Expr): Expr => binary("add", x, y),
    sub = (x: Expr, y: Expr): Expr => binary("sub", x, y);
  const mul = (x: Expr, y: Expr): Expr => binary("mul", x, y),
    div = (x: Expr, y: Expr): Expr => binary("div", x, y);
  const d = (p: Expr): Expr => t.d(t.row(block, p)), e = (p: Expr): Expr => t.e(t.gap(block, p));
  const dl = k.let(d(l)), el = k.let(e(l));
  const half = k.let(div(sub(d(plus(l, 1)), dl), mul(two, el)));
  const shift = div(el, add(half, binary("copysign", s.hypot(half, one) as Expr, half)));
  const g = k.local(add(sub(d(m), dl), shift));
  const sine = k.local(one), cosine = k.local(one), p = k.local(t.zero);
  k.for(0, k.let(minus(m, l)), (q) => {
    const i = k.let(minus(minus(m, 1), q)), next = k.let(plus(i, 1)), ei = k.let(e(i));
    const f = k.let(mul(sine.get(), ei)), b = k.let(mul(cosine.get(), ei));
    const turn = rotationOf(dense, g.get(), f);
    k.if(compare("ne", q, index(0)), () => t.setE(t.gap(block, next), turn.r));
    const rest = k.let(sub(d(next), p.get()));
    const r = k.let(add(mul(sub(d(i), rest), turn.s), mul(two, mul(turn.c, b))));
    p.set(mul(turn.s, r));
    t.setD(t.row(block, next), add(rest, p.get()));
    g.set(sub(mul(turn.c, r), b));
    sine.set(turn.s);
    cosine.set(turn.c);
    t.keep(0, q, turn.c, turn.s);
  });
  t.setD(t.row(block, l), sub(dl, p.get()));
  t.setE(t.gap(block, l), g.get());
}

/** Applies the rotations of a step to rows, from place m back to place l. */
function rotate(
  t: Diagonals,
  { rows, length }: { readonly rows: Matrix; readonly length: number },
  block: Block,
  l: Expr,
  m: Expr,
): void {
  rotateRows(t.dense, rows, length, {
    count: t.dense.k.let(minus(m, l)),
    row: (place) => t.row(block, minus(m, place)),
    c: (q) => t.kept(0, q, 0),
    s: (q) => t.kept(0, q, 1),
  });
}
