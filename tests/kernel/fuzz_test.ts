import { assertAllClose } from "../assert.ts";
import type { JaxArray } from "../../core/array.ts";
import { float32 } from "../../core/dtypes.ts";
import { P } from "../../core/prims.ts";
import * as raw from "../../core/raw.ts";
import { bind1 } from "../../core/trace.ts";
import { f32, run, runUnfused } from "./programs.ts";

/** A small generator of numbers in [0, 1). */
function generator(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = Math.imul(state, 1664525) + 1013904223 >>> 0;
    return state / 2 ** 32;
  };
}

/** A random program: each step applies an operation to values made before. */
function randomProgram(seed: number, inputs: readonly JaxArray[]): JaxArray[] {
  const random = generator(seed), values = [...inputs];
  const below = (n: number): number => Math.floor(random() * n);
  const pick = (): JaxArray => values[below(values.length)]!;
  const steps = 4 + below(14);
  for (let s = 0; s < steps; s++) {
    const x = pick(), { shape, ndim } = x;
    if (x.size > 5000) continue;
    switch (below(12)) {
      case 0:
        values.push(raw.sin(x));
        break;
      case 1:
        values.push(raw.mul(x, 0.5));
        break;
      case 2:
      case 3: {
        const same = values.filter((v) => v.shape.join() === shape.join());
        values.push(raw.add(x, same[below(same.length)]!));
        break;
      }
      case 4: {
        const order = shape.map((_, k) => k).sort(() => random() - 0.5);
        values.push(raw.transpose(x, order));
        break;
      }
      case 5:
        values.push(raw.reshape(x, ndim === 1 && shape[0]! % 2 === 0 ? [2, shape[0]! / 2] : [x.size]));
        break;
      case 6:
        if (ndim > 0) values.push(raw.reduceSum(x, [below(ndim)]));
        break;
      case 7:
        if (ndim > 0) values.push(raw.reduceMax(x, shape.map((_, k) => k).filter(() => random() < 0.5)));
        break;
      case 8: {
        const at = below(ndim + 1), target = [...shape.slice(0, at), 2 + below(3), ...shape.slice(at)];
        if (ndim < 4) values.push(raw.broadcastInDim(x, target, shape.map((_, k) => k < at ? k : k + 1)));
        break;
      }
      case 9: {
        const start = shape.map((n) => below(n)), step = shape.map(() => 1 + below(2));
        values.push(raw.slice(x, start, shape.map((n, k) => start[k]! + 1 + below(n - start[k]!)), step));
        break;
      }
      case 10: {
        const same = values.filter((v) => v.shape.join() === shape.join());
        if (ndim > 0) {
          const other = same[below(same.length)]!;
          values.push(
            bind1(P.concatenate, [x, raw.exp(raw.neg(raw.mul(other, other)))], { dimension: below(ndim) }),
          );
        }
        break;
      }
      case 11:
        values.push(
          raw.pad(x, raw.scalar(1, float32), shape.map(() => [below(3), below(2), below(2)] as const)),
        );
    }
  }
  const made = values.slice(inputs.length);
  const outs = made.filter((_, i) => i === made.length - 1 || random() < 0.25);
  return outs.length ? outs : [inputs[0]!];
}

Deno.test("random programs give what they give equation by equation", () => {
  for (let seed = 1; seed <= 300; seed++) {
    const x = f32([4, 6], (i) => Math.sin(i * 1.3 + seed)), y = f32([64], (i) => Math.cos(i * 0.9 - seed));
    const fn = (a: JaxArray, b: JaxArray): JaxArray[] => randomProgram(seed, [a, b]);
    const got = run((a, b) => fn(a!, b!), x, y), want = runUnfused((a, b) => fn(a!, b!), x, y);
    got.forEach((g, i) => {
      assertAllClose(g as Float32Array, want[i] as Float32Array, { rtol: 1e-4, atol: 1e-4 });
    });
  }
});
