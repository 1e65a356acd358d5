import { errors, jit, nn, numpy as np, random } from "../../mod.ts";
import { assert, assertAllClose, assertArrayEquals, assertEquals, assertThrows } from "../assert.ts";

const { initializers } = nn;
const key = random.key(0);

Deno.test("initializers: constants", () => {
  assertArrayEquals(initializers.zeros(key, [2]), [0, 0]);
  assertArrayEquals(initializers.ones(key, 2, "int32"), [1, 1]);
  assertArrayEquals(initializers.constant({ value: np.arange(2), dtype: "int8" })(key, [2, 2]), [[0, 1], [
    0,
    1,
  ]]);
  assertEquals(initializers.constant(3, "int8")(key, [1], { dtype: "float16" }).dtype.name, "float16");
});

Deno.test("initializers: standard deviations", () => {
  const shape = [3, 40, 60], size = 3 * 40 * 60;
  const fanIn = 120, fanOut = 180;
  const cases: [nn.initializers.Initializer, number][] = [
    [initializers.normal(2), 2],
    [initializers.uniform(2), 2 / Math.sqrt(12)],
    [initializers.lecunNormal(), Math.sqrt(1 / fanIn)],
    [initializers.lecunUniform(), Math.sqrt(1 / fanIn)],
    [initializers.heNormal(), Math.sqrt(2 / fanIn)],
    [initializers.heUniform(), Math.sqrt(2 / fanIn)],
    [initializers.glorotNormal(), Math.sqrt(2 / (fanIn + fanOut))],
    [initializers.glorotUniform(), Math.sqrt(2 / (fanIn + fanOut))],
    [initializers.varianceScaling(3, "fan_out", "normal"), Math.sqrt(3 / fanOut)],
    [initializers.varianceScaling(1, "fan_geo_avg", "uniform"), (fanIn * fanOut) ** -0.25],
    [initializers.glorotNormal({ inAxis: 0, outAxis: 1, batchAxis: 2 }), Math.sqrt(2 / 43)],
    [initializers.lecunNormal([0, 1]), Math.sqrt(1 / fanIn)],
  ];
  for (const [init, want] of cases) {
    const std = Number(init(key, shape).std().item());
    assertAllClose(std / want, 1, { rtol: 4 / Math.sqrt(size), atol: 0 });
  }
});

Deno.test("initializers: complex weights", () => {
  for (const distribution of ["normal", "truncated_normal", "uniform"] as const) {
    const w = initializers.varianceScaling(1, "fan_in", distribution, { dtype: "complex64" })(key, [100, 80]);
    assertEquals(w.dtype.name, "complex64");
    assertAllClose(np.square(np.abs(w)).mean().item(), 0.01, { rtol: 0.05 });
    if (distribution !== "normal") assert(Number(np.abs(w).max().item()) < 0.22);
  }
});

Deno.test("initializers: orthogonal weights", () => {
  const w = initializers.orthogonal(2)(key, [3, 2, 4]).reshape(6, 4);
  assertAllClose(w.T.matmul(w), np.eye(4).mul(4), { atol: 1e-5 });
  const columns = initializers.orthogonal({ columnAxis: 0 })(key, [2, 5]);
  assertAllClose(columns.matmul(columns.T), np.eye(2), { atol: 1e-5 });
  const kernel = initializers.deltaOrthogonal()(key, [3, 4, 2, 3]);
  assertAllClose(kernel.get(1, 1).matmul(kernel.get(1, 1).T), np.eye(2), { atol: 1e-5 });
  assertArrayEquals(kernel.at(1, 1).set(0), np.zeros([3, 4, 2, 3]));
});

Deno.test("initializers: one stream, eager and jitted", () => {
  for (const init of [initializers.normal(), initializers.heNormal(), initializers.xavierUniform()]) {
    assertAllClose(jit((k) => init(k, [4, 3]))(key), init(key, [4, 3]), { rtol: 1e-6 });
  }
});

Deno.test("initializers: errors", () => {
  const scaling = (...rest: unknown[]) => () =>
    (initializers.varianceScaling as (...xs: unknown[]) => nn.initializers.Initializer)(...rest)(key, [3, 3]);
  assertThrows(
    scaling(1, "bad", "normal"),
    errors.ValueError,
    "invalid mode for variance scaling initializer: bad",
  );
  assertThrows(
    scaling(1, "fan_in", "bad"),
    errors.ValueError,
    "invalid distribution for variance scaling initializer: bad",
  );
  assertThrows(scaling(1, "fan_in"), TypeError, "missing 1 required positional argument: 'distribution'");
  assertThrows(
    () => initializers.heNormal()(key, [3]),
    errors.ValueError,
    "Can't compute input and output sizes of a 1-dim",
  );
  assertThrows(() => initializers.heNormal()(key, [3, 0]), errors.ValueError, "it is empty");
  assertThrows(() => initializers.heNormal(2)(key, [3, 3]), RangeError, "in_axis 2 is out of range");
  assertThrows(() => initializers.uniform()(key, [3], "int32"), errors.ValueError, "must be a float");
  assertThrows(() => initializers.orthogonal()(key, [3]), errors.ValueError, "at least a 2D shape");
  assertThrows(() => initializers.deltaOrthogonal()(key, [3, 3]), errors.ValueError, "3D, 4D or 5D");
  assertThrows(
    () => initializers.deltaOrthogonal()(key, [3, 3, 2]),
    errors.ValueError,
    "`fan_in` must be less or equal",
  );
});
