/**
 * `matmul`: the batched matrix product that contractions are made of. Appears in lowered programs only.
 *
 * @module
 */
import { constant, convert, index as constantIndex, madd } from "../../kernel/expr.ts";
import * as e from "../../kernel/expr.ts";
import type { Expr, MatrixProduct, ScalarType, StorageType } from "../../kernel/ir.ts";
import type { KernelBuilder } from "../../kernel/builder.ts";
import { shaped } from "../avals.ts";
import type { DType } from "../dtypes.ts";
import { P } from "../prims.ts";

interface MatmulParams {
  /** lhs is [batch, inner, rows] instead of [batch, rows, inner]. */
  readonly transposeLhs: boolean;
  /** rhs is [batch, columns, inner] instead of [batch, inner, columns]; lhs is not transposed then. */
  readonly transposeRhs: boolean;
  /** Dtype of sums and result. */
  readonly sum: DType;
}

const never = (): never => {
  throw new Error("matmul is made by lowering, after differentiation and batching");
};

/** Rows, and inner indices, that the blocked product takes at once: 16 multipliers stay in registers. */
const tile = 4;
/** Columns of a panel: four rows of sums and four of the right operand fit the first-level cache. */
const panel = 512;

P.matmul.define({
  abstractEval([lhs, rhs], { transposeLhs, transposeRhs, sum }: MatmulParams) {
    const [b, l1, l2] = lhs!.shape, [, r1, r2] = rhs!.shape;
    return [shaped([b!, transposeLhs ? l2! : l1!, transposeRhs ? r1! : r2!], sum)];
  },
  jvp: never,
  transpose: never,
  batch: never,
  lower: {
    kind: "routine",
    build(k, [lhs, rhs], [out], { transposeLhs, transposeRhs }: MatmulParams) {
      const [batch, rows, columns] = out!.aval.shape as [number, number, number];
      const inner = lhs!.aval.shape[transposeLhs ? 1 : 2]!;
      const product: Product = {
        k,
        lhs: lhs!.param,
        rhs: rhs!.param,
        out: out!.param,
        batch,
        rows,
        columns,
        inner,
        transposeLhs,
        transposeRhs,
        type: scalarType(out!.param.storage),
      };
      if (k.target.threads === "many") buildElements(product);
      else if ((transposeRhs || columns === 1) && !transposeLhs) buildDots(product);
      else buildBlocked(product);
    },
  },
});

interface Product extends MatrixProduct {
  readonly k: KernelBuilder;
  readonly type: ScalarType;
}

const scalarType = (storage: StorageType): ScalarType =>
  storage === "f64" || storage === "i64" || storage === "u64" || storage === "u32" || storage === "i32"
    ? storage
    : "f32";

const plus = (a: Expr, b: Expr | number): Expr =>
  e.binary("add", a, typeof b === "number" ? constantIndex(b) : b);
const times = (a: Expr, b: number): Expr => e.binary("mul", a, constantIndex(b));

/** Each result by itself, for machines with a thread for each. */
function buildElements(p: Product): void {
  const { k, lhs, rhs, out, batch, rows, columns, inner, transposeLhs, transposeRhs, type } = p;
  k.computes({ lhs, rhs, out, batch, rows, columns, inner, transposeLhs, transposeRhs });
  k.range(batch * rows * columns, (i) => {
    const b = k.let(e.binary("div", i, constantIndex(rows * columns)));
    const row = k.let(e.binary("rem", e.binary("div", i, constantIndex(columns)), constantIndex(rows)));
    const column = k.let(e.binary("rem", i, constantIndex(columns)));
    const zero = constant(type, 0);
    const total = inner === 0 ? zero : k.reduce(inner, "add", zero, (q) => {
      const left = transposeLhs
        ? plus(times(plus(times(b, inner), q), rows), row)
        : plus(times(plus(times(b, rows), row), inner), q);
      const right = transposeRhs
        ? plus(times(plus(times(b, columns), column), inner), q)
        : plus(times(plus(times(b, inner), q), columns), column);
      return e.binary("mul", convert(type, k.load(lhs, left)), convert(type, k.load(rhs, right)));
    });
    k.store(out, i, total);
  });
}

/** One dot product over contiguous memory for each result. */
function buildDots({ k, lhs, rhs, out, batch, rows, columns, inner, type }: Product): void {
  k.range(batch * rows, (row) => {
    const b = e.binary("div", row, constantIndex(rows));
    k.for(0, columns, (j) => {
      const left = k.let(times(row, inner)), right = k.let(plus(times(b, columns * inner), times(j, inner)));
      const zero = constant(type, 0);
      const total = inner === 0 ? zero : k.reduce(inner, "add", zero, (i) =>
        e.binary(
          "mul",
          convert(type, k.load(lhs, plus(left, i))),
          convert(type, k.load(rhs, plus(right, i))),
        ));
      k.store(out, plus(times(row, columns), j), total);
    });
  });
}

/**
 * Sums kept in rows of the result: for each panel of columns, four inner indices at a time are added to four rows, so
 * that each vector of sums is loaded and stored once for four products.
 */
function buildBlocked(p: Product): void {
  const { k, out, batch, rows, columns, inner } = p;
  const groups = Math.ceil(rows / tile), width = Math.min(panel, columns);
  k.range(batch * groups, (group) => {
    const b = k.let(e.binary("div", group, constantIndex(groups)));
    const row = k.let(times(e.binary("rem", group, constantIndex(groups)), tile));
    const block = (count: number, first: Expr): void => {
      k.for(0, Math.ceil(columns / width), (part) => {
        const lo = k.let(times(part, width));
        const hi = k.let(e.binary("min", plus(lo, width), constantIndex(columns)));
        const starts = Array.from(
          { length: count },
          (_, r) => k.let(times(plus(times(b, rows), plus(first, r)), columns)),
        );
        k.for(lo, hi, (j) => {
          for (const start of starts) k.store(out, plus(start, j), constant(p.type, 0));
        }, { independent: true });
        const whole = Math.floor(inner / tile);
        k.for(0, whole, (q) => accumulate(p, b, first, starts, lo, hi, times(q, tile), tile));
        k.for(whole * tile, inner, (q) => accumulate(p, b, first, starts, lo, hi, q, 1));
      });
    };
    const full = e.compare("le", plus(row, tile), constantIndex(rows));
    k.if(full, () => block(tile, row), () => k.for(row, rows, (r) => block(1, r)));
  });
}

/** Adds `depth` inner indices from `q` on to rows that start at `starts`, in columns [lo, hi). */
function accumulate(
  { k, lhs, rhs, out, rows, columns, inner, transposeLhs, type }: Product,
  b: Expr,
  first: Expr,
  starts: readonly Expr[],
  lo: Expr,
  hi: Expr,
  q: Expr,
  depth: number,
): void {
  const factors = starts.map((_, r) =>
    Array.from({ length: depth }, (_, d) => {
      const at = transposeLhs
        ? plus(times(plus(times(b, inner), plus(q, d)), rows), plus(first, r))
        : plus(times(plus(times(b, rows), plus(first, r)), inner), plus(q, d));
      return k.let(convert(type, k.load(lhs, at)));
    })
  );
  const lines = Array.from(
    { length: depth },
    (_, d) => k.let(times(plus(times(b, inner), plus(q, d)), columns)),
  );
  k.for(lo, hi, (j) => {
    const right = lines.map((line) => convert(type, k.load(rhs, plus(line, j))));
    starts.forEach((start, r) => {
      const at = plus(start, j);
      const sum = right.reduce((total, value, d) => madd(factors[r]![d]!, value, total), k.load(out, at));
      k.store(out, at, sum);
    });
  }, { independent: true });
}
