/** Factorisations multiplied out: what is left must be of the size of rounding errors, for every kind of matrix. */
import { withConfig } from "../../core/config.ts";
import { asDType, type DTypeName } from "../../core/dtypes.ts";
import type { Complex } from "../../core/host.ts";
import { basis, eigh } from "../../core/ops/linalg_eigh.ts";
import { cholesky } from "../../core/ops/linalg_cholesky.ts";
import { eig } from "../../core/ops/linalg_eig.ts";
import { hessenberg } from "../../core/ops/linalg_hessenberg.ts";
import { lu } from "../../core/ops/linalg_lu.ts";
import { schur } from "../../core/ops/linalg_schur.ts";
import { svd } from "../../core/ops/linalg_svd.ts";
import { P } from "../../core/prims.ts";
import type { JaxArray } from "../../core/array.ts";
import { bind } from "../../core/trace.ts";
import { assert } from "../assert.ts";
import { elements, random, toArray } from "./_harness.ts";

/** A matrix on the host, in float64. */
interface Matrix {
  readonly rows: number;
  readonly columns: number;
  readonly at: (i: number, j: number) => Complex;
}

const make = (rows: number, columns: number, at: Matrix["at"]): Matrix => {
  const data = Array.from({ length: rows * columns }, (_, k) => at(Math.floor(k / columns), k % columns));
  return { rows, columns, at: (i, j) => data[i * columns + j]! };
};
const real = (re: number): Complex => ({ re, im: 0 });
const adjoint = (a: Matrix): Matrix =>
  make(a.columns, a.rows, (i, j) => ({ re: a.at(j, i).re, im: -a.at(j, i).im }));
const identity = (n: number): Matrix => make(n, n, (i, j) => real(i === j ? 1 : 0));
const diagonal = (w: Matrix, rows: number, columns: number): Matrix =>
  make(rows, columns, (i, j) => i === j && i < w.columns ? w.at(0, i) : real(0));
const lower = (a: Matrix, k = 0): Matrix =>
  make(a.rows, a.columns, (i, j) => j - i <= k ? a.at(i, j) : real(0));

function product(...factors: readonly Matrix[]): Matrix {
  return factors.reduce((a, b) =>
    make(a.rows, b.columns, (i, j) => {
      let re = 0, im = 0;
      for (let k = 0; k < a.columns; k++) {
        const x = a.at(i, k), y = b.at(k, j);
        re += x.re * y.re - x.im * y.im;
        im += x.re * y.im + x.im * y.re;
      }
      return { re, im };
    })
  );
}

function difference(a: Matrix, b: Matrix): Matrix {
  assert(a.rows === b.rows && a.columns === b.columns, "sizes differ");
  return make(
    a.rows,
    a.columns,
    (i, j) => ({ re: a.at(i, j).re - b.at(i, j).re, im: a.at(i, j).im - b.at(i, j).im }),
  );
}

function norm(a: Matrix): number {
  const parts = Array.from({ length: a.rows * a.columns }, (_, k) => {
    const { re, im } = a.at(Math.floor(k / a.columns), k % a.columns);
    return Math.hypot(re, im);
  });
  return Math.hypot(...parts);
}

function fromArray(x: JaxArray): Matrix {
  const columns = x.shape.at(-1)!, rows = x.ndim > 1 ? x.shape.at(-2)! : 1, flat = elements(x);
  return make(rows, columns, (i, j) => {
    const e = flat[i * columns + j]!;
    return typeof e === "object" ? e : real(Number(e));
  });
}

const dtypes: readonly DTypeName[] = ["float32", "float64", "complex64", "complex128"];
const unitOf = (dtype: DTypeName): number => ["float32", "complex64"].includes(dtype) ? 2 ** -23 : 2 ** -52;

function toDevice(a: Matrix, dtype: DTypeName): JaxArray {
  const isComplex = asDType(dtype).kind === "complex";
  const data = Array.from({ length: a.rows * a.columns }, (_, k) => {
    const e = a.at(Math.floor(k / a.columns), k % a.columns);
    return isComplex ? e : e.re;
  });
  return toArray({ dtype, shape: [a.rows, a.columns], data });
}

/** A pseudorandom matrix; of real dtypes the imaginary parts are zero. */
function drawn(rows: number, columns: number, dtype: DTypeName, seed = 0): Matrix {
  const { data } = random([rows, columns], { dtype, seed });
  return make(rows, columns, (i, j) => {
    const e = data[i * columns + j]!;
    return typeof e === "object" ? e : real(Number(e));
  });
}

/** Kinds of matrices that algorithms find hard. */
const kinds: Readonly<Record<string, (rows: number, columns: number, dtype: DTypeName) => Matrix>> = {
  random: drawn,
  "of low rank": (m, n, dtype) => {
    const rank = Math.max(1, Math.floor(Math.min(m, n) / 2));
    return product(drawn(m, rank, dtype), drawn(rank, n, dtype, 1));
  },
  graded: (m, n, dtype) => {
    const a = drawn(m, n, dtype), step = unitOf(dtype) > 1e-10 ? 0.15 : 0.4;
    return make(m, n, (i, j) => {
      const scale = 10 ** (-step * (i + j)), { re, im } = a.at(i, j);
      return { re: re * scale, im: im * scale };
    });
  },
  "of ones": (m, n) => make(m, n, () => real(1)),
  zero: (m, n) => make(m, n, () => real(0)),
  large: (m, n, dtype) => {
    const a = drawn(m, n, dtype), scale = unitOf(dtype) > 1e-10 ? 1e30 : 1e290;
    return make(m, n, (i, j) => ({ re: a.at(i, j).re * scale, im: a.at(i, j).im * scale }));
  },
};

interface Check {
  readonly what: string;
  readonly got: Matrix;
  readonly want: Matrix;
  /** What the error is relative to; default: the wanted matrix. */
  readonly scale?: number;
}

const unitary = (q: Matrix, what: string): Check => ({
  what: `${what} is unitary`,
  got: product(adjoint(q), q),
  want: identity(q.columns),
});

/** Registers a test of a factorisation for every dtype, kind and size. */
function testFactors(
  name: string,
  sizes: readonly (readonly [number, number])[],
  factor: (x: JaxArray, a: Matrix) => readonly Check[],
  prepare: (a: Matrix) => Matrix = (a) => a,
): void {
  for (const dtype of dtypes) {
    Deno.test(`${name}: residuals, ${dtype}`, () =>
      withConfig({ jax_enable_x64: true }, () => {
        for (const [kind, draw] of Object.entries(kinds)) {
          for (const [m, n] of sizes) {
            const x = toDevice(prepare(draw(m, n, dtype)), dtype), a = fromArray(x);
            for (const { what, got, want, scale = norm(want) } of factor(x, a)) {
              const error = norm(difference(got, want)) / (scale || 1);
              const bound = 20 * unitOf(dtype) * Math.max(m, n);
              assert(error <= bound, `${name} of a matrix ${kind}, ${m}×${n}: ${what}: ${error} > ${bound}`);
            }
          }
        }
      }));
  }
}

const square = [1, 2, 3, 5, 20].map((n) => [n, n] as const);
const all = [...square, [5, 3], [3, 5], [1, 4], [40, 6]] as const;

testFactors("qr", all, (x, a) =>
  [true, false].flatMap((fullMatrices) => {
    const [q, r] = bind(P.qr, [x], { pivoting: false, fullMatrices }).map(fromArray) as [Matrix, Matrix];
    const [pq, pr, order] = bind(P.qr, [x], { pivoting: true, fullMatrices }).map(fromArray) as [
      Matrix,
      Matrix,
      Matrix,
    ];
    const permuted = make(a.rows, a.columns, (i, j) => a.at(i, order.at(0, j).re));
    return [
      { what: "Q R", got: product(q, r), want: a },
      unitary(q, "Q"),
      { what: "pivoted Q R", got: product(pq, pr), want: permuted },
      unitary(pq, "pivoted Q"),
    ];
  }));

testFactors("lu", all, (x, a) => {
  const [packed, , order] = lu(x).map(fromArray) as [Matrix, Matrix, Matrix];
  const k = Math.min(a.rows, a.columns);
  const l = make(a.rows, k, (i, j) => i === j ? real(1) : i > j ? packed.at(i, j) : real(0));
  const u = make(k, a.columns, (i, j) => j >= i ? packed.at(i, j) : real(0));
  return [{
    what: "L U",
    got: product(l, u),
    want: make(a.rows, a.columns, (i, j) => a.at(order.at(0, i).re, j)),
  }];
});

testFactors("svd", all, (x, a) =>
  [true, false].flatMap((fullMatrices) => {
    const [s, u, vh] = svd(x, { fullMatrices }).map(fromArray) as [Matrix, Matrix, Matrix];
    for (let i = 1; i < s.columns; i++) {
      assert(s.at(0, i).re >= 0 && s.at(0, i).re <= s.at(0, i - 1).re, "singular values descend");
    }
    const [values] = svd(x, { fullMatrices, computeUv: false }).map(fromArray) as [Matrix];
    return [
      { what: "U S Vᴴ", got: product(u, diagonal(s, u.columns, vh.rows), vh), want: a },
      unitary(u, "U"),
      unitary(adjoint(vh), "V"),
      { what: "values alone", got: values, want: s },
    ];
  }));

const hermitian = (a: Matrix): Matrix =>
  make(a.rows, a.columns, (i, j) => {
    const x = a.at(i, j), y = a.at(j, i);
    return { re: x.re / 2 + y.re / 2, im: x.im / 2 - y.im / 2 };
  });

testFactors("eigh", square, (x, a) =>
  [true, false].flatMap((isLower) => {
    const [v, w] = eigh(x, { lower: isLower }).map(fromArray) as [Matrix, Matrix];
    for (let i = 1; i < w.columns; i++) assert(w.at(0, i).re >= w.at(0, i - 1).re, "eigenvalues ascend");
    return [
      { what: "V W Vᴴ", got: product(v, diagonal(w, v.columns, v.columns), adjoint(v)), want: a },
      unitary(v, "V"),
    ];
  }), hermitian);

testFactors("hessenberg", square, (x, a) => {
  const [packed, taus] = hessenberg(x), q = fromArray(basis(packed, taus)), p = fromArray(packed);
  const h = make(a.rows, a.rows, (i, j) => j >= i - 1 ? p.at(i, j) : real(0));
  return [{ what: "Q H Qᴴ", got: product(q, h, adjoint(q)), want: a }, unitary(q, "Q")];
});

testFactors("schur", square, (x, a) => {
  const [t, q] = schur(x).map(fromArray) as [Matrix, Matrix];
  assert(norm(lower(t, -2)) === 0, "T has no elements below the first subdiagonal");
  return [{ what: "Q T Qᴴ", got: product(q, t, adjoint(q)), want: a }, unitary(q, "Q")];
});

testFactors("eig", square, (x, a) => {
  const [w, left, right] = eig(x).map(fromArray) as [Matrix, Matrix, Matrix];
  const values = diagonal(w, a.rows, a.rows), scale = norm(a);
  return [
    { what: "A V = V Λ", got: product(a, right), want: product(right, values), scale },
    { what: "Uᴴ A = Λ Uᴴ", got: product(adjoint(left), a), want: product(values, adjoint(left)), scale },
  ];
});

Deno.test("cholesky: residuals, and NaN where a matrix is not positive definite", () =>
  withConfig({ jax_enable_x64: true }, () => {
    for (const dtype of dtypes) {
      for (const n of [1, 2, 3, 4, 5, 20, 33]) {
        const g = drawn(n, n, dtype), eye = identity(n), gg = product(g, adjoint(g));
        const a = make(n, n, (i, j) => ({ re: gg.at(i, j).re + eye.at(i, j).re, im: gg.at(i, j).im }));
        const x = toDevice(a, dtype), l = fromArray(cholesky(x));
        const error = norm(difference(product(l, adjoint(l)), fromArray(x))) / norm(a);
        assert(error < 10 * unitOf(dtype) * n, `${dtype}, ${n}: ${error}`);
      }
      const [bad] = [cholesky(toDevice(make(2, 2, (i, j) => real(i === j ? 1 - 2 * i : 0)), dtype))].map(
        fromArray,
      );
      assert(Number.isNaN(bad!.at(1, 0).re) && bad!.at(0, 1).re === 0);
    }
  }));

Deno.test("matrices that are not finite give NaN and end", () =>
  withConfig({ jax_enable_x64: true }, () => {
    for (const wrong of [NaN, Infinity]) {
      const x = toDevice(
        make(20, 20, (i, j) => real(i === j ? i : i === 7 && j === 3 ? wrong : 0.1)),
        "float64",
      );
      for (const f of [svd, eigh, schur, eig]) assert(Number.isNaN(fromArray(f(x)[0]!).at(0, 0).re));
    }
  }));
