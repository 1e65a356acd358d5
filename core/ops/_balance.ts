/**
 * Balancing of square matrices before their eigenvalues are computed.
 *
 * @module
 */
import { binary, compare, constant, convert, index } from "../../kernel/expr.ts";
import type { Expr, Param } from "../../kernel/ir.ts";
import type { Val } from "../../kernel/lowering.ts";
import * as s from "../../kernel/scalar.ts";
import type { JaxArray } from "../array.ts";
import { int32 } from "../dtypes.ts";
import { type Primitive, primitive } from "../primitive.ts";
import { bind } from "../trace.ts";
import { batchOf, type Dense, eachMatrix, type Matrix } from "./_dense.ts";
import { minus, plus, scaleBy, times } from "./_dense_scalars.ts";
import { defineLinalg, realDTypeOf } from "./linalg.ts";

const balancing: Primitive<Record<string, never>> = primitive("balance");

/**
 * B = c D⁻¹ Pᵀ A P D with powers of two in D (LAPACK's gebal): rows that isolate an eigenvalue are moved to the ends,
 * and the others are scaled so that rows and columns have about the same norm. Gives B, the diagonal of D, for each row
 * of A where it went, and 1/c, a power of two that is not 1 only where elements of A are very large or small.
 */
export function balance(
  a: JaxArray,
): readonly [b: JaxArray, scale: JaxArray, places: JaxArray, unscale: JaxArray] {
  return bind(balancing as Primitive, [a]) as readonly [JaxArray, JaxArray, JaxArray, JaxArray];
}

defineLinalg(balancing, {
  ranks: [2],
  results: ([shape]) => [shape!, [shape![0]!], [shape![0]!], [1]],
  dtypes: (dtype) => [dtype, realDTypeOf(dtype), int32, realDTypeOf(dtype)],
  jvp: "none",
  lower: {
    kind: "routine",
    inPlace: 0,
    build(k, _inputs, [out, scales, places, unscale]) {
      const n = out!.aval.shape.at(-1)!;
      if (n === 0) return;
      const order = k.scratch("i32", n * 8);
      eachMatrix(k, out!.aval.dtype, batchOf(out!, 2), (dense, b) => {
        const matrix = dense.matrix(out!, b), start = k.let(times(b, n));
        const own = { param: order, start: k.let(times(dense.part, n)) };
        const factor = dense.scaleFor(dense.greatestIn(matrix, n, n));
        dense.scaleAll(matrix, n, factor);
        k.store(unscale!.param, b, binary("div", dense.real(1), factor));
        const lo = k.local(index(0)), hi = k.local(index(n));
        k.for(0, n, (i) => k.store(order, plus(own.start, i), i));
        isolate(dense, matrix, n, { own, lo, hi });
        const scale = dense.realPart.vector(scales!, b);
        k.for(0, n, (i) => {
          scale.set(i, dense.real(1));
          const from = k.load(order, plus(own.start, i));
          k.store(places!.param, plus(start, from), i);
        });
        equalise(dense, matrix, { n, lo: k.let(lo.get()), hi: k.let(hi.get()) }, scale);
      });
    },
  },
});

type Local = ReturnType<Dense["k"]["local"]>;

/** The rows and columns that are not isolated, [lo, hi), and which row of A stands where. */
interface Active {
  readonly own: { readonly param: Param; readonly start: Expr };
  readonly lo: Local;
  readonly hi: Local;
}

/** Moves rows that are zero but for the diagonal to the end, columns of that kind to the front. */
function isolate(dense: Dense, a: Matrix, n: number, { own, lo, hi }: Active): void {
  const { k } = dense, no = constant("bool", false), yes = constant("bool", true);
  const isZero = (x: Val): Expr => s.eq(x, dense.constant(0));
  const exchange = (p: Expr, q: Expr): void => {
    k.if(compare("ne", p, q), () => {
      dense.each(0, n, (j) => {
        const x = dense.let(a.get(p, j)), y = dense.let(a.get(q, j));
        a.set(p, j, y);
        a.set(q, j, x);
      });
      k.for(0, n, (i) => {
        const x = dense.let(a.get(i, p)), y = dense.let(a.get(i, q));
        a.set(i, p, y);
        a.set(i, q, x);
      });
      const at = plus(own.start, p), to = plus(own.start, q);
      const x = k.let(k.load(own.param, at)), y = k.let(k.load(own.param, to));
      k.store(own.param, at, y);
      k.store(own.param, to, x);
    });
  };
  /** Looks for a line of the active part that is zero but for the diagonal; gives it to `found`. */
  const search = (element: (line: Expr, other: Expr) => Val, found: (line: Expr) => void): void => {
    const again = k.local(yes);
    k.while(() => again.get(), () => {
      again.set(no);
      const line = k.local(minus(hi.get(), 1));
      k.while(() => compare("ge", line.get(), lo.get()), () => {
        const i = k.let(line.get()), other = k.local(lo.get()), alone = k.local(yes);
        k.while(() => binary("and", compare("lt", other.get(), hi.get()), alone.get()), () => {
          const j = k.let(other.get());
          const zero = binary("or", compare("eq", i, j), isZero(element(i, j)));
          alone.set(zero);
          other.set(plus(j, 1));
        });
        k.if(alone.get(), () => {
          found(i);
          again.set(compare("lt", lo.get(), hi.get()));
          line.set(index(-1));
        }, () => line.set(minus(i, 1)));
      });
    });
  };
  search((i, j) => a.get(i, j), (i) => {
    hi.set(minus(hi.get(), 1));
    exchange(i, k.let(hi.get()));
  });
  k.if(compare("lt", lo.get(), hi.get()), () =>
    search((j, i) => a.get(i, j), (j) => {
      exchange(j, k.let(lo.get()));
      lo.set(plus(lo.get(), 1));
    }));
}

/** Scales rows and columns by powers of two until their norms agree. */
function equalise(
  dense: Dense,
  a: Matrix,
  { n, lo, hi }: { readonly n: number; readonly lo: Expr; readonly hi: Expr },
  scale: ReturnType<Dense["vector"]>,
): void {
  const { k, wide } = dense, c = (x: number): Expr => constant(wide, x);
  const mul = (x: Expr, y: Expr): Expr => binary("mul", x, y);
  const again = k.local(constant("bool", true)), rounds = k.local(index(0));
  const [most, least] = wide === "f64" ? [2 ** 900, 2 ** -900] : [2 ** 100, 2 ** -100];
  k.while(() => binary("and", again.get(), compare("lt", rounds.get(), index(100))), () => {
    again.set(constant("bool", false));
    rounds.set(plus(rounds.get(), 1));
    k.for(lo, hi, (i) => {
      const column = k.let(convert(wide, dense.norm(lo, hi, n, (j) => a.get(j, i))));
      const row = k.let(convert(wide, dense.norm(lo, hi, n, (j) => a.get(i, j))));
      const largest = k.local(c(0));
      k.for(lo, hi, (j) => {
        largest.set(binary("max", largest.get(), convert(wide, s.abs(a.get(j, i)) as Expr)));
        largest.set(binary("max", largest.get(), convert(wide, s.abs(a.get(i, j)) as Expr)));
      });
      const usable = binary("and", compare("gt", column, c(0)), compare("gt", row, c(0)));
      k.if(binary("and", usable, compare("lt", binary("add", column, row), c(Infinity))), () => {
        const f = k.local(c(1)), x = k.local(column), y = k.local(row);
        const room = (): Expr =>
          binary(
            "and",
            compare("lt", binary("max", mul(f.get(), largest.get()), f.get()), c(most)),
            compare("gt", f.get(), c(least)),
          );
        k.while(() => binary("and", compare("lt", x.get(), mul(c(0.5), y.get())), room()), () => {
          f.set(mul(c(2), f.get()));
          x.set(mul(c(2), x.get()));
          y.set(mul(c(0.5), y.get()));
        });
        k.while(() => binary("and", compare("ge", mul(c(0.5), x.get()), y.get()), room()), () => {
          f.set(mul(c(0.5), f.get()));
          x.set(mul(c(0.5), x.get()));
          y.set(mul(c(2), y.get()));
        });
        const better = compare(
          "lt",
          binary("add", x.get(), y.get()),
          mul(c(0.95), binary("add", column, row)),
        );
        k.if(better, () => {
          again.set(constant("bool", true));
          const factor = k.let(convert(dense.type, f.get())),
            inverse = k.let(binary("div", dense.real(1), factor));
          scale.set(i, mul(factor, scale.get(i) as Expr));
          dense.each(0, n, (j) => a.set(i, j, scaleBy(inverse, a.get(i, j))));
          k.for(0, n, (j) => a.set(j, i, scaleBy(factor, a.get(j, i))));
        });
      });
    });
  });
}
