import { config, errors, grad, jit, jvp, makeJaxpr, numpy as np, vjp, vmap, withConfig } from "../../mod.ts";
import { assertAllClose, assertEquals, assertThrows } from "../assert.ts";

// deno-lint-ignore no-explicit-any -- functions are taken by name, wrong arguments are tried on purpose
type Any = any;

const type = (x: np.Array): string => `${x.aval}${x.weakType ? " weak" : ""}`;

Deno.test("elementwise: numbers beside arrays", () => {
  const ints = np.arange(3), mask = ints.gt(1), floats = np.ones(3), bytes = np.uint8(1);
  assertEquals(
    [ints.add(10), ints.add(0.5), ints.add(1n), mask.mul(2), mask.mul(0.5), floats.add(1n), bytes.add(1)].map(
      type,
    ),
    ["int32[3]", "float32[3] weak", "int32[3]", "int32[3] weak", "float32[3] weak", "float32[3]", "uint8[]"],
  );
  assertEquals([np.add(1, 2), np.add(1n, 2n), np.add(true, 1n)].map(type), [
    "float32[] weak",
    "int32[] weak",
    "int32[] weak",
  ]);
  assertEquals(type(np.where(mask, 1, 0)), "float32[3] weak");
  assertEquals(type(np.add(ints, { re: 0, im: 1 })), "complex64[3] weak");
  assertEquals(type(np.add(new Int8Array([1, 2, 3]), ints)), "int32[3]");
  assertThrows(() => ints.add(1e10), errors.OverflowError, "out of bounds for int32");
  assertEquals(np.uint8(1).add(300).item(), 45);
  assertEquals(np.bitwiseAnd(6, 4).item(), 4);
});

Deno.test("elementwise: operands that are no arrays", () => {
  const x: Any = np.ones(2);
  assertThrows(
    () => x.add([1, 2]),
    TypeError,
    "add requires ndarray or scalar arguments, got <class 'list'>",
  );
  assertThrows(() => np.add(x, null as Any), TypeError, "got <class 'NoneType'> at position 1");
  assertThrows(
    () => np.sin("a" as Any),
    TypeError,
    "sin requires ndarray or scalar arguments, got <class 'str'>",
  );
  assertThrows(() => np.sin(x, { axis: 1 } as Any), TypeError, "unexpected keyword argument 'axis'");
  assertThrows(() => np.add(x, x, { out: x } as Any), errors.NotImplementedError, "out argument");
  assertThrows(() => np.round(x, { decimal: 1 } as Any), TypeError, 'did you mean "decimals"');
  assertEquals([0, 4].map(np.sqrt as Any).map(String), ["0.0", "2.0"]);
});

Deno.test("elementwise: broadcasting", () => {
  assertEquals(np.add(np.ones([2, 1]), np.ones(3)).shape, [2, 3]);
  assertThrows(
    () => np.add(np.ones(3), np.ones(4)),
    TypeError,
    "add got incompatible shapes for broadcasting: (3,), (4,).",
  );
  assertThrows(() => np.add(np.ones([2, 3]), np.ones(4)), errors.ValueError, "shapes=[(2, 3), (4,)]");
  const raised = (): np.Array => np.add(np.ones([2, 3]), np.ones(3));
  assertThrows(
    () => withConfig({ jax_numpy_rank_promotion: "raise" }, raised),
    errors.ValueError,
    "jax_numpy_rank_promotion='raise'",
  );
});

Deno.test("elementwise: jaxprs are JAX's", () => {
  const text = (f: Any, ...xs: Any[]): string => String(makeJaxpr(f)(...xs)).replace(/\s+/g, " ");
  const x = np.ones(3);
  assertEquals(
    text((a: Any) => a.mul(2).add(1), x),
    "{ lambda ; a:f32[3]. let b:f32[3] = mul a 2.0:f32[] c:f32[3] = add b 1.0:f32[] in (c,) }",
  );
  assertEquals(
    text((a: Any) => np.trunc(a), x),
    "{ lambda ; a:f32[3]. let b:f32[3] = jit[ name=trunc jaxpr={ lambda ; a:f32[3]. let c:bool[3] = lt a 0.0:f32[] " +
      "d:f32[3] = ceil a e:f32[3] = floor a b:f32[3] = jit[ name=_where jaxpr={ lambda ; c:bool[3] d:f32[3] e:f32[3]. " +
      "let b:f32[3] = select_n c e d in (b,) } ] c d e in (b,) } ] a in (b,) }",
  );
  assertEquals(
    text((a: Any) => np.power(a, 3), x),
    "{ lambda ; a:f32[3]. let b:f32[3] = integer_pow[y=3] a in (b,) }",
  );
  assertEquals(
    text((a: Any, b: Any) => np.add(a, b), np.ones([2, 3]), x),
    "{ lambda ; a:f32[2,3] b:f32[3]. let c:f32[1,3] = broadcast_in_dim[broadcast_dimensions=(1,)] b " +
      "d:f32[2,3] = add a c in (d,) }",
  );
});

/** Functions, points inside of their smooth parts, and their domains. */
const smooth: readonly (readonly [name: string, points: readonly number[][]])[] = [
  ["logaddexp", [[0.3, -1.2], [0.5, 2]]],
  ["logaddexp2", [[0.3, -1.2], [0.5, 2]]],
  ["hypot", [[3, -0.7], [4, 0.2]]],
  ["sinc", [[0.3, -1.7]]],
  ["i0", [[0.3, -1.7]]],
  ["log2", [[0.3, 1.7]]],
  ["log10", [[0.3, 1.7]]],
  ["arccosh", [[1.3, 2.7]]],
  ["remainder", [[7.3, -7.4], [2.1, 3.3]]],
  ["fmod", [[7.3, -7.4], [2.1, 3.3]]],
  ["power", [[0.3, 1.7], [2.5, -0.5]]],
  ["fmax", [[0.3, 1.7], [2.5, -0.5]]],
  ["copysign", [[0.3, 1.7], [2.5, -0.5]]],
  ["clip", [[0.3, 1.7], [-1, -1], [1, 1]]],
  ["trueDivide", [[0.3, 1.7], [2.5, -0.5]]],
];

Deno.test("elementwise: derivatives against differences, forward, reverse and second order", () => {
  config.update("jax_enable_x64", true);
  try {
    for (const [name, points] of smooth) {
      const f = (np as Any)[name],
        xs = points.map((p) => np.array([...p])),
        ts = xs.map((_, i) => np.array([0.7, 0.4 + i]));
      const moved = (h: number): np.Array[] => xs.map((x, i) => x.add(ts[i]!.mul(h)));
      const slope = f(...moved(1e-6)).sub(f(...moved(-1e-6))).div(2e-6);
      const [, tangent] = jvp(f, xs as Any, ts as Any) as Any;
      assertAllClose(tangent.toArray(), slope.toArray(), { rtol: 1e-6, atol: 1e-8 });
      const [, pull] = vjp(f, ...xs) as Any;
      const paired = pull(np.ones(2)).reduce(
        (sum: number, ct: Any, i: number) => sum + ct.mul(ts[i]).sum().item(),
        0,
      );
      assertAllClose(paired, tangent.sum().item(), { rtol: 1e-10 });
      const first = (...zs: Any[]): Any => (jvp(f, zs as Any, ts as Any) as Any)[1];
      const [, second] = jit((...zs: Any[]) => jvp(first, zs as Any, ts as Any))(...xs) as Any;
      const curve = first(...moved(1e-5)).sub(first(...moved(-1e-5))).div(2e-5);
      assertAllClose(second.toArray(), curve.toArray(), { rtol: 1e-5, atol: 1e-6 });
    }
  } finally {
    config.update("jax_enable_x64", false);
  }
});

Deno.test("elementwise: derivatives at special points", () => {
  const slope = (f: Any, x: number): number => grad(f)(x as Any).item();
  assertEquals(slope((x: Any) => np.sinc(x), 0), 0);
  assertAllClose(slope(grad((x: Any) => np.sinc(x)) as Any, 0), -(Math.PI ** 2) / 3, { rtol: 1e-5 });
  assertEquals(slope((x: Any) => np.logaddexp(x, -Infinity), 1), 1);
  assertEquals(slope((x: Any) => np.power(x, 2), 0), 0);
  assertEquals(slope((x: Any) => np.power(x, np.array([2n])).sum(), 0), 0);
  assertEquals(slope((x: Any) => np.frexp(x)[0], 3), 0.25);
  assertEquals(slope((x: Any) => np.hypot(x, 0), 2), 1);
  assertEquals(slope((x: Any) => np.floor(x).mul(x), 2.5), 2);
});

Deno.test("elementwise: functions map over batches", () => {
  const rows = np.array([[0.5, -1.5, 2.25], [3, -0.25, 7]]);
  for (
    const name of [
      "trunc",
      "rint",
      "round",
      "sinc",
      "i0",
      "signbit",
      "isinf",
      "spacing",
      "log10",
      "reciprocal",
    ]
  ) {
    const f = (np as Any)[name];
    assertEquals(vmap((x: Any) => f(x))(rows).toArray(), f(rows).toArray(), name);
    assertEquals(jit((x: Any) => f(x))(rows).toArray(), f(rows).toArray(), name);
  }
  for (
    const name of ["remainder", "floorDivide", "hypot", "logaddexp", "copysign", "heaviside", "fmin", "power"]
  ) {
    const f = (np as Any)[name], y = np.array([2, 3, 0.5]);
    assertAllClose(vmap((x: Any) => f(x, y))(rows).toArray(), f(rows, y).toArray(), { rtol: 1e-6 });
  }
});

Deno.test("elementwise: choices", () => {
  const x = np.array([-1.5, NaN, 2]);
  assertEquals(np.where(x.gt(0), x, 0).toArray(), [0, 0, 2]);
  assertEquals(np.nanToNum(x, { nan: 7 }).toArray(), [-1.5, 7, 2]);
  assertEquals(np.clip(x, { max: 1 }).toArray(), [-1.5, NaN, 1]);
  assertEquals(np.select([x.lt(0), x.gt(0)], [1, 2], 3).toArray(), [1, 3, 2]);
  const which = np.array([1n, 0n, 5n]), choices = [np.arange(3), np.arange(3).mul(10)];
  assertThrows(() => np.choose(which, choices), errors.ValueError, "invalid entry in choice array");
  assertEquals(np.choose(which, choices, { mode: "clip" }).toArray(), [0, 1, 20]);
  assertEquals(np.choose(which, choices, { mode: "wrap" }).toArray(), [0, 1, 20]);
  assertThrows(() => np.where(x, x, undefined as Any), errors.ValueError, "Either both or neither");
  assertThrows(() => np.clip(np.complex(1, 2), 0, 1), errors.ValueError, "complex value");
  const pieces = np.piecewise(x, [x.lt(0), x.gt(0)], [(v) => v.neg(), (v, k) => v.mul(k), -1], 10);
  assertEquals(pieces.toArray(), [1.5, -1, 20]);
});

Deno.test("elementwise: interpolation and angles", () => {
  const xp = np.array([1, 2, 3]), fp = np.array([3, 2, 0]);
  assertEquals(np.interp(np.array([0, 1.5, 4]), xp, fp).toArray(), [3, 2.5, 0]);
  assertEquals(np.interp(np.array([0, 4]), xp, fp, { left: -1, right: "extrapolate" }).toArray(), [-1, -2]);
  assertAllClose(np.interp(np.array([4.5]), xp, fp, { period: 3 }).toArray(), [2.5], { rtol: 1e-6 });
  assertThrows(() => np.interp(1, xp, np.ones(2)), errors.ValueError, "equal size");
  assertAllClose(np.unwrap(np.array([0, 3, 6, 9])).toArray(), [0, 3, 6, 9], { rtol: 1e-6 });
  assertAllClose(np.unwrap(np.array([0, 3, -3])).toArray(), [0, 3, 2 * Math.PI - 3], { rtol: 1e-6 });
  assertAllClose(np.angle(np.array([np.complex(0, 1), -1])).toArray(), [Math.PI / 2, Math.PI], {
    rtol: 1e-6,
  });
});

Deno.test("elementwise: universal functions", () => {
  const x = np.arange(6).reshape(2, 3);
  assertEquals(np.add.reduce(x).toArray(), [3, 5, 7]);
  assertEquals(np.subtract.reduce(x, 1).toArray(), [-3, -6]);
  assertEquals(np.maximum.reduce(x, { axis: null }).item(), 5);
  assertEquals(np.maximum.accumulate(np.array([1, 3, 2])).toArray(), [1, 3, 3]);
  assertEquals(np.subtract.accumulate(x, 1).toArray(), [[0, -1, -3], [3, -1, -6]]);
  assertEquals(np.multiply.outer(np.arange(3), np.arange(2)).toArray(), [[0, 0], [0, 1], [0, 2]]);
  assertEquals(np.add.at(np.zeros(3), [[0, 0, 2]], 1, { inplace: false }).toArray(), [2, 0, 1]);
  assertEquals(np.negative.at(np.arange(3), [[0, 2]], null, { inplace: false }).toArray(), [0, 1, -2]);
  assertEquals(np.add.reduceat(np.arange(8), [0n, 4n, 1n, 5n]).toArray(), [6, 4, 10, 18]);
  assertEquals(np.bitwiseOr.reduce(x, { axis: 1, where: x.gt(1) }).toArray(), [2, 7]);
  assertEquals(np.logicalAnd.reduce(x, 1).toArray(), [false, true]);
  assertThrows(() => np.add.at(np.zeros(3), [0], 1, {} as Any), errors.NotImplementedError, "inplace: false");
  assertThrows(
    () => np.minimum.reduce(x, { where: x.gt(1) }),
    errors.ValueError,
    "does not have an identity",
  );
  const digits = np.frompyfunc((a: Any, b: Any) => a.mul(10).add(b), 2, 1);
  assertEquals(digits.reduce(np.arange(4)).item(), 123);
});
