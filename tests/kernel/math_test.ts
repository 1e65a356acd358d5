/** The functions of kernel/scalar.ts against mpmath's values, and at the special points of IEEE 754 and C. */
import { Variable } from "../../kernel/ir.ts";
import type { Expr } from "../../kernel/ir.ts";
import { variable } from "../../kernel/expr.ts";
import { Pair } from "../../kernel/lowering.ts";
import { ACCURACY } from "../../kernel/math/accuracy.ts";
import * as scalar from "../../kernel/scalar.ts";
import { assert, assertEquals, assertThrows } from "../assert.ts";
import { evaluator } from "./evaluate.ts";
import {
  complexNames,
  complexPoints,
  errorOf,
  type FloatType,
  functions,
  realPoints,
  ulp,
} from "./math_fixture.ts";

/** A function of real numbers made of one expression. */
function compiled(name: string, type: FloatType, arity: number, fused: boolean): (...x: number[]) => number {
  const variables = Array.from({ length: arity }, () => new Variable(type, { mutable: true }));
  const run = evaluator([functions[name]!(...variables.map(variable)) as Expr], variables, { fused });
  return (...x) => run(...x)[0] as number;
}

/** A function of complex numbers; arguments and result are flat. */
function compiledComplex(name: string, type: FloatType, arity: number): (...x: number[]) => number[] {
  const variables = Array.from({ length: 2 * arity }, () => new Variable(type, { mutable: true }));
  const v = variables.map(variable);
  const operands = Array.from({ length: arity }, (_, i) => new Pair(v[2 * i]!, v[2 * i + 1]!));
  const result = functions[name]!(...operands);
  return evaluator(result instanceof Pair ? [result.re, result.im] : [result], variables) as (
    ...x: number[]
  ) => number[];
}

for (const { name, float32, float64 } of ACCURACY) {
  Deno.test(`math: ${name} is as accurate as stated`, () => {
    for (const type of ["f32", "f64"] as const) {
      const { columns, want, rest } = realPoints(name, type), bound = type === "f32" ? float32 : float64;
      for (const fused of [false, true]) {
        const f = compiled(name, type, columns.length, fused);
        want.forEach((w, i) => {
          const x = columns.map((c) => c[i]!), got = f(...x), error = errorOf(name, type, got, w, rest[i]!);
          assert(error <= bound, `${name}(${x}) in ${type} is ${got}, wanted ${w}: ${error} ulp > ${bound}`);
        });
      }
    }
  });
}

Deno.test("math: elementary functions are within 2 ulp", () => {
  const special = new Set(["erf", "erfc", "erfInv", "lgamma", "digamma", "besselI0e", "besselI1e"]);
  for (const { name, float32, float64 } of ACCURACY) {
    if (!special.has(name)) assert(float32 <= 2 && float64 <= 2, name);
    // 4e-6 in float32 and 1e-12 in float64.
    else assert(float32 * 2 ** -23 <= 4e-6 && float64 * 2 ** -52 <= 1e-12, name);
  }
});

for (const name of complexNames) {
  Deno.test(`math: ${name} of complex numbers`, () => {
    for (const type of ["f32", "f64"] as const) {
      const { columns, want } = complexPoints(name, type);
      const f = compiledComplex(name, type, columns.length / 2);
      const end = type === "f32" ? 2 ** 128 : Number.MAX_VALUE;
      // The power's exponent is rounded before it is exponentiated.
      const bound = (name === "pow" ? 64 : 4) * (type === "f32" ? 2 ** -23 : 2 ** -52);
      const least = type === "f32" ? 2 ** -126 : 2 ** -1022;
      want[0]!.forEach((_, i) => {
        const z = columns.map((c) => c[i]!), got = f(...z), w = want.map((v) => v[i]!);
        if (w.some((v) => Math.abs(v) > 0.9999 * end)) return;
        const size = Math.max(Math.hypot(...w), least);
        const error = Math.max(...got.map((g, k) => Math.abs(g - w[k]!))) / size;
        assert(error <= bound, `${name}(${z}) in ${type} is ${got}, wanted ${w}: relative error ${error}`);
      });
    }
  });
}

const inf = Infinity, nan = NaN;

/** [argument, value] at the points where functions are exact, infinite or undefined. */
const SPECIAL: Record<string, readonly (readonly [number, number])[]> = {
  neg: [[0, -0], [-0, 0], [inf, -inf], [nan, nan]],
  abs: [[-0, 0], [-inf, inf], [nan, nan], [-2, 2]],
  sign: [[0, 0], [-0, -0], [inf, 1], [-3, -1], [nan, nan], [1e-40, 1]],
  floor: [[-0, -0], [-0.5, -1], [2.5, 2], [inf, inf], [nan, nan]],
  ceil: [[-0.5, -0], [2.5, 3], [-inf, -inf]],
  trunc: [[-0.5, -0], [2.5, 2], [-2.5, -2]],
  roundHalfEven: [[0.5, 0], [1.5, 2], [2.5, 2], [-0.5, -0], [-2.5, -2], [inf, inf], [8388609, 8388609]],
  roundHalfAway: [[0.5, 1], [1.5, 2], [2.5, 3], [-0.5, -1], [-0.25, -0], [0.49999997, 0], [inf, inf], [
    nan,
    nan,
  ]],
  sqrt: [[0, 0], [-0, -0], [-1, nan], [inf, inf], [4, 2]],
  rsqrt: [[0, inf], [-0, -inf], [-1, nan], [inf, 0], [4, 0.5], [nan, nan]],
  cbrt: [[0, 0], [-0, -0], [27, 3], [-8, -2], [inf, inf], [-inf, -inf], [nan, nan]],
  square: [[-0, 0], [-inf, inf], [3, 9]],
  exp: [[0, 1], [-0, 1], [inf, inf], [-inf, 0], [nan, nan], [1e30, inf], [-1e30, 0]],
  exp2: [[0, 1], [3, 8], [-3, 0.125], [inf, inf], [-inf, 0], [nan, nan], [-149, 2 ** -149], [100, 2 ** 100]],
  expm1: [[0, 0], [-0, -0], [inf, inf], [-inf, -1], [nan, nan], [1e-40, Math.fround(1e-40)]],
  log: [[0, -inf], [-0, -inf], [1, 0], [-1, nan], [inf, inf], [-inf, nan], [nan, nan]],
  log1p: [[0, 0], [-0, -0], [-1, -inf], [-2, nan], [inf, inf], [nan, nan]],
  logistic: [[0, 0.5], [inf, 1], [-inf, 0], [nan, nan], [1e30, 1], [-1e30, 0]],
  sin: [[0, 0], [-0, -0], [inf, nan], [-inf, nan], [nan, nan]],
  cos: [[0, 1], [-0, 1], [inf, nan], [nan, nan]],
  tan: [[0, 0], [-0, -0], [inf, nan], [nan, nan]],
  asin: [[0, 0], [-0, -0], [2, nan], [-inf, nan], [nan, nan]],
  acos: [[1, 0], [2, nan], [-inf, nan], [nan, nan]],
  atan: [[0, 0], [-0, -0], [nan, nan]],
  sinh: [[0, 0], [-0, -0], [inf, inf], [-inf, -inf], [nan, nan]],
  cosh: [[0, 1], [inf, inf], [-inf, inf], [nan, nan]],
  tanh: [[0, 0], [-0, -0], [inf, 1], [-inf, -1], [nan, nan], [100, 1]],
  asinh: [[0, 0], [-0, -0], [inf, inf], [-inf, -inf], [nan, nan]],
  acosh: [[1, 0], [0.5, nan], [-inf, nan], [inf, inf], [nan, nan]],
  atanh: [[0, 0], [-0, -0], [1, inf], [-1, -inf], [2, nan], [inf, nan], [nan, nan]],
  erf: [[0, 0], [-0, -0], [inf, 1], [-inf, -1], [nan, nan]],
  erfc: [[0, 1], [inf, 0], [-inf, 2], [nan, nan]],
  erfInv: [[0, 0], [-0, -0], [1, inf], [-1, -inf], [2, nan], [nan, nan]],
  lgamma: [[1, 0], [2, 0], [0, inf], [-0, inf], [-1, inf], [inf, inf], [-inf, inf], [nan, nan]],
  digamma: [[0, nan], [-1, nan], [inf, inf], [-inf, nan], [nan, nan]],
  besselI0e: [[inf, 0], [-inf, 0], [nan, nan]],
  besselI1e: [[0, 0], [-0, -0], [inf, 0], [-inf, -0], [nan, nan]],
};

Deno.test("math: special values of functions of one real number", () => {
  for (const [name, points] of Object.entries(SPECIAL)) {
    for (const type of ["f32", "f64"] as const) {
      const f = compiled(name, type, 1, false), round = type === "f32" ? Math.fround : (x: number) => x;
      for (const [x, want] of points) {
        if (type === "f64" && (x === 1e-40 || x === 0.49999997)) continue;
        assertEquals(f(round(x)), want, `${name}(${x}) in ${type}`);
      }
    }
  }
});

const SPECIAL_2: Record<string, readonly (readonly [number, number, number])[]> = {
  pow: [
    [nan, 0, 1],
    [1, nan, 1],
    [nan, 1, nan],
    [1, inf, 1],
    [-1, inf, 1],
    [-1, -inf, 1],
    [2, inf, inf],
    [2, -inf, 0],
    [0.5, inf, 0],
    [0.5, -inf, inf],
    [0, 3, 0],
    [-0, 3, -0],
    [-0, 2, 0],
    [0, -1, inf],
    [-0, -1, -inf],
    [-0, -2, inf],
    [inf, 2, inf],
    [inf, -2, 0],
    [-inf, 3, -inf],
    [-inf, 2, inf],
    [-inf, -3, -0],
    [-inf, 0.5, inf],
    [-0, 0.5, 0],
    [-2, 3, -8],
    [-2, -2, 0.25],
    [-8, 1 / 3, nan],
    [0, 0, 1],
    [inf, 0, 1],
    [2, 0.5, Math.SQRT2],
    [-1, 1e30, 1],
  ],
  atan2: [
    [0, 0, 0],
    [-0, 0, -0],
    [0, -0, Math.PI],
    [-0, -0, -Math.PI],
    [0, 1, 0],
    [0, -1, Math.PI],
    [-0, -1, -Math.PI],
    [1, 0, Math.PI / 2],
    [-1, -0, -Math.PI / 2],
    [inf, inf, Math.PI / 4],
    [inf, -inf, 3 * Math.PI / 4],
    [1, inf, 0],
    [-1, inf, -0],
    [1, -inf, Math.PI],
    [inf, 1, Math.PI / 2],
    [-inf, -inf, -3 * Math.PI / 4],
    [nan, 1, nan],
    [1, nan, nan],
  ],
  hypot: [[inf, nan, inf], [nan, -inf, inf], [nan, 1, nan], [0, -0, 0], [3, 4, 5]],
  rem: [[5, 3, 2], [-5, 3, -2], [5, -3, 2], [-0, 1, -0], [1, 0, nan], [inf, 1, nan], [1, inf, 1], [
    nan,
    1,
    nan,
  ]],
  min: [[0, -0, -0], [1, nan, nan], [nan, 1, nan], [1, 2, 1], [-inf, inf, -inf]],
  max: [[0, -0, 0], [1, nan, nan], [nan, 1, nan], [1, 2, 2], [-inf, inf, inf]],
};

Deno.test("math: special values of functions of two real numbers", () => {
  for (const [name, points] of Object.entries(SPECIAL_2)) {
    for (const type of ["f32", "f64"] as const) {
      const f = compiled(name, type, 2, false), round = type === "f32" ? Math.fround : (x: number) => x;
      for (const [x, y, want] of points) {
        const got = f(round(x), round(y)), text = `${name}(${x}, ${y}) in ${type} is ${got}, wanted ${want}`;
        if (Number.isInteger(want) || !Number.isFinite(want)) assert(Object.is(got, want), text);
        else assert(Math.abs(got - want) <= ulp(type, want), text);
      }
    }
  }
});

/** [re, im, wanted re, wanted im] as in C, Annex G. */
const SPECIAL_COMPLEX: Record<string, readonly (readonly [number, number, number, number])[]> = {
  sqrt: [
    [0, -0, 0, -0],
    [-0, 0, 0, 0],
    [-4, 0, 0, 2],
    [-4, -0, 0, -2],
    [nan, inf, inf, inf],
    [-inf, 1, 0, inf],
    [inf, -1, inf, -0],
    [-inf, nan, nan, inf],
    [inf, nan, inf, nan],
    [nan, 0, nan, nan],
  ],
  exp: [
    [0, -0, 1, -0],
    [-inf, inf, 0, 0],
    [-inf, nan, 0, 0],
    [inf, 0, inf, 0],
    [inf, inf, inf, nan],
    [inf, nan, inf, nan],
    [nan, 0, nan, 0],
    [nan, 1, nan, nan],
    [0, inf, nan, nan],
  ],
  log: [[-0, 0, -inf, Math.PI], [0, -0, -inf, -0], [inf, nan, inf, nan], [nan, inf, inf, nan], [1, 0, 0, 0]],
  sinh: [[0, inf, 0, nan], [inf, 0, inf, 0], [inf, inf, inf, nan], [nan, 0, nan, 0], [-0, -0, -0, -0], [
    0,
    nan,
    0,
    nan,
  ]],
  cosh: [[0, inf, nan, 0], [inf, 0, inf, 0], [inf, inf, inf, nan], [nan, 0, nan, 0], [0, 0, 1, 0]],
  tanh: [[inf, 1, 1, 0], [inf, inf, 1, 0], [inf, nan, 1, 0], [nan, 0, nan, 0], [0, inf, 0, nan], [
    1,
    inf,
    nan,
    nan,
  ]],
  asin: [[inf, inf, Math.PI / 4, inf], [0, nan, 0, nan], [inf, 1, Math.PI / 2, inf], [nan, 0, nan, nan]],
  acos: [[-inf, inf, 3 * Math.PI / 4, -inf], [0, nan, Math.PI / 2, nan], [nan, inf, nan, -inf], [
    1,
    inf,
    Math.PI / 2,
    -inf,
  ]],
  acosh: [[-inf, inf, inf, 3 * Math.PI / 4], [1, 0, 0, 0], [inf, nan, inf, nan]],
  asinh: [[inf, inf, inf, Math.PI / 4], [nan, 0, nan, 0], [1, inf, inf, Math.PI / 2], [-0, 0, -0, 0]],
  atanh: [[1, 0, inf, 0], [inf, 1, 0, Math.PI / 2], [nan, inf, 0, Math.PI / 2], [0, nan, 0, nan], [
    0,
    1,
    0,
    Math.PI / 4,
  ]],
  sign: [[0, 0, 0, 0], [3e38, 0, 1, 0], [0, -1e-38, 0, -1]],
};

Deno.test("math: special values of functions of a complex number", () => {
  for (const [name, points] of Object.entries(SPECIAL_COMPLEX)) {
    for (const type of ["f32", "f64"] as const) {
      const f = compiledComplex(name, type, 1), round = type === "f32" ? Math.fround : (x: number) => x;
      for (const [re, im, ...want] of points) {
        const got = f(round(re), round(im));
        want.forEach((w, k) => {
          const g = got[k]!, text = `${name}(${re}, ${im}) in ${type} is ${got}, wanted ${want}`;
          if (Number.isInteger(w) || !Number.isFinite(w)) assert(Object.is(g, w), text);
          else assert(Math.abs(g - w) <= ulp(type, w), text);
        });
      }
    }
  }
});

Deno.test("math: complex division neither over- nor underflows needlessly", () => {
  const divide = compiledComplex("div", "f64", 2);
  const big = 1e308, small = 1e-308;
  const cases: readonly (readonly [readonly number[], readonly number[]])[] = [
    [[big, big, big, big], [1, 0]],
    [[small, small, small, small], [1, 0]],
    [[big, big, 1, 1], [big, 0]],
    [[5e-324, 0, 5e-324, 0], [1, 0]],
    [[small, 0, big, 0], [0, 0]],
    [[1, 1, 0, 0], [inf, inf]],
    [[inf, 1, 2, 0], [inf, nan]],
    [[1, 1, inf, 0], [0, 0]],
    [[0, 0, 0, 0], [nan, nan]],
  ];
  for (const [args, want] of cases) {
    const got = divide(...args);
    want.forEach((w, k) => {
      const g = got[k]!;
      assert(
        Object.is(g + 0, w) || Math.abs(g - w) <= 4e-16 * Math.abs(w) || Number.isNaN(w),
        `${args}: ${got}`,
      );
    });
  }
  assertEquals(compiledComplex("abs", "f64", 1)(3e300, 4e300), [5e300]);
});

Deno.test("math: functions of reals reject complex numbers", () => {
  const v = variable(new Variable("f32", { mutable: true }));
  assertThrows(() => scalar.erf(new Pair(v, v)), TypeError, "scalar erf");
  assertThrows(() => scalar.lt(new Pair(v, v), v), TypeError, "scalar lt");
});
