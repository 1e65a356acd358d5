import { assertAllClose } from "../assert.ts";
import type { JaxArray } from "../../core/array.ts";
import { shaped } from "../../core/avals.ts";
import { float32, int32 } from "../../core/dtypes.ts";
import { ClosedJaxpr, constantsToInputs, Jaxpr } from "../../core/jaxpr.ts";
import { P } from "../../core/prims.ts";
import * as raw from "../../core/raw.ts";
import { stage } from "../../core/staging.ts";
import { bind, bind1 } from "../../core/trace.ts";
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

/** A random body of a loop: new carries, all 3 by 3, from the old ones and a row. */
function randomBody(seed: number, carries: readonly JaxArray[], row: JaxArray): JaxArray[] {
  const random = generator(seed), values = [...carries, raw.broadcastInDim(row, [3, 3], [1])];
  const below = (n: number): number => Math.floor(random() * n);
  const pick = (): JaxArray => values[below(values.length)]!;
  const steps = 1 + below(8);
  for (let s = 0; s < steps; s++) {
    const x = pick();
    switch (below(6)) {
      case 0:
        values.push(raw.sin(x));
        break;
      case 1:
        values.push(raw.mul(raw.add(x, pick()), 0.4));
        break;
      case 2:
        values.push(raw.transpose(x, [1, 0]));
        break;
      case 3:
        values.push(raw.mul(raw.broadcastInDim(raw.reduceSum(x, [0]), [3, 3], [0]), 0.25));
        break;
      case 4: {
        const at = [0, 1].map(() => raw.scalar(below(3), int32));
        values.push(bind1(P.dynamic_update_slice, [x, raw.slice(pick(), [0, 0], [1, 2]), ...at], {}));
        break;
      }
      case 5:
        values.push(raw.reshape(raw.slice(raw.reshape(x, [9]), [0], [9]), [3, 3]));
    }
  }
  return [...carries, row].map((_, i) => i < carries.length ? pick() : raw.reduceSum(pick(), [below(2)]));
}

Deno.test("random loops give what they give unrolled", () => {
  for (let seed = 1; seed <= 60; seed++) {
    const n = 1 + seed % 3, square = shaped([3, 3], float32);
    const { jaxpr, consts } = stage(
      (...args) => randomBody(seed, args.slice(0, n), args[n]!),
      [...Array.from({ length: n }, () => square), shaped([3], float32)],
    );
    const body = new ClosedJaxpr(jaxpr, consts), length = 4, reverse = seed % 2 === 0;
    const loop = (...args: JaxArray[]): readonly JaxArray[] =>
      bind(P.scan, args, {
        jaxpr: body,
        length,
        reverse,
        unroll: 1,
        numConsts: 0,
        numCarry: n,
        linear: args.map(() => false),
      });
    const unrolled = (...args: JaxArray[]): JaxArray[] => {
      let carries = args.slice(0, n);
      const rows: JaxArray[] = [];
      for (let i = 0; i < length; i++) {
        const at = reverse ? length - 1 - i : i;
        const row = raw.reshape(raw.slice(args[n]!, [at, 0], [at + 1, 3]), [3]);
        const outs = randomBody(seed, carries, row);
        carries = outs.slice(0, n);
        rows[at] = raw.reshape(outs[n]!, [1, 3]);
      }
      return [...carries, bind1(P.concatenate, rows, { dimension: 0 })];
    };
    const args = [
      ...Array.from({ length: n }, (_, k) => f32([3, 3], (i) => Math.sin(i * 1.7 + k + seed))),
      f32([length, 3], (i) => Math.cos(i + seed)),
    ];
    // Also with the loop inside another, whose iterations start from what the last one left.
    const outer = stage((...xs) => [...loop(...xs).slice(0, n)], args.map((a) => a.aval));
    const twice = (...xs: JaxArray[]): readonly JaxArray[] => {
      const inner = new ClosedJaxpr(constantsToInputs(outer.jaxpr));
      const again = stage((...ys) => bind(P.jit, ys, { name: "f", jaxpr: inner }), [
        ...args.map((a) => a.aval),
      ]);
      const order = [n, ...Array.from({ length: n }, (_, k) => k)];
      const { jaxpr: j } = again;
      const shuffled = new ClosedJaxpr(new Jaxpr([], order.map((k) => j.invars[k]!), j.eqns, j.outvars));
      return bind(P.scan, [xs[n]!, ...xs.slice(0, n)], {
        jaxpr: shuffled,
        length: 2,
        reverse: false,
        unroll: 1,
        numConsts: 1,
        numCarry: n,
        linear: xs.map(() => false),
      });
    };
    const twiceUnrolled = (...xs: JaxArray[]): JaxArray[] => {
      let carries = xs.slice(0, n);
      for (let i = 0; i < 2; i++) carries = unrolled(...carries, xs[n]!).slice(0, n);
      return carries;
    };
    for (const [f, g] of [[loop, unrolled], [twice, twiceUnrolled]] as const) {
      const got = run(f, ...args), want = runUnfused(g, ...args);
      got.forEach((o, i) => {
        assertAllClose(o as Float32Array, want[i] as Float32Array, { rtol: 1e-4, atol: 1e-4 });
      });
    }
  }
});
