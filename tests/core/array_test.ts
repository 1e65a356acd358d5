import { errors, grad, jit, jvp, numpy as np, vmap } from "../../mod.ts";
import { assert, assertEquals, assertRejects, assertThrows } from "../assert.ts";

// deno-lint-ignore no-explicit-any -- what TypeScript refuses is tried on purpose
type Any = any;

const matrix = np.arange(6).reshape(2, 3);

Deno.test("array: every method of jax.Array exists", () => {
  const api = JSON.parse(Deno.readTextFileSync(new URL("../../scripts/jax_api.json", import.meta.url)));
  const camel = (name: string) => name.replace(/_([a-z])/g, (_, c) => c.toUpperCase());
  const other = new Set([
    "addressableData",
    "addressableShards",
    "aval",
    "committed",
    "copyToHostAsync",
    "globalShards",
    "isFullyAddressable",
    "isFullyReplicated",
    "sharding",
    "tolist",
    "traceback",
    "unsafeBufferPointer",
  ]);
  const names = Object.keys(api["jax.Array"] ?? {}).filter((name) => !name.startsWith("__")).map(camel);
  for (const name of names) {
    if (!other.has(name)) assert(name in matrix, `Array.${name}`);
  }
});

Deno.test("array: properties", () => {
  assertEquals(matrix.shape, [2, 3]);
  assertEquals(
    [matrix.ndim, matrix.size, matrix.itemsize, matrix.nbytes, matrix.length, matrix.weakType],
    [2, 6, 4, 24, 2, false],
  );
  assert(matrix.dtype === np.int32);
  assertEquals(String(matrix.T), "[[0 3]\n [1 4]\n [2 5]]");
  assertEquals(np.zeros([4, 2, 3]).mT.shape, [4, 3, 2]);
  assertEquals(np.complex(1, 2).real.item(), 1);
  assertEquals(np.complex(1, 2).imag.item(), 2);
});

Deno.test("array: reading on the host", async () => {
  assertEquals(matrix.toArray(), [[0, 1, 2], [3, 4, 5]]);
  assertEquals(matrix.dataSync(), new Int32Array([0, 1, 2, 3, 4, 5]));
  assertEquals(await matrix.data(), new Int32Array([0, 1, 2, 3, 4, 5]));
  assert(await matrix.blockUntilReady() === matrix);
  assertEquals(np.array(true).item<boolean>(), true);
  assertEquals(np.complex(1, -2).item<unknown>(), { re: 1, im: -2 });
  assertEquals([matrix.item(4), matrix.item(1, 0), matrix.item(-1)], [4, 3, 5]);
  assertEquals(JSON.stringify({ matrix }), '{"matrix":[[0,1,2],[3,4,5]]}');
  assertThrows(() => matrix.item(), errors.ValueError, "size 1");
  assertThrows(() => matrix.item(6), errors.IndexError, "index 6 is out of bounds for axis 0 with size 6");
  const copy = matrix.dataSync();
  copy[0] = 99;
  assertEquals(matrix.item(0), 0);
});

Deno.test("array: rows", () => {
  assertEquals([...matrix].map(String), ["[0 1 2]", "[3 4 5]"]);
  assertEquals([...np.arange(3)].map((x) => x.item()), [0, 1, 2]);
  assertThrows(() => [...np.float32(1)], TypeError, "iteration over a 0-d array");
  const summed = (m: np.Array) => [...m].reduce((a, b) => a.add(b));
  assertEquals(String(jit(summed)(matrix)), "[3 5 7]");
  assertEquals(String(vmap(summed)(matrix)), "[ 3 12]");
  assertEquals(String(grad((m: np.Array) => summed(m).sum())(np.ones([2, 2]))), "[[1. 1.]\n [1. 1.]]");
});

Deno.test("array: plain operators on a concrete scalar give numbers, everything else refuses", () => {
  const scalar: Any = np.float32(2.5), rows: Any = matrix;
  assertEquals([+scalar, scalar * 2, scalar > 2, `${scalar}`], [2.5, 5, true, "2.5"]);
  assertThrows(() => +rows, TypeError, "x.add(y)");
  assertThrows(() => rows > 1, TypeError, "arr.ndim=2");
  assertThrows(() => +(np.complex(1, 2) as Any), TypeError, "not 'complex'");
  assertThrows(() => jit((x: Any) => x * 2)(1), errors.ConcretizationTypeError, "x.mul(2)");
  assertThrows(() => grad((x: Any) => x * 2)(1), errors.ConcretizationTypeError, "would not be traced");
});

Deno.test("array: immutable", () => {
  const x: Any = np.arange(3);
  assertThrows(() => x[0] = 5, TypeError, "x.at(0).set(y)");
  assertThrows(() => x.name = "x", TypeError, "immutable");
  assertThrows(() => x[0], TypeError, "x.get(0)");
  assertThrows(() => jit((t: Any) => t[1] = 2)(1), TypeError, "immutable");
  assertEquals(String(x.at(0).set(5)), "[5 1 2]");
  assertEquals(String(x), "[0 1 2]");
});

Deno.test("array: a traced value is read only where it is known", () => {
  const positive = (x: Any) => x.item() > 0 ? x.mul(2) : x.neg();
  assertEquals([grad(positive)(3), grad(positive)(-3)].map((x) => x.item()), [2, -1]);
  assertThrows(() => jit(positive)(3), errors.ConcretizationTypeError, "item()");
  assertThrows(() => vmap(positive)(np.ones(2)), errors.ConcretizationTypeError);
  assertThrows(() => jit((x: Any) => x.gt(0).item() ? 1 : 2)(3), errors.TracerBoolConversionError);
  assertThrows(() => jit((x: Any) => x.toArray())(3), errors.ConcretizationTypeError, "toArray()");
  assertThrows(() => jit((x: Any) => x.dataSync())(3), errors.TracerArrayConversionError, "float32[]");
  assertThrows(() => jit((x: Any) => x.devices())(3), errors.ConcretizationTypeError, "devices()");
});

Deno.test("array: text of arrays and tracers", () => {
  const inspect = (x: Any): string => x[Symbol.for("Deno.customInspect")]();
  assertEquals(inspect(np.array([1.5, 2])), "Array([1.5, 2. ], dtype=float32)");
  assertEquals(inspect(np.array(2)), "Array(2., dtype=float32, weak_type=True)");
  assertEquals(inspect(np.zeros([0, 3])), "Array([], shape=(0, 3), dtype=float32)");
  assertEquals(String(np.array([1.5, 2])), "[1.5 2. ]");
  const texts: string[] = [];
  const look = (x: Any): np.Array => {
    texts.push(String(x));
    return x;
  };
  jit(look)(matrix);
  jit(look)(2);
  grad(look)(2);
  vmap(look)(matrix);
  jvp(look, [2], [1]);
  assertEquals(texts, [
    "JitTracer(int32[2,3])",
    "JitTracer(~float32[])",
    "GradTracer(primal=2.0, typeof(tangent)=f32[])",
    "VmapTracer(aval=int32[3], batched=int32[2,3])",
    "JVPTracer(primal=2.0, tangent=1.0)",
  ]);
});

Deno.test("array: deleted arrays", () => {
  const x = np.arange(5);
  assert(!x.isDeleted());
  x.delete();
  assert(x.isDeleted());
  assertThrows(() => x.add(1), errors.RuntimeError, "Array has been deleted with shape=int32[5].");
  let kept: np.Array;
  {
    using y = np.ones(2);
    kept = y;
  }
  assert(kept.isDeleted());
});

Deno.test("array: operators", () => {
  const x = np.array([7n, -7n]), y = 2;
  assertEquals([x.add(y), x.sub(y), x.mul(y), x.div(y)].map(String), [
    "[ 9 -5]",
    "[ 5 -9]",
    "[ 14 -14]",
    "[ 3.5 -3.5]",
  ]);
  assertEquals([x.floorDivide(y), x.mod(y), x.pow(y)].map(String), ["[ 3 -4]", "[1 1]", "[49 49]"]);
  assertEquals(x.divmod(y).map(String), ["[ 3 -4]", "[1 1]"]);
  assertEquals([x.neg(), x.pos(), x.abs(), x.invert()].map(String), [
    "[-7  7]",
    "[ 7 -7]",
    "[7 7]",
    "[-8  6]",
  ]);
  assertEquals([x.eq(7), x.ne(7), x.lt(0), x.le(7), x.gt(0), x.ge(7)].map((v) => v.toArray()), [
    [true, false],
    [false, true],
    [false, true],
    [true, true],
    [true, false],
    [true, false],
  ]);
  assertEquals([x.and(3), x.or(8), x.xor(1), x.lshift(1), x.rshift(1)].map(String), [
    "[3 1]",
    "[15 -7]",
    "[ 6 -8]",
    "[ 14 -14]",
    "[ 3 -4]",
  ]);
  assertEquals(String(matrix.matmul(np.arange(3))), "[ 5 14]");
});

Deno.test("array: deviceGet of a rejected read", async () => {
  await assertRejects(() => Promise.resolve().then(() => jit((x: Any) => x.data())(1)), Error);
});
