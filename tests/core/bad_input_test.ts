/** What transformations say to mistakes. */
import { config, debugNans, grad, jit, lax, numpy as np, vmap, withConfig } from "../../mod.ts";
import { assert, assertEquals, assertThrows } from "../assert.ts";

/** The error of a call. */
function failure(f: () => unknown): Error {
  try {
    f();
  } catch (error) {
    return error as Error;
  }
  throw new Error("the call gave a result");
}

Deno.test("an async function is no function to transform", () => {
  const slow = async (x: np.Array) => await x;
  assertThrows(() => grad(slow), TypeError, "async function");
  assertThrows(() => jit(slow), TypeError, "async function");
  assertThrows(() => vmap(slow), TypeError, "async function");
  const promising = (x: np.Array) => Promise.resolve(x);
  assertThrows(() => jit(promising)(np.float32(1)), TypeError, "Promise");
});

Deno.test("unknown options name the nearest known one", () => {
  assertThrows(() => jit((x: np.Array) => x, { staticArgnum: 0 } as never), TypeError, "staticArgnums");
  assertThrows(() => np.sum(np.ones([2]), { axes: 0 } as never), TypeError, "axis");
  assertThrows(() => config.update("jax_enable_x46" as never, true as never), Error, "jax_enable_x64");
});

Deno.test("a leaked tracer is found out", () => {
  const kept: np.Array[] = [];
  jit((x: np.Array) => {
    kept.push(x.mul(2));
    return x;
  })(np.float32(1));
  assertEquals(failure(() => kept[0]!.add(1)).name, "UnexpectedTracerError");
});

Deno.test("debugNans names the operation", () => {
  debugNans(true, () => {
    assertEquals(failure(() => np.log(np.float32(-1))).name, "FloatingPointError");
    assertEquals(failure(() => jit((x: np.Array) => np.sqrt(x))(np.float32(-1))).name, "FloatingPointError");
    assertEquals(np.log(np.float32(1)).item(), 0);
  });
});

Deno.test("arrays are no static arguments", () => {
  const f = jit((x: np.Array, n: unknown) => x.mul(Number(n)), { staticArgnums: [1] });
  assertThrows(() => f(np.float32(1), np.float32(2)), RangeError, "Non-hashable static arguments");
});

Deno.test("vmap lists the sizes that differ", () => {
  const error = failure(() => vmap((x: np.Array, y: np.Array) => x.add(y))(np.ones([3]), np.ones([4])));
  assert(error.message.includes("size 3") && error.message.includes("size 4"), error.message);
});

Deno.test("shapes that do not fit are shown in full", () => {
  assertThrows(() => np.ones([3]).add(np.ones([4])), TypeError, "(3,), (4,)");
  assertThrows(() => np.ones([2, 3]).reshape([7]), TypeError, "(2, 3)");
  assertThrows(() => np.concatenate([np.ones([2, 3]), np.ones([2, 4])]), TypeError, "(2, 3), (2, 4)");
});

Deno.test("assignment to an element says what to write instead", () => {
  const x = np.ones([3]) as unknown as number[];
  assertThrows(() => x[0] = 5, TypeError, "x.at(0).set(y)");
});

Deno.test("options hold for the extent of a call, also when it throws", () => {
  assertThrows(
    () =>
      withConfig({ jax_enable_x64: true }, () => {
        throw new Error("out");
      }),
    Error,
    "out",
  );
  assertEquals(np.array([1]).dtype, np.float32);
  assertEquals(withConfig({ jax_enable_x64: true }, () => np.array([1]).dtype), np.float64);
});

Deno.test("loop bounds and lengths are checked", () => {
  assertThrows(() => lax.scan((c: np.Array) => [c, null], np.float32(0), null), RangeError, "length");
  assertThrows(
    () => lax.foriLoop(0.5, 3, (_: np.Array, c: np.Array) => c, np.float32(0)),
    TypeError,
    "integer",
  );
});
