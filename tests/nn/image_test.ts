import { errors, grad, image, numpy as np } from "../../mod.ts";
import { assertAllClose, assertArrayEquals, assertEquals, assertThrows } from "../assert.ts";
import { array, random, type Row, testRows } from "../ops/_harness.ts";

const methods = ["nearest", "linear", "cubic", "cubic-pytorch", "lanczos3", "lanczos5", "area"] as const;
const smooth = methods.slice(1);

testRows(
  "resize",
  methods.flatMap((method): Row[] => [
    {
      name: `${method} smaller and larger`,
      f: (x) => image.resize(x, [3, 7], method),
      operands: [random([5, 4])],
    },
    {
      name: `${method} without antialiasing`,
      f: (x) => image.resize(x, [2, 4], method, false),
      operands: [random([5, 4])],
    },
  ]),
);

testRows(
  "scaleAndTranslate",
  smooth.map((method): Row => ({
    name: method,
    f: (x, scale, shift) => image.scaleAndTranslate(x, [4, 6], [-1], scale, shift, method),
    operands: [random([4, 5]), array([1.3]), array([-0.4])],
    order: 1, // Weights have kinks of the second order in the coordinates.
  })),
);

Deno.test("resize: constants stay, and sizes of their own", () => {
  const flat = np.full([6, 4, 1], 3);
  for (const method of methods) {
    for (const antialias of [true, false]) {
      const out = image.resize(flat, [4, 9, 1], method, antialias);
      assertAllClose(out, np.full([4, 9, 1], 3), { rtol: 1e-5 });
    }
    assertArrayEquals(image.resize(np.arange(3), [3], method), [0, 1, 2]);
  }
});

Deno.test("resize: known values", () => {
  const x = np.array([0, 1, 4, 9]);
  const to = (n: number, method: image.ResizeMethodLike, antialias = true): np.Array =>
    image.resize(x, [n], method, { antialias });
  assertArrayEquals(to(2, "nearest"), [1, 9]);
  assertAllClose(to(8, "bilinear"), [0, 0.25, 0.75, 1.75, 3.25, 5.25, 7.75, 9]);
  assertAllClose(to(2, "linear", false), [0.5, 6.5]);
  assertAllClose(to(2, "area"), [0.5, 6.5]);
  assertAllClose(to(2, "linear"), [1, 5.7142859], { rtol: 1e-5 });
  assertAllClose(to(3, "cubic-pytorch", false), [0.091434985, 2.125, 8.334488], { rtol: 1e-5 });
  assertAllClose(to(3, "lanczos3"), [0.02535319, 2.2499998, 8.068996], { rtol: 1e-5 });
  assertAllClose(to(5, "lanczos5"), [-0.08834227, 0.7552407, 1.6795527, 5.8057823, 9.2974691], {
    rtol: 1e-5,
  });
  assertAllClose(to(3, "cubic"), [0.07551488, 2.3591952, 7.935926], { rtol: 1e-5 });
});

Deno.test("resize: dtypes and synonyms", () => {
  assertEquals(image.resize(np.arange(4), [2], "nearest").dtype.name, "int32");
  assertEquals(image.resize(np.arange(4), [2], "linear").dtype.name, "float32");
  assertEquals(image.resize(np.ones([4], { dtype: "float16" }), [2], "cubic").dtype.name, "float16");
  assertEquals(image.ResizeMethod.fromString("bicubic-pytorch"), image.ResizeMethod.CUBIC_PYTORCH);
  assertArrayEquals(image.resize(np.ones([0, 2]), [0, 3], "linear").shape, [0, 3]);
});

Deno.test("scaleAndTranslate: pixels from outside are 0, and shifts are differentiable", () => {
  const x = np.array([1, 2, 4, 8]);
  const shifted = (by: np.Array): np.Array =>
    image.scaleAndTranslate(x, [4], [0], np.array([1]), by, "linear", { antialias: false });
  assertAllClose(shifted(np.array([1])), [0, 1, 2, 4]);
  assertAllClose(shifted(np.array([-0.5])), [1.5, 3, 6, 8]);
  assertAllClose(grad((t: np.Array) => shifted(t).get(1))(np.array([-0.5])), [-2]);
});

Deno.test("image: errors", () => {
  const x = np.ones([3, 4]);
  assertThrows(
    () => image.resize(x, [2], "linear"),
    errors.ValueError,
    "shape must have length equal to the number of dim",
  );
  assertThrows(
    () => image.resize(x, [2, 2], "best" as never),
    errors.ValueError,
    'Unknown resize method "best"',
  );
  assertThrows(
    () => (image.resize as (...xs: unknown[]) => unknown)(x, [2, 2]),
    TypeError,
    "missing 1 required positional argument: 'method'",
  );
  const move = (method: image.ResizeMethodLike, scale: number[]) => () =>
    image.scaleAndTranslate(x, [3, 4], [0], scale, [0], method);
  assertThrows(
    move("nearest", [1]),
    errors.ValueError,
    "Nearest neighbor resampling is not currently supported",
  );
  assertThrows(
    move("linear", [1, 2]),
    errors.ValueError,
    "scale must have one element for each of the 1 spatial_dims",
  );
});
