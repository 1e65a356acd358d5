/**
 * The harness of the tests of operations: a table of rows drives every check.
 *
 * A row names an operation, gives its operands on the host, and says what to compare with. For each row `testRows`
 * registers one test that checks
 *
 * 1. the result against `expected`: nested arrays, or a function of the elements (operands spread as the operation
 *    spreads them), within `rtol` and `atol` (0: exactly);
 * 2. jit against eager;
 * 3. JVP against central differences, in 64-bit types (operands are widened);
 * 4. VJP against JVP: ⟨ct, J t⟩ = ⟨Jᵀ ct, t⟩, by JAX's pairing without conjugation;
 * 5. second order: forward over forward against differences, forward over reverse and reverse over reverse against that;
 * 6. vmap against a loop: every operand mapped at its first and last axis, each alone mapped, mixed axes.
 *
 *     testRows("arithmetic", [
 *       { name: "mul", f: lax.mul, operands: [random([2, 3]), random([2, 3], { seed: 1 })], expected: (x, y) => x * y },
 *       { name: "floor", f: lax.floor, operands: [array([0.5, -0.5])], expected: [0, -1], order: 0 },
 *     ]);
 *
 * Operands are made by `array(nested, dtype)` and `random(shape, { dtype, seed, low, high })`, which is deterministic.
 * `f` takes arrays (or tracers) and returns an array or a list of arrays; it must not fix a dtype where derivatives are
 * checked. `order` is 2 by default; 1 leaves out second order, 0 all derivatives (also left out when no operand is
 * inexact). `argnums` limits which operands are differentiated. `vmap: false` and `jit: false` leave those checks out,
 * which a row must justify with a comment. `steps` overrides the step of the differences.
 */
import "./_setup.ts";
import { JaxArray } from "../../core/array.ts";
import { type ConcreteArray, fromHost } from "../../core/concrete.ts";
import { withConfig } from "../../core/config.ts";
import { jvp, vjp } from "../../core/differentiate.ts";
import { asDType, type DType, type DTypeName, isInexact, wordsPerElement } from "../../core/dtypes.ts";
import {
  allocate,
  type Nested,
  parseArray,
  type Scalar,
  scalarAt,
  setScalar,
  toNested,
} from "../../core/host.ts";
import { jit } from "../../core/jit.ts";
import { vmap } from "../../core/vmap.ts";
import { assertAllClose, assertArrayEquals, assertEquals } from "../assert.ts";

/** An operand on the host. */
export interface Operand {
  readonly dtype: DTypeName;
  readonly shape: readonly number[];
  readonly data: readonly Scalar[];
}

/** One operation with operands, and what is checked of it. */
export interface Row {
  readonly name: string;
  // deno-lint-ignore no-explicit-any -- operations take arrays in their own ways
  readonly f: (...xs: any[]) => JaxArray | readonly JaxArray[];
  readonly operands: readonly Operand[];
  /** Results (a list of them for several outputs), or the element of the result from elements of the operands. */
  // deno-lint-ignore no-explicit-any -- scalars of any kind
  readonly expected?: unknown | ((...xs: any[]) => Scalar);
  /** The dtype the result must have. */
  readonly dtype?: DTypeName;
  readonly rtol?: number;
  readonly atol?: number;
  readonly order?: 0 | 1 | 2;
  readonly argnums?: readonly number[];
  readonly vmap?: boolean;
  readonly jit?: boolean;
  /** Step of the central differences. */
  readonly step?: number;
  /** Tolerance of derivatives against differences. */
  readonly derivativeTolerance?: number;
}

/** An operand of given elements. */
export function array(nested: Nested, dtype: DTypeName = "float32"): Operand {
  return withConfig({ jax_enable_x64: true }, () => {
    const { shape, data } = parseArray(nested, asDType(dtype));
    const size = shape.reduce((a, b) => a * b, 1);
    return { dtype, shape, data: Array.from({ length: size }, (_, i) => scalarAt(data, asDType(dtype), i)) };
  });
}

/** How random operands are drawn. */
export interface RandomOptions {
  readonly dtype?: DTypeName;
  readonly seed?: number;
  readonly low?: number;
  readonly high?: number;
}

/** A deterministic operand, uniform in [low, high), rounded to three decimals (integers: to integers). */
export function random(shape: readonly number[], options: RandomOptions = {}): Operand {
  const { dtype = "float32", seed = 0, low = -2, high = 2 } = options;
  const next = generator(seed);
  const { kind } = asDType(dtype);
  const real = (): number => low + (high - low) * next();
  const draw = (): Scalar => {
    if (kind === "bool") return next() < 0.5;
    if (kind === "int" || kind === "uint") {
      const whole = Math.floor(real());
      return dtype.endsWith("64") ? BigInt(whole) : whole;
    }
    const rounded = (): number => Math.round(real() * 1000) / 1000;
    return kind === "complex" ? { re: rounded(), im: rounded() } : rounded();
  };
  const size = shape.reduce((a, b) => a * b, 1);
  return { dtype, shape, data: Array.from({ length: size }, draw) };
}

/** Uniform numbers in [0, 1): the generator mulberry32. */
function generator(seed: number): () => number {
  let state = (seed + 1) * 0x9e3779b9 | 0;
  return () => {
    state = state + 0x6d2b79f5 | 0;
    let t = Math.imul(state ^ state >>> 15, state | 1);
    t = t + Math.imul(t ^ t >>> 7, t | 61) ^ t;
    return ((t ^ t >>> 14) >>> 0) / 2 ** 32;
  };
}

/** An operand as a concrete array. */
export function toArray({ dtype, shape, data }: Operand): JaxArray {
  const type = asDType(dtype), flat = allocate(type, data.length);
  data.forEach((x, i) => setScalar(flat, type, i, x));
  return fromHost({ shape: [...shape], dtype: type, weakType: false, data: flat });
}

/** The elements of an array, flat. */
export function elements(x: JaxArray): Scalar[] {
  const data = (x as ConcreteArray).dataSync();
  if (wordsPerElement(x.dtype) === 0) return new Array(x.size).fill(0);
  return Array.from({ length: x.size }, (_, i) => scalarAt(data, x.dtype, i));
}

/** The elements of an array, nested. */
export function nested(x: JaxArray): Nested {
  return toNested((x as ConcreteArray).dataSync(), x.shape, x.dtype);
}

/** Registers a test for each row. */
export function testRows(family: string, rows: readonly Row[]): void {
  for (const row of rows) Deno.test(`${family}: ${row.name}`, () => checkRow(row));
}

/** Runs every check of a row. */
export function checkRow(row: Row): void {
  const xs = row.operands.map(toArray), f = listed(row);
  const outs = f(...xs);
  checkExpected(row, outs);
  if (row.jit !== false) {
    const jitted = (jit(f) as typeof f)(...xs);
    outs.forEach((out, i) => {
      assertEquals(jitted[i]!.aval.toString(), out.aval.toString(), `${row.name}: type under jit`);
      close(`${row.name}: jit against eager`, jitted[i]!, out, 1e-6, 1e-7);
    });
  }
  if (row.vmap !== false) checkVmap(row, f);
  if ((row.order ?? 2) > 0) withConfig({ jax_enable_x64: true }, () => checkDerivatives(row, f));
}

type ListFunction = (...xs: JaxArray[]) => JaxArray[];

function listed(row: Row): ListFunction {
  return (...xs) => {
    const out = row.f(...xs);
    return out instanceof JaxArray ? [out] : [...out];
  };
}

function close(what: string, got: JaxArray, want: JaxArray, rtol: number, atol: number): void {
  try {
    assertEquals(got.shape, want.shape);
    if (isInexact(want.dtype)) assertAllClose(elements(got), elements(want), { rtol, atol });
    else assertArrayEquals(elements(got), elements(want));
  } catch (error) {
    (error as Error).message = `${what}: ${(error as Error).message}`;
    throw error;
  }
}

function checkExpected(row: Row, outs: readonly JaxArray[]): void {
  const { expected, name } = row;
  if (row.dtype !== undefined) assertEquals(outs[0]!.dtype.name, row.dtype, `${name}: dtype`);
  if (expected === undefined) return;
  const wants: readonly unknown[] = typeof expected === "function"
    ? [spread(row, outs[0]!.shape, expected as (...xs: Scalar[]) => Scalar)]
    : outs.length > 1
    ? expected as unknown[]
    : [expected];
  outs.forEach((out, i) => {
    const want = wants[i], got = typeof expected === "function" ? elements(out) : nested(out);
    const float = isInexact(out.dtype);
    const tolerance = { rtol: row.rtol ?? (float ? 2e-6 : 0), atol: row.atol ?? (float ? 1e-7 : 0) };
    try {
      if (tolerance.rtol === 0 && tolerance.atol === 0) assertArrayEquals(got, want);
      else assertAllClose(got, want, tolerance);
    } catch (error) {
      (error as Error).message = `${name}: result against expected: ${(error as Error).message}`;
      throw error;
    }
  });
}

/** The expected elements of an elementwise operation: rank-0 and size-1 operands are spread. */
function spread(row: Row, shape: readonly number[], f: (...xs: Scalar[]) => Scalar): Scalar[] {
  const size = shape.reduce((a, b) => a * b, 1);
  return Array.from({ length: size }, (_, flat) => {
    const at: number[] = [];
    for (let k = shape.length - 1, rest = flat; k >= 0; k--) {
      at[k] = rest % shape[k]!;
      rest = Math.floor(rest / shape[k]!);
    }
    return f(...row.operands.map(({ shape: s, data }) => {
      const offset = s.reduce((sum, n, k) => sum * n + (n === 1 ? 0 : at[k]!), 0);
      return data[s.length === 0 ? 0 : offset]!;
    }));
  });
}

/** Copies of an operand with other elements, as a batch: `at` is the mapped axis, null a single copy. */
function batchOf(operand: Operand, size: number, at: number | null): { whole: Operand; parts: Operand[] } {
  if (at === null) return { whole: operand, parts: new Array(size).fill(operand) };
  // Rotated elements stay in the operation's domain.
  const parts = Array.from({ length: size }, (_, b): Operand => {
    const n = operand.data.length;
    return { ...operand, data: operand.data.map((_, i) => operand.data[(i + b) % n]!) };
  });
  const { shape } = operand;
  const inner = shape.slice(at).reduce((a, b) => a * b, 1),
    outer = shape.slice(0, at).reduce((a, b) => a * b, 1);
  const data: Scalar[] = [];
  for (let o = 0; o < outer; o++) {
    for (const part of parts) data.push(...part.data.slice(o * inner, (o + 1) * inner));
  }
  return { whole: { ...operand, shape: [...shape.slice(0, at), size, ...shape.slice(at)], data }, parts };
}

/** The axes to map: all first, all last, each alone, and first and last in turn. */
function axesVariants(operands: readonly Operand[]): (number | null)[][] {
  const last = operands.map((x) => x.shape.length), n = operands.length;
  const variants: (number | null)[][] = [last.map(() => 0), last];
  if (n > 1) {
    for (let i = 0; i < n; i++) variants.push(last.map((_, k) => k === i ? 0 : null));
    variants.push(last.map((l, k) => k % 2 === 0 ? 0 : l), last.map((l, k) => k % 2 === 0 ? l : null));
  }
  const seen = new Set<string>();
  return variants.filter((v) => !seen.has(v.join()) && seen.add(v.join()));
}

function checkVmap(row: Row, f: ListFunction): void {
  const size = 3;
  for (const axes of axesVariants(row.operands)) {
    const batches = row.operands.map((x, i) => batchOf(x, size, axes[i]!));
    const batched = (vmap(f as never, { inAxes: axes }) as unknown as ListFunction)(
      ...batches.map((b) => toArray(b.whole)),
    );
    for (let b = 0; b < size; b++) {
      const single = f(...batches.map((x) => toArray(x.parts[b]!)));
      single.forEach((want, i) => {
        const got = elements(batched[i]!).slice(b * want.size, (b + 1) * want.size);
        const what = `${row.name}: vmap over [${axes.map((a) => a ?? "null").join(", ")}], element ${b}`;
        assertEquals(batched[i]!.shape, [size, ...want.shape], what);
        try {
          if (isInexact(want.dtype)) assertAllClose(got, elements(want), { rtol: 1e-6, atol: 1e-7 });
          else assertArrayEquals(got, elements(want));
        } catch (error) {
          (error as Error).message = `${what}: ${(error as Error).message}`;
          throw error;
        }
      });
    }
  }
}

/** The 64-bit dtype of the same kind, for inexact dtypes. */
function widen(operand: Operand): Operand {
  const { kind } = asDType(operand.dtype);
  return kind === "float"
    ? { ...operand, dtype: "float64" }
    : kind === "complex"
    ? { ...operand, dtype: "complex128" }
    : operand;
}

/** Re Σ x y, the pairing under which JAX's transposes are taken. */
function pairing(xs: readonly JaxArray[], ys: readonly JaxArray[]): number {
  let sum = 0;
  xs.forEach((x, i) => {
    const a = elements(x), b = elements(ys[i]!);
    a.forEach((p, k) => {
      const q = b[k]!;
      if (typeof p === "object" && typeof q === "object") sum += p.re * q.re - p.im * q.im;
      else sum += Number(p) * Number(q);
    });
  });
  return sum;
}

function near(what: string, got: number, want: number, tolerance: number): void {
  if (Math.abs(got - want) <= tolerance * (1 + Math.abs(want)) || Number.isNaN(got) && Number.isNaN(want)) {
    return;
  }
  throw new Error(`${what}: got ${got}, wanted ${want}`);
}

function checkDerivatives(row: Row, f: ListFunction): void {
  const operands = row.operands.map(widen);
  const argnums = (row.argnums ?? operands.map((_, i) => i)).filter((i) =>
    isInexact(asDType(operands[i]!.dtype))
  );
  if (argnums.length === 0) return;
  const xs = operands.map(toArray);
  const outs = f(...xs), inexact = outs.map((y) => isInexact(y.dtype));
  if (!inexact.some(Boolean)) return;
  const inexactOnly = (ys: readonly JaxArray[]): JaxArray[] => ys.filter((_, i) => inexact[i]);
  /** The operation as a function of the differentiated operands alone. */
  const g: ListFunction = (...zs) =>
    inexactOnly(f(...xs.map((x, i) => argnums.includes(i) ? zs[argnums.indexOf(i)]! : x)));
  const points = argnums.map((i) => operands[i]!);
  const direction = (seed: number): Operand[] =>
    points.map(({ shape, dtype }, i) => random(shape, { dtype, seed: seed + i, low: -1, high: 1 }));
  const t = direction(10), u = direction(20);
  const cts = inexactOnly(outs).map((y, i) =>
    toArray(random(y.shape, { dtype: y.dtype.name as DTypeName, seed: 30 + i, low: -1, high: 1 }))
  );
  const at = points.map(toArray), ta = t.map(toArray), ua = u.map(toArray);
  const tolerance = row.derivativeTolerance ?? 1e-6, step = row.step ?? 1e-5;

  const push = jit((zs: JaxArray[], vs: JaxArray[]) =>
    jvp(g as never, zs as never, vs as never) as unknown
  ) as (
    zs: JaxArray[],
    vs: JaxArray[],
  ) => [JaxArray[], JaxArray[]];
  const pull = jit((zs: JaxArray[], cs: JaxArray[]) => {
    const [, transposed] = vjp(g as never, ...zs) as unknown as [unknown, (ct: unknown) => JaxArray[]];
    return transposed(cs);
  }) as (zs: JaxArray[], cs: JaxArray[]) => JaxArray[];
  const moved = (along: readonly Operand[], h: number): JaxArray[] =>
    points.map((x, i) => toArray({ ...x, data: x.data.map((a, k) => shift(a, along[i]!.data[k]!, h)) }));
  const slope = (along: readonly Operand[], value: (zs: JaxArray[]) => number): number =>
    (value(moved(along, step)) - value(moved(along, -step))) / (2 * step);

  // All checks are of numbers: the pairing with a fixed cotangent.
  const [primal, tangents] = push(at, ta);
  primal.forEach((y, i) => close(`${row.name}: primal of jvp`, y, inexactOnly(outs)[i]!, 1e-12, 1e-14));
  const forward = pairing(cts, tangents);
  near(`${row.name}: JVP against differences`, forward, slope(t, (zs) => pairing(cts, g(...zs))), tolerance);
  near(`${row.name}: VJP against JVP`, pairing(pull(at, cts), ta), forward, 1e-10);
  if ((row.order ?? 2) < 2) return;

  const second = (zs: JaxArray[], vs: JaxArray[], ws: JaxArray[]): JaxArray[] => {
    const inner = (...ps: JaxArray[]): JaxArray[] =>
      (jvp(g as never, ps as never, vs as never) as unknown as [JaxArray[], JaxArray[]])[1];
    return (jvp(inner as never, zs as never, ws as never) as unknown as [JaxArray[], JaxArray[]])[1];
  };
  const forwardForward = pairing(cts, (jit(second) as typeof second)(at, ta, ua));
  const differences = slope(u, (zs) => pairing(cts, push(zs, ta)[1]));
  near(`${row.name}: second order against differences`, forwardForward, differences, tolerance);

  const back = (...ps: JaxArray[]): JaxArray[] => {
    const [, transposed] = vjp(g as never, ...ps) as unknown as [unknown, (ct: unknown) => JaxArray[]];
    return transposed(cts);
  };
  const over = (zs: JaxArray[], ws: JaxArray[]): JaxArray[] =>
    (jvp(back as never, zs as never, ws as never) as unknown as [JaxArray[], JaxArray[]])[1];
  near(
    `${row.name}: forward over reverse`,
    pairing((jit(over) as typeof over)(at, ua), ta),
    forwardForward,
    1e-9,
  );
  const twice = (zs: JaxArray[], vs: JaxArray[]): JaxArray[] => {
    const [, transposed] = vjp(back as never, ...zs) as unknown as [unknown, (ct: unknown) => JaxArray[]];
    return transposed(vs);
  };
  near(
    `${row.name}: reverse over reverse`,
    pairing((jit(twice) as typeof twice)(at, ta), ua),
    forwardForward,
    1e-9,
  );
}

function shift(x: Scalar, t: Scalar, h: number): Scalar {
  if (typeof x === "object" && typeof t === "object") return { re: x.re + h * t.re, im: x.im + h * t.im };
  return Number(x) + h * Number(t);
}

export type { DType };
