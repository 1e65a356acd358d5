import { config, errors, jit, numpy as np, ShapeDtypeStruct } from "../../mod.ts";
import { assert, assertAllClose, assertEquals, assertThrows } from "../assert.ts";

// deno-lint-ignore no-explicit-any -- what TypeScript refuses is tried on purpose
type Any = any;

const type = (x: np.Array): string => `${x.aval}${x.weakType ? " weak" : ""}`;

Deno.test("creation: dtypes of values", () => {
  assertEquals(
    [np.array(2), np.array(2.5), np.array(2n), np.array(true), np.complex(1, 2)].map(type),
    ["float32[] weak", "float32[] weak", "int32[] weak", "bool[]", "complex64[] weak"],
  );
  assertEquals(
    [np.array([1, 2]), np.array([1n, 2n]), np.array([true]), np.array([1n, 2.5]), np.array([true, 2n])].map(
      type,
    ),
    ["float32[2]", "int32[2]", "bool[1]", "float32[2]", "int32[2]"],
  );
  assertEquals(type(np.array(new Uint8Array([1, 2]))), "uint8[2]");
  assertEquals(type(np.array(new Float64Array([1, 2]))), "float32[2]");
  assertEquals(type(np.array([np.arange(2), [3, 4]])), "int32[2,2]");
  assertEquals(type(np.array([])), "float32[0]");
  assertEquals(type(np.array([[1, 2]], { dtype: "int8", ndmin: 3 })), "int8[1,1,2]");
});

Deno.test("creation: values that are no arrays", () => {
  assertThrows(() => np.array([[1, 2], [3]]), errors.ValueError, "inhomogeneous");
  assertThrows(() => np.array(null as Any), errors.ValueError, "None is not a valid value");
  assertThrows(() => np.array("a" as Any), TypeError, "not a valid JAX array type");
  assertThrows(() => np.array(2n ** 40n), errors.OverflowError, "1099511627776");
  assertThrows(() => np.array([300], np.uint8), errors.OverflowError, "out of bounds for uint8");
  assertThrows(() => np.array([1], { dtyp: "int8" } as Any), TypeError, 'did you mean "dtype"');
  assertThrows(() => np.array([1], "float31"), TypeError, "data type 'float31' not understood");
});

Deno.test("creation: nested arrays of traced values", () => {
  const f = jit((x: Any) => np.array([[x, 1], [2, x.mul(x)]]));
  assertEquals(f(3).toArray(), [[3, 1], [2, 9]]);
  assertEquals(type(jit((x: Any) => np.array([x, 1]))(np.int32(2))), "int32[2]");
  assertEquals(type(jit((x: Any) => np.array([x, 1.5]))(np.int32(2))), "float32[2]");
  assertThrows(() => jit((x: Any) => np.array([[x], x]))(1), errors.ValueError, "inhomogeneous");
  const many = jit((x: Any) => np.array(Array.from({ length: 100 }, (_, i) => x.add(i))));
  assertEquals(many(0).sum().item(), 4950);
});

Deno.test("creation: arrays are copied or kept", () => {
  const x = np.arange(3);
  assert(np.asarray(x) === x);
  assert(np.array(x) !== x && np.copy(x) !== x);
  assertEquals(np.asarray(x, np.float32).dtype, np.float32);
  x.delete();
  assertThrows(() => np.asarray(x).add(1), errors.RuntimeError, "deleted");
});

Deno.test("creation: shapes", () => {
  assertEquals(
    [np.zeros(3), np.ones([2, 2]), np.empty([0, 3]), np.zeros([])].map(type),
    ["float32[3]", "float32[2,2]", "float32[0,3]", "float32[]"],
  );
  assertEquals(type(np.zerosLike(np.arange(3))), "int32[3]");
  assertEquals(type(np.onesLike(np.array(2))), "float32[] weak");
  assertEquals(type(np.zerosLike(new ShapeDtypeStruct([2], np.int8))), "int8[2]");
  assertEquals(type(np.fullLike(np.arange(3), 1, { shape: [2], dtype: np.float16 })), "float16[2]");
  assertEquals(np.full([2, 2], np.arange(2)).toArray(), [[0, 1], [0, 1]]);
  assertEquals(type(np.full([2], 1)), "float32[2] weak");
  assertThrows(() => np.zeros([-1]), TypeError, "nonnegative");
  assertThrows(() => np.zeros([2.5]), TypeError, "Shapes must be 1D sequences");
  assertThrows(() => np.zeros(2, 3 as Any), TypeError, "np.zeros([2, 3])");
  assertThrows(() => np.full([2], np.ones(3)), errors.ValueError, "Incompatible");
  assertThrows(() => jit((n: Any) => np.zeros(n))(np.int32(2)), TypeError, "staticArgnums");
});

Deno.test("creation: ranges", () => {
  assertEquals([np.arange(5), np.arange(1, 5, 2), np.arange(5, 0, -2)].map(String), [
    "[0 1 2 3 4]",
    "[1 3]",
    "[5 3 1]",
  ]);
  assertEquals(
    [np.arange(3), np.arange(3.5), np.arange(0, 1, 0.5), np.arange(3, { dtype: "int8" })].map(type),
    [
      "int32[3]",
      "float32[4]",
      "float32[2]",
      "int8[3]",
    ],
  );
  assertEquals(np.arange(np.int32(3)).size, 3);
  assertThrows(
    () => np.arange(undefined as Any),
    TypeError,
    "missing 1 required positional argument: 'start'",
  );
  assertThrows(
    () => jit((n: Any) => np.arange(n))(np.int32(3)),
    errors.ConcretizationTypeError,
    "jnp.arange",
  );
  assertThrows(() => np.arange(0, 1, 0), errors.ValueError, "Maximum allowed size");
});

Deno.test("creation: evenly spaced numbers", () => {
  assertAllClose(np.linspace(0, 1, 5).toArray(), [0, 0.25, 0.5, 0.75, 1]);
  const [samples, step] = np.linspace(0, 1, { num: 4, endpoint: false, retstep: true });
  assertAllClose(samples.toArray(), [0, 0.25, 0.5, 0.75]);
  assertAllClose(step.item(), 0.25);
  assertEquals(np.linspace(np.zeros(2), np.ones(2), 3, { axis: 1 }).shape, [2, 3]);
  assertEquals(type(np.linspace(0, 10, 4, { dtype: np.int32 })), "int32[4]");
  assertAllClose(np.logspace(0, 3, 4).toArray(), [1, 10, 100, 1000], { rtol: 1e-5 });
  assertAllClose(np.geomspace(1, 1000, 4).toArray(), [1, 10, 100, 1000], { rtol: 1e-5 });
  assertThrows(
    () => np.linspace(0, 1, -2),
    errors.ValueError,
    "Number of samples, -2, must be non-negative.",
  );
});

Deno.test("creation: matrices and grids", () => {
  assertEquals(np.eye(2, 3, 1).toArray(), [[0, 1, 0], [0, 0, 1]]);
  assertEquals(np.tri(3, { k: -1, dtype: np.int32 }).toArray(), [[0, 0, 0], [1, 0, 0], [1, 1, 0]]);
  assertEquals(np.tril(np.ones([3, 3]), -1).sum().item(), 3);
  assertEquals(np.triu(np.ones([2, 3, 3])).shape, [2, 3, 3]);
  const [x, y] = np.meshgrid(np.arange(3), np.arange(2), { indexing: "ij" });
  assertEquals([x!.shape, y!.shape], [[3, 2], [3, 2]]);
  assertEquals(np.meshgrid(np.arange(3), np.arange(2), { sparse: true }).map((v) => v.shape), [[1, 3], [
    2,
    1,
  ]]);
  assertEquals(np.indices([2, 2]).shape, [2, 2, 2]);
  assertEquals(np.fromfunction((i, j) => i.mul(10).add(j), [2, 2], { dtype: np.int32 }).toArray(), [[0, 1], [
    10,
    11,
  ]]);
  assertThrows(() => np.eye(-2), errors.ValueError, "negative dimensions are not allowed, got -2 and None");
  assertThrows(() => np.tril(np.ones(3)), errors.ValueError, "must be at least 2D");
});

Deno.test("creation: raw data", () => {
  const bytes = new Uint8Array(new Float32Array([1, 2, 3]).buffer);
  assertEquals(np.frombuffer(bytes, np.float32, 2, 4).toArray(), [2, 3]);
  assertEquals(type(np.frombuffer(new Float64Array([1]))), "float32[1]");
  assertThrows(() => np.frombuffer(bytes, np.float32, 4), errors.ValueError, "smaller than requested");
  assertEquals(np.fromstring("1 2 3", { dtype: np.int32, sep: " " }).toArray(), [1, 2, 3]);
  assertThrows(() => np.fromstring("1 x", { sep: " " }), errors.ValueError, "unmatched data: 'x'");
  assertThrows(() => np.fromiter([1]), errors.NotImplementedError, "np.array([...iterable])");
});

Deno.test("creation: 64-bit types", () => {
  config.update("jax_enable_x64", true);
  try {
    assertEquals([np.array([1]), np.arange(3), np.array(2n), np.zeros(1)].map(type), [
      "float64[1]",
      "int64[3]",
      "int64[] weak",
      "float64[1]",
    ]);
    assertEquals(np.arange(3).toArray(), [0n, 1n, 2n]);
    assertEquals(np.linspace(0, 1, 3).dtype, np.float64);
  } finally {
    config.update("jax_enable_x64", false);
  }
});

Deno.test("creation: dtypes make scalars", () => {
  assertEquals([np.float32(1), np.int8(3), np.bool(1), np.uint8(np.array(300))].map(type), [
    "float32[]",
    "int8[]",
    "bool[]",
    "uint8[]",
  ]);
  assertEquals(np.float32([1, 2]).shape, [2]);
  assertThrows(() => np.uint8(300), errors.OverflowError, "Python integer 300 out of bounds for uint8");
  assertThrows(() => np.float32("a"), errors.ValueError, "could not convert string to float: 'a'");
});
