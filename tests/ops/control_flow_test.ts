import type { JaxArray } from "../../core/array.ts";
import { checkpoint, checkpointPolicies } from "../../core/checkpoint.ts";
import { grad } from "../../core/grad.ts";
import { vmap } from "../../core/vmap.ts";
import * as lax from "../../lax/mod.ts";
import * as raw from "../../core/raw.ts";
import { assertAllClose, assertEquals, assertThrows } from "../assert.ts";
import { array, nested, random, type Row, testRows, toArray } from "./_harness.ts";

const sum = (x: JaxArray): JaxArray => lax.reduceSum(x, x.shape.map((_, i) => i));
const xs = random([4]), m = random([3, 4], { low: -1, high: 1 });

const rows: Row[] = [
  {
    name: "cond on a sum",
    f: (x) => lax.cond(raw.gt(sum(x), 0), (x: JaxArray) => raw.sin(x), (x: JaxArray) => raw.mul(x, x), x),
    operands: [xs],
  },
  {
    name: "switch on a number",
    f: (x) => lax.switch(1, [(x: JaxArray) => x, (x: JaxArray) => raw.mul(raw.mul(x, x), x)], x),
    operands: [xs],
  },
  {
    name: "scan with carry, results and a captured value",
    f: (x, w) =>
      lax.scan(
        (c: JaxArray, x: JaxArray) => [raw.tanh(raw.add(raw.mul(c, sum(w)), x)), raw.mul(c, x)],
        sum(x),
        x,
      )[1],
    operands: [xs, random([2], { seed: 3 })],
  },
  {
    name: "scan in reverse over a matrix",
    f: (m) =>
      lax.scan((c: JaxArray, r: JaxArray) => [raw.add(raw.sin(c), r), sum(r)], raw.mul(m.get(0), 0.5), m, {
        reverse: true,
      })[0],
    operands: [m],
  },
  {
    name: "foriLoop with known bounds",
    f: (x) => lax.foriLoop(0, 3, (_: JaxArray, c: JaxArray) => raw.add(raw.sin(c), x), x),
    operands: [xs],
  },
  {
    name: "map",
    f: (m) => lax.map((r: JaxArray) => raw.mul(r, sum(r)), m),
    operands: [m],
  },
  {
    name: "associativeScan of products",
    f: (x) => lax.associativeScan((a: JaxArray, b: JaxArray) => raw.mul(a, b), x),
    operands: [array([0.5, -1.5, 2, 0.75, 1.25])],
  },
  {
    name: "a scan of a cond of a scan",
    f: (m) =>
      lax.scan(
        (c: JaxArray, r: JaxArray) => {
          const inner = (r: JaxArray): JaxArray =>
            lax.scan((d: JaxArray, x: JaxArray) => [raw.sin(raw.mul(d, x)), null], c, r)[0];
          return [lax.cond(raw.gt(sum(r), 0.1), inner, (r: JaxArray) => raw.mul(sum(r), c), r), c];
        },
        raw.add(sum(m), 1),
        m,
      )[1],
    operands: [m],
  },
  {
    name: "checkpoint",
    f: checkpoint((x: JaxArray) => raw.sin(raw.sin(raw.mul(x, x)))),
    operands: [xs],
  },
  {
    name: "checkpoint that saves everything",
    f: checkpoint((x: JaxArray) => raw.sin(raw.sin(raw.mul(x, x))), {
      policy: checkpointPolicies.everythingSaveable,
    }),
    operands: [xs],
  },
  {
    name: "customLinearSolve",
    f: (a, b) =>
      lax.customLinearSolve(
        (x: JaxArray) => raw.mul(raw.add(raw.square(a), 1), x),
        b,
        (_: unknown, b: JaxArray) => raw.div(b, raw.add(raw.square(a), 1)),
        { symmetric: true },
      ),
    operands: [random([3]), random([3], { seed: 1 })],
  },
];
testRows("control flow", rows);

// A while loop has no reverse mode.
Deno.test("whileLoop: forward derivatives, vmap over the number of steps, and the error of reverse mode", () => {
  const root = (x: JaxArray): JaxArray =>
    lax.whileLoop(
      (s: JaxArray) => raw.gt(raw.abs(raw.sub(raw.mul(s, s), x)), 1e-4),
      (s: JaxArray) => raw.mul(raw.add(s, raw.div(x, s)), 0.5),
      x,
    );
  assertAllClose(nested(vmap(root)(toArray(array([4, 9, 2])))), [2, 3, Math.SQRT2], { rtol: 1e-4 });
  assertThrows(
    () => grad(root)(toArray(array(4))),
    RangeError,
    "Reverse-mode differentiation does not work for lax.while_loop",
  );
});

Deno.test("cond under vmap of the predicate: the branch not taken does not poison derivatives", () => {
  const f = (x: JaxArray): JaxArray =>
    lax.cond(raw.gt(x, 0), (x: JaxArray) => raw.sqrt(x), (x: JaxArray) => raw.mul(x, 2), x);
  const g = vmap(grad(f))(toArray(array([4, -1, 0])));
  assertEquals(nested(g), [0.25, 2, 2]);
});

Deno.test("switch clamps its index", () => {
  const pick = (i: number) => lax.switch(i, [() => 10, () => 20, () => 30]).item();
  assertEquals([-3, 0, 2, 9].map(pick), [10, 10, 30, 30]);
});

Deno.test("scan says which part of the carry changes", () => {
  const bad = () =>
    lax.scan(
      (c: JaxArray[]) => [[c[0], raw.add(raw.convert(c[1]!, c[0]!.dtype), c[0]!)], null],
      [toArray(array([1, 2])), toArray(array(1, "int32"))],
      null,
      { length: 2 },
    );
  assertThrows(bad, TypeError, "carry[1] has type int32[]");
});

Deno.test("branches must agree", () => {
  const bad = () => lax.cond(true, (x: JaxArray) => x, (x: JaxArray) => raw.reshape(x, [2, 2]), toArray(xs));
  assertThrows(bad, TypeError, "identical types");
});
