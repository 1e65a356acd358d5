import type { JaxArray } from "../../core/array.ts";
import { type ConcreteArray, fromHost } from "../../core/concrete.ts";
import { withConfig } from "../../core/config.ts";
import { type AnyFunction, jvp, vjp } from "../../core/differentiate.ts";
import { grad } from "../../core/grad.ts";
import { keyDType } from "../../core/dtypes.ts";
import { NotImplementedError, ValueError } from "../../core/errors.ts";
import { vmap } from "../../core/vmap.ts";
import * as lax from "../../lax/mod.ts";
import { assertAllClose, assertEquals, assertThrows } from "../assert.ts";
import { array, elements, nested, random, toArray } from "./_harness.ts";

const complex = () => random([2, 2], { dtype: "complex64" });
const f32 = (...xs: number[]): JaxArray => toArray(array(xs));
const scalarOf = (x: JaxArray): unknown => elements(x)[0];
const gradOf = (f: AnyFunction): AnyFunction => grad(f) as AnyFunction;

Deno.test("elementwise: rem has the derivatives of x - y trunc(x / y)", () => {
  const x = f32(5.5, -5.5), y = f32(2, 2);
  const [, [dx, dy]] = [null, (vjp(lax.rem as never, x, y)[1] as (ct: JaxArray) => JaxArray[])(f32(1, 1))];
  assertEquals([nested(dx!), nested(dy!)], [[1, 1], [-2, 2]]);
});

Deno.test("elementwise: at a tie max and min share the gradient", () => {
  for (const f of [lax.max, lax.min]) {
    const pull = vjp(f as never, f32(1, 2), f32(1, 3))[1] as (ct: JaxArray) => JaxArray[];
    const [dx, dy] = pull(f32(1, 1));
    assertEquals([elements(dx!)[0], elements(dy!)[0]], [0.5, 0.5]);
  }
});

Deno.test("elementwise: pow has finite derivatives at zero", () => {
  const slope = (f: (x: JaxArray) => JaxArray, x: number): unknown => scalarOf(gradOf(f)(x));
  assertEquals(slope((x) => lax.pow(x, 2), 0), 0);
  assertEquals(slope((x) => lax.pow(x, 0), 0), 0);
  assertEquals(slope((x) => lax.pow(x, 1), 0), 1);
  // d 0^y / dy with the logarithm guarded.
  assertEquals(slope((y) => lax.pow(0, y), 2), 0);
});

Deno.test("elementwise: abs has derivative 1 at 0 of reals and 0 at 0 of complex numbers", () => {
  assertEquals(scalarOf(gradOf(lax.abs)(0)), 1);
  const zero = toArray(array({ re: 0, im: 0 }, "complex64"));
  assertEquals(nested(gradOf(lax.abs)(zero)), { re: 0, im: 0 });
});

Deno.test("elementwise: stopGradient stops tangents to every order", () => {
  const f = (x: JaxArray): JaxArray => lax.mul(lax.stopGradient(x) as JaxArray, x);
  assertEquals(scalarOf(gradOf(f)(3)), 3);
  assertEquals(scalarOf(gradOf(gradOf(f))(3)), 0);
  const mapped = vmap((x: JaxArray) => lax.stopGradient(x) as JaxArray)(
    f32(1, 2) as never,
  ) as unknown as JaxArray;
  assertEquals(nested(mapped), [1, 2]);
});

Deno.test("elementwise: integer results have zero tangents", () => {
  const [, tangent] = jvp(
    ((x: JaxArray) => lax.convertElementType(x, "int32")) as never,
    [f32(1.5)] as never,
    [f32(1)] as never,
  );
  assertEquals((tangent as JaxArray).dtype.name, "float0");
});

Deno.test("elementwise: weak types", () => {
  const x = f32(1, 2);
  assertEquals(lax.add(x, 1).weakType, false);
  assertEquals(lax.add(1, 2).weakType, true);
  assertEquals(lax.add(1, 2).dtype.name, "float32");
  assertEquals(lax.add(1n, 2n).dtype.name, "int32");
  assertEquals(lax.add(toArray(array([1, 2], "int8")), 1).dtype.name, "int8");
  assertEquals(lax.add(toArray(array([1, 2], "float16")), 1).dtype.name, "float16");
  assertEquals(lax.mul({ re: 0, im: 1 }, toArray(complex())).dtype.name, "complex64");
  assertEquals(lax.bitcastConvertType(1, "int32").weakType, false);
  assertEquals(lax.lt(1, 2).weakType, true);
  assertEquals(gradOf((y) => lax.tanh(y))(1).weakType, true);
});

Deno.test("elementwise: literals are converted as NumPy converts scalars", () => {
  assertEquals(nested(lax.convertElementType(300, "uint8")), 44);
  assertEquals(nested(lax.convertElementType(16777217, "int32")), 16777217);
  assertEquals(nested(lax.convertElementType(-1.5, "int32")), -1);
  assertEquals(nested(lax.convertElementType(Infinity, "int32")), 2147483647);
  assertEquals(nested(lax.convertElementType({ re: 0, im: 1 }, "bool")), true);
});

Deno.test("elementwise: 64-bit types", () => {
  withConfig({ jax_enable_x64: true }, () => {
    const big = toArray(array([2n ** 62n, -3n], "int64"));
    assertEquals(elements(lax.mulhi(big, 8n)), [2n, -1n]);
    assertEquals(elements(lax.shiftRightLogical(big, 60n)), [4n, 15n]);
    assertEquals(elements(lax.bitcastConvertType(toArray(array([1], "float64")), "int64")), [
      0x3ff0000000000000n,
    ]);
    assertEquals(elements(lax.bitcastConvertType(toArray(array([2n ** 32n + 5n], "int64")), "uint32")), [
      5,
      1,
    ]);
    assertAllClose(elements(lax.sin(toArray(array([1], "float64")))), [Math.sin(1)], {
      rtol: 1e-15,
      atol: 0,
    });
  });
});

Deno.test("elementwise: random keys compare and are selected, and nothing else", () => {
  const key = keyDType("threefry2x32");
  const keys = (...words: number[]): JaxArray =>
    fromHost({ shape: [words.length / 2], dtype: key, weakType: false, data: new Uint32Array(words) });
  const words = (x: JaxArray): number[] => [...(x as ConcreteArray).dataSync()].map(Number);
  const a = keys(1, 2, 3, 4), b = keys(1, 2, 3, 5);
  assertEquals(nested(lax.eq(a, b)), [true, false]);
  assertEquals(words(lax.select(lax.ne(a, b), a, keys(7, 8, 9, 10))), [7, 8, 3, 4]);
  assertThrows(() => lax.add(a, b), TypeError, "add does not accept dtype key<fry> at position 0.");
  assertThrows(
    () => lax.convertElementType(a, "int32"),
    ValueError,
    "Cannot convert_element_type from key<fry>",
  );
});

const i32 = (...xs: number[]): JaxArray => toArray(array(xs, "int32"));
const shapedLike = (...shape: number[]): JaxArray => toArray(random(shape));
const refusals: [
  what: string,
  f: () => unknown,
  errorClass: ErrorConstructor | typeof ValueError,
  message: string,
][] = [
  [
    "two dtypes",
    () => lax.add(f32(1), i32(1)),
    TypeError,
    "lax.add requires arguments to have the same dtypes, got float32, int32. (Tip: jnp.add is a similar function that does automatic type promotion on inputs).",
  ],
  [
    "a fraction beside integers",
    () => lax.mul(i32(1), 2.5),
    TypeError,
    "lax.mul requires arguments to have the same dtypes, got int32, float32. (Tip: jnp.multiply",
  ],
  [
    "bool",
    () => lax.add(f32(1), true),
    TypeError,
    "add does not accept dtype bool at position 1. Accepted dtypes at position 1 are subtypes of integer, floating, complexfloating.",
  ],
  [
    "ranks",
    () => lax.add(shapedLike(3), shapedLike(1, 3)),
    TypeError,
    "add: arrays must have the same number of dimensions, got {1, 2}",
  ],
  [
    "shapes",
    () => lax.add(shapedLike(3), shapedLike(2)),
    TypeError,
    "add got incompatible shapes for broadcasting: (3,), (2,).",
  ],
  [
    "a list",
    () => lax.add(1, [1, 2] as never),
    TypeError,
    "add requires ndarray or scalar arguments, got <class 'list'> at position 1.",
  ],
  [
    "a string",
    () => lax.sin("a" as never),
    TypeError,
    "sin requires ndarray or scalar arguments, got <class 'str'> at position 0.",
  ],
  ["null", () => lax.sin(null as never), TypeError, "got <class 'NoneType'> at position 0."],
  ["a dict", () => lax.neg({ a: 1 } as never), TypeError, "got <class 'dict'> at position 0."],
  [
    "an unary dtype",
    () => lax.sin(i32(1)),
    TypeError,
    "sin does not accept dtype int32. Accepted dtypes are subtypes of floating, complexfloating.",
  ],
  [
    "floats as bits",
    () => lax.populationCount(f32(1)),
    TypeError,
    "population_count does not accept dtype float32. Accepted dtypes are subtypes of integer.",
  ],
  [
    "integers as parts",
    () => lax.complex(i32(1), i32(1)),
    TypeError,
    "complex does not accept dtype int32 at position 0. Accepted dtypes at position 0 are subtypes of float32, float64.",
  ],
  ["pow dtypes", () => lax.pow(f32(1), toArray(complex())), TypeError, "pow"],
  [
    "negative integer power",
    () => lax.integerPow(i32(1, 2, 3), -1),
    TypeError,
    "Integers cannot be raised to negative powers, got integer_pow(int32[3], -1)",
  ],
  ["rounding method", () => lax.round(f32(1), 3), ValueError, "3 is not a valid RoundingMethod"],
  [
    "selector",
    () => lax.selectN(f32(1), f32(1), f32(1)),
    TypeError,
    "select `which` must be boolean or integer type, got float32.",
  ],
  ["no cases", () => lax.selectN(true), ValueError, "select_n() must have at least one case"],
  [
    "three cases of bool",
    () => lax.selectN(true, f32(1), f32(1), f32(1)),
    TypeError,
    "select with boolean `which` cannot have > 2 cases.",
  ],
  [
    "selector shape",
    () => lax.select(toArray(array([true, false], "bool")), shapedLike(3), shapedLike(3)),
    TypeError,
    "select `which` must be scalar or have the same shape as cases, got `which` shape (2,) but case shape (3,).",
  ],
  [
    "case shapes",
    () => lax.select(true, f32(1), 1),
    TypeError,
    "select cases must have the same shapes, got [(), (1,)].",
  ],
  [
    "case dtypes",
    () => lax.select(true, f32(1), i32(1)),
    TypeError,
    "lax.select requires arguments to have the same dtypes, got int32, float32. (Tip: jnp.where",
  ],
  [
    "clamp shapes",
    () => lax.clamp(shapedLike(2), shapedLike(3), 1),
    TypeError,
    "clamp requires min.shape == operand.shape or min.shape == (), got min.shape=(2,), operand.shape=(3,).",
  ],
  [
    "bitcast of bool",
    () => lax.bitcastConvertType(f32(1), "bool"),
    TypeError,
    "lax.bitcast_convert_type does not support bool or complex values unless the operand and destination types match.",
  ],
  [
    "bitcast sizes",
    () => lax.bitcastConvertType(toArray(array([[1, 2, 3]], "int8")), "int16"),
    ValueError,
    "Attempting to convert array of shape (1, 3) from int8 of size 8 bits to int16 of size 16, bits but 3 * 8 != 16",
  ],
  [
    "reduce_precision",
    () => lax.reducePrecision(f32(1), 0, 1),
    ValueError,
    "reduce_precision: exponent_bits must be positive; got 0",
  ],
  [
    "derivatives of betainc",
    () => jvp(((a: JaxArray) => lax.betainc(a, 1, 0.5)) as never, [1] as never, [1] as never),
    ValueError,
    "Betainc gradient with respect to a and b not supported.",
  ],
  [
    "derivatives of zeta",
    () => jvp(((x: JaxArray) => lax.zeta(x, 1)) as never, [2] as never, [1] as never),
    NotImplementedError as never,
    "Differentiation rule for 'zeta' not implemented",
  ],
];

Deno.test("elementwise: what is refused, and how it is said", () => {
  for (const [, f, errorClass, message] of refusals) assertThrows(f, errorClass as never, message);
});
