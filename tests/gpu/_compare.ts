/**
 * Compares what a function gives on the GPU with what it gives on the CPU.
 */
import { devicePut, jit, tree } from "../../mod.ts";
import { deviceGet, numpy as np } from "../../mod.ts";
import type { ConcreteArray } from "../../core/concrete.ts";
import type { JaxArray } from "../../core/array.ts";
import { type Scalar, scalarAt } from "../../core/host.ts";

// deno-lint-ignore no-explicit-any -- functions of arrays take them in their own ways
export type Fn = (...args: any[]) => unknown;

/** How near results must be: |gpu - cpu| <= tolerance · (1 + |cpu|); 0: exactly. */
export interface CompareOptions {
  readonly tolerance?: number;
  /** Units in the last place of the result's dtype, instead of a tolerance. */
  readonly ulps?: number;
}

/** A deterministic float32 array of numbers in (-3, 3). */
export function wave(shape: readonly number[], phase = 1): JaxArray {
  const size = shape.reduce((a, b) => a * b, 1);
  return np.array(Float32Array.from({ length: size }, (_, i) => Math.sin(i * 1.7 + phase) * 3)).reshape(
    shape,
  );
}

function distance(a: number, b: number, unit: (x: number) => number): number {
  if (Object.is(a, b) || a === b) return 0;
  if (!Number.isFinite(a) || !Number.isFinite(b)) return Infinity;
  return Math.abs(a - b) / unit(b);
}

/** One unit in the last place of a float dtype. */
function ulpOf(name: string): (x: number) => number {
  const [bits, least] = name === "float16" ? [10, -14] : name === "bfloat16" ? [7, -126] : [23, -126];
  return (x) => 2 ** (Math.max(Math.floor(Math.log2(Math.abs(x) || 2 ** -149)), least) - bits);
}

function difference(got: Scalar, want: Scalar, unit: (x: number) => number): number {
  if (typeof want === "object") {
    const z = got as typeof want;
    return Math.max(distance(z.re, want.re, unit), distance(z.im, want.im, unit));
  }
  if (typeof want === "number" && typeof got === "number") return distance(got, want, unit);
  return got === want ? 0 : Infinity;
}

/** Runs a jitted function on both devices; throws where they differ. */
export async function compare(
  name: string,
  f: Fn,
  args: readonly unknown[],
  { tolerance = 1e-5, ulps }: CompareOptions = {},
): Promise<void> {
  const jitted = jit(f as Fn);
  const want = tree.leaves(jitted(...args)) as ConcreteArray[];
  const onGpu = args.map((x) => devicePut(x, "gpu"));
  const got = tree.leaves(await deviceGet(jitted(...onGpu))) as ConcreteArray[];
  want.forEach((w, k) => {
    const g = got[k]!, { dtype } = w;
    if (String(w.aval) !== String(g.aval)) {
      throw new Error(`${name}: ${g.aval} on the GPU, ${w.aval} on the CPU`);
    }
    const isFloat = dtype.kind === "float" || dtype.kind === "complex";
    const unit = !isFloat
      ? () => 0
      : ulps !== undefined
      ? ulpOf(dtype.name)
      : (x: number) => tolerance === 0 ? 0 : tolerance * (1 + Math.abs(x));
    const a = g.dataSync(), b = w.dataSync();
    const isKey = dtype.kind === "key", count = isKey ? b.length : w.size;
    for (let i = 0; i < count; i++) {
      const [p, q] = isKey ? [a[i]!, b[i]!] : [scalarAt(a, dtype, i), scalarAt(b, dtype, i)];
      if (!(difference(p, q, unit) <= (ulps ?? 1))) {
        throw new Error(
          `${name}: element ${i} of result ${k}, ${w.aval}: ${JSON.stringify(p)} on the GPU, ${
            JSON.stringify(q)
          } on the CPU (${p}, ${q})`,
        );
      }
    }
  });
}
