import { config, errors, grad, jit, jvp, makeJaxpr, numpy as np, slice, vjp, vmap } from "../../mod.ts";
import { assert, assertAllClose, assertEquals, assertThrows } from "../assert.ts";

// deno-lint-ignore no-explicit-any -- what TypeScript refuses is tried on purpose
type Any = any;

const type = (x: np.Array): string => `${x.aval}${x.weakType ? " weak" : ""}`;
const types = (xs: readonly np.Array[]): string[] => xs.map(type);
const i = (...shape: number[]): np.Array => np.arange(shape.reduce((a, b) => a * b, 1)).reshape(shape);

Deno.test("shape: reshape", () => {
  const x = i(2, 3);
  assertEquals(np.reshape(x, [3, -1]).toArray(), [[0, 1], [2, 3], [4, 5]]);
  assertEquals(np.reshape(x, [3, 2], "F").toArray(), [[0, 4], [3, 2], [1, 5]]);
  assertEquals(np.reshape(x, { shape: [6] }).toArray(), [0, 1, 2, 3, 4, 5]);
  assertEquals(np.ravel(x, "F").toArray(), [0, 3, 1, 4, 2, 5]);
  assert(np.reshape(x, [2, 3]) === x, "nothing is done for the same shape");
  assertEquals(type(np.reshape(2.5, [1, 1])), "float32[1,1] weak");
  assertThrows(() => np.reshape(x, [7, 11]), TypeError, "(size 6) into shape (7, 11) (size 77)");
  assertThrows(() => np.reshape(x, [-1, -1]), TypeError, "one unknown axis size");
  assertThrows(() => np.reshape(x, [4, -1]), TypeError, "does not evenly divide 6");
  assertThrows(() => np.reshape(x, [6], "A"), errors.NotImplementedError, "order=A");
  assertThrows(() => np.reshape([[1]] as Any, [1]), TypeError, "got <class 'list'>");
  assertThrows(() => np.ravel(x, { ordr: "F" } as Any), TypeError, 'did you mean "order"');
});

Deno.test("shape: axes", () => {
  const x = np.zeros([2, 3, 4]);
  assertEquals(
    types([
      np.transpose(x),
      np.transpose(x, [1, -1, 0]),
      np.permuteDims(x, [2, 0, 1]),
      np.swapaxes(x, 0, -1),
      np.moveaxis(x, [0, 1], [2, 0]),
      np.rollaxis(x, 2),
      np.rollaxis(x, 0, 3),
      np.expandDims(x, [0, -1]),
      np.squeeze(np.zeros([1, 2, 1])),
      np.squeeze(np.zeros([1, 2, 1]), -1),
      np.matrixTranspose(x),
    ]),
    [
      "float32[4,3,2]",
      "float32[3,4,2]",
      "float32[4,2,3]",
      "float32[4,3,2]",
      "float32[3,4,2]",
      "float32[4,2,3]",
      "float32[3,4,2]",
      "float32[1,2,3,4,1]",
      "float32[2]",
      "float32[1,2]",
      "float32[2,4,3]",
    ],
  );
  assertThrows(() => np.transpose(x, [0, 0, 1]), TypeError, "isn't a permutation");
  assertThrows(() => np.swapaxes(x, 0, 5), errors.IndexError, "index 5 is out of bounds");
  assertThrows(
    () => np.moveaxis(x, [0, 1], [0]),
    errors.ValueError,
    "Inconsistent number of elements: 2 vs 1",
  );
  assertThrows(() => np.squeeze(x, 0), errors.ValueError, "not equal to one");
  assertThrows(() => np.expandDims(x, 9), errors.ValueError, "axis 9 is out of bounds");
  assertThrows(() => jit((n: Any) => np.swapaxes(x, n, 0))(np.int32(1)), errors.TracerIntegerConversionError);
});

Deno.test("shape: broadcasting and least ranks", () => {
  assertEquals(np.broadcastTo(i(2), [2, 2]).toArray(), [[0, 1], [0, 1]]);
  assertEquals(np.broadcastShapes([2, 1], 3, []), [2, 3]);
  assertEquals(types(np.broadcastArrays(np.ones([2, 1]), 2)), ["float32[2,1]", "float32[2,1] weak"]);
  assertThrows(() => np.broadcastTo(i(2, 2), 2), errors.ValueError, "fewer dimensions");
  assertThrows(() => np.broadcastShapes([2], [3]), errors.ValueError, "Incompatible shapes");
  assertEquals(types([np.atleast1d(2), np.atleast2d(i(3)), np.atleast3d(i(3)), np.atleast3d(i(2, 3))]), [
    "float32[1] weak",
    "int32[1,3]",
    "int32[1,3,1]",
    "int32[2,3,1]",
  ]);
  assertEquals(types(np.atleast2d(1, i(2))), ["float32[1,1] weak", "int32[1,2]"]);
  assertEquals(np.resize(i(3), [2, 2]).toArray(), [[0, 1], [2, 0]]);
});

Deno.test("join: dtypes, axes, errors", () => {
  assertEquals(type(np.concatenate([i(2), np.ones(1)])), "float32[3]");
  assertEquals(np.concatenate([i(1, 2), i(1, 2)], { axis: null }).toArray(), [0, 1, 0, 1]);
  assertEquals(np.concatenate(i(2, 2, 2), 1).toArray(), [[0, 1, 4, 5], [2, 3, 6, 7]]);
  assertEquals(type(np.concatenate([i(2)], { dtype: np.int8 })), "int8[2]");
  assertEquals(type(np.stack([1, 2])), "float32[2] weak");
  assertEquals(type(np.stack([i(2), i(2)], { axis: -1, dtype: np.float16 })), "float16[2,2]");
  assertEquals(np.vstack([i(2), i(1, 2)]).toArray(), [[0, 1], [0, 1]]);
  assertEquals(np.hstack(i(2, 2)).toArray(), [0, 1, 2, 3]);
  assertEquals(np.dstack([i(2), i(2)]).toArray(), [[[0, 0], [1, 1]]]);
  assertEquals(np.columnStack([i(2), np.ones([2, 1])]).toArray(), [[0, 1], [1, 1]]);
  assertEquals(np.block([[np.ones([1, 1]), 2], [i(1, 2)]] as Any).toArray(), [[1, 2], [0, 1]]);
  assertEquals(np.append(i(1, 2), [5].length).toArray(), [0, 1, 1]);
  assertThrows(() => np.concatenate([]), errors.ValueError, "Need at least one array");
  assertThrows(() => np.concatenate(i(3)), errors.ValueError, "Zero-dimensional");
  assertThrows(() => np.concatenate([i(2, 3), i(2, 4)]), TypeError, "shapes that differ");
  assertThrows(() => np.stack([]), errors.ValueError, "Need at least one array to stack");
  assertThrows(() => np.block([[i(1)], i(1)]), errors.ValueError, "Mismatched list depths");
  assertThrows(() => np.stack([i(1)], { out: i(1) } as Any), errors.NotImplementedError, "'out'");
});

Deno.test("join: division", () => {
  const lists = (xs: np.Array[]): unknown[] => xs.map((x) => x.toArray());
  assertEquals(lists(np.split(i(4), 2)), [[0, 1], [2, 3]]);
  assertEquals(lists(np.split(i(4), [1, 3])), [[0], [1, 2], [3]]);
  assertEquals(lists(np.arraySplit(i(5), 3)), [[0, 1], [2, 3], [4]]);
  assertEquals(lists(np.hsplit(i(2, 2), 2)), [[[0], [2]], [[1], [3]]]);
  assertEquals(types(np.dsplit(np.zeros([1, 1, 4]), [1])), ["float32[1,1,1]", "float32[1,1,3]"]);
  assertEquals(lists(np.unstack(i(2, 2), { axis: 1 })), [[0, 2], [1, 3]]);
  assertThrows(() => np.split(i(4), 3), errors.ValueError, "rest is 1");
});

Deno.test("rearrange: flips, rolls, tiles", () => {
  const x = i(2, 3);
  assertEquals(np.flip(x).toArray(), [[5, 4, 3], [2, 1, 0]]);
  assertEquals(np.fliplr(x).toArray(), [[2, 1, 0], [5, 4, 3]]);
  assertEquals(np.rot90(x).toArray(), [[2, 5], [1, 4], [0, 3]]);
  assertEquals(np.rot90(x, -1).toArray(), [[3, 0], [4, 1], [5, 2]]);
  assertEquals(np.roll(x, 1).toArray(), [[5, 0, 1], [2, 3, 4]]);
  assertEquals(np.roll(x, [1, -1], { axis: [0, 1] }).toArray(), [[4, 5, 3], [1, 2, 0]]);
  assertEquals(np.tile(i(2), [2, 2]).toArray(), [[0, 1, 0, 1], [0, 1, 0, 1]]);
  assertThrows(() => np.rot90(i(3)), errors.ValueError, "ndim at least two");
  const shift = jit((x: np.Array, n: np.Array) => np.roll(x, n, 0));
  for (const n of [-7, 0, 1, 3]) assertEquals(shift(i(3), np.int32(n)).toArray(), np.roll(i(3), n).toArray());
});

Deno.test("rearrange: repeat", () => {
  const x = i(3);
  assertEquals(np.repeat(x, 2).toArray(), [0, 0, 1, 1, 2, 2]);
  assertEquals(np.repeat(x, [2, 0, 1]).toArray(), [0, 0, 2]);
  assertEquals(np.repeat(i(2, 2), np.array([1n, 2n]), 1).toArray(), [[0, 1, 1], [2, 3, 3]]);
  assertEquals(np.repeat(x, [2, 0, 1], { totalRepeatLength: 5 }).toArray(), [0, 0, 2, 2, 2]);
  assertEquals(np.repeat(x, [2, 0, 1], { totalRepeatLength: 1 }).toArray(), [0]);
  assertEquals(np.repeat(2.5, 2).toArray(), [2.5, 2.5]);
  const traced = jit((x: np.Array, n: np.Array) => np.repeat(x, n, { totalRepeatLength: 4 }));
  assertEquals(traced(x, np.array([1n, 0n, 2n])).toArray(), [0, 2, 2, 2]);
  assertThrows(
    () => jit((n: np.Array) => np.repeat(x, n))(np.array([1n, 1n, 1n])),
    errors.ConcretizationTypeError,
    "total_repeat_length",
  );
  assertThrows(() => np.repeat(x, [1, 2]), errors.ValueError, "broadcast");
});

Deno.test("edit: delete and insert", () => {
  const x = i(5);
  assertEquals(np.delete(x, -2).toArray(), [0, 1, 2, 4]);
  assertEquals(np.delete(x, [0, 0, 3]).toArray(), [1, 2, 4]);
  assertEquals(np.delete(x, slice(null, null, 2)).toArray(), [1, 3]);
  assertEquals(np.delete(x, [true, false, false, false, true]).toArray(), [1, 2, 3]);
  assertEquals(np.delete(i(2, 3), 1, { axis: 1 }).toArray(), [[0, 2], [3, 5]]);
  assertThrows(() => np.delete(x, 7), errors.ValueError, "axis 7 is out of bounds");
  assertThrows(() => np.delete(x, [7]), errors.IndexError, "index 7 is out of bounds");
  const unique = jit((x: np.Array, k: np.Array) => np.delete(x, k, { assumeUniqueIndices: true }));
  assertEquals(unique(x, np.array([-1n, 1n])).toArray(), [0, 2, 3]);

  assertEquals(np.insert(x, 1, 9).toArray(), [0, 9, 1, 2, 3, 4]);
  assertEquals(np.insert(x, [3, 1], np.array([8, 9])).toArray(), [0, 9, 1, 2, 8, 3, 4]);
  assertEquals(np.insert(x, [1, 1], np.array([8, 9])).toArray(), [0, 8, 9, 1, 2, 3, 4]);
  assertEquals(np.insert(i(2, 2), 1, np.array([7, 8]), 1).toArray(), [[0, 7, 1], [2, 8, 3]]);
  assertEquals(np.insert(x, 99, 2.7).toArray(), [0, 1, 2, 3, 4, 2]);
  const put = jit((x: np.Array, k: np.Array) => np.insert(x, k, np.array([8, 9])));
  assertEquals(put(x, np.array([3n, 1n])).toArray(), [0, 9, 1, 2, 8, 3, 4]);
  assertThrows(() => np.insert(x, np.ones(1), 1), TypeError, "integer");
  assertEquals(np.trimZeros(np.array([0, 1, 0, 2, 0]), "f").toArray(), [1, 0, 2, 0]);
  assertEquals(np.trimZeros(np.array([[0, 0], [0, 1]])).toArray(), [[1]]);
});

Deno.test("pad: modes", () => {
  const x = np.array([1, 2, 4]);
  const cases: [Parameters<typeof np.pad>, number[]][] = [
    [[x, 1], [0, 1, 2, 4, 0]],
    [[x, [1, 2], { constantValues: [7, 8] }], [7, 1, 2, 4, 8, 8]],
    [[x, 2, "edge"], [1, 1, 1, 2, 4, 4, 4]],
    [[x, [4, 3], "reflect"], [1, 2, 4, 2, 1, 2, 4, 2, 1, 2]],
    [[x, [4, 1], "symmetric"], [4, 4, 2, 1, 1, 2, 4, 4]],
    [[x, [2, 1], "reflect", { reflectType: "odd" }], [-2, 0, 1, 2, 4, 6]],
    [[x, [4, 4], "wrap"], [4, 1, 2, 4, 1, 2, 4, 1, 2, 4, 1]],
    [[x, 2, "linear_ramp", { endValues: [5, 0] }], [5, 3, 1, 2, 4, 2, 0]],
    [[x, 1, "maximum"], [4, 1, 2, 4, 4]],
    [[x, 1, "mean", { statLength: 2 }], [1.5, 1, 2, 4, 3]],
    [[x, 1, "median"], [2, 1, 2, 4, 2]],
    [[x, 1, { mode: "minimum" }], [1, 1, 2, 4, 1]],
    [[x, 1, (row, [before], _axis, { value }) => row.at(`:${before}`).set(value as number), { value: 9 }], [
      9,
      1,
      2,
      4,
      0,
    ]],
  ];
  for (const [args, wanted] of cases) assertAllClose(np.pad(...args), wanted);
  assertEquals(type(np.pad(np.array([true]), 1)), "bool[3]");
  assertEquals(np.pad(i(2), 1, "mean").toArray(), [0, 0, 1, 0]);
  assertEquals(np.pad(i(1, 1), [[1, 0], [0, 2]], { constantValues: 3 }).toArray(), [[3, 3, 3], [0, 3, 3]]);
  assertThrows(() => np.pad(x, [[1, 1], [2, 2]]), errors.ValueError, "unsupported shape (2, 2)");
  assertThrows(() => np.pad(x, 1.5), TypeError, "integral");
  assertThrows(() => np.pad(x, -1), errors.ValueError, "negative");
  assertThrows(
    () => np.pad(x, 1, "nope" as Any),
    errors.NotImplementedError,
    "Unimplemented padding mode 'nope'",
  );
  assertThrows(() => np.pad(x, 1, "edge", { constantValues: 1 }), errors.ValueError, "unsupported keyword");
  assertThrows(() => np.pad(np.zeros([0]), 1, "edge"), errors.ValueError, "empty axis");
});

Deno.test("diagonal: matrices", () => {
  const x = i(2, 3);
  assertEquals(np.diagonal(x, -1).toArray(), [3]);
  assertEquals(np.diagonal(x, 5).shape, [0]);
  assertEquals(np.diagonal(i(2, 2, 2), { axis1: 1, axis2: 2 }).toArray(), [[0, 3], [4, 7]]);
  assertEquals(np.diag(i(2), -1).toArray(), [[0, 0, 0], [0, 0, 0], [0, 1, 0]]);
  assertEquals(np.diagflat(i(1, 2)).toArray(), [[0, 0], [0, 1]]);
  assertEquals(np.trace(x, 1).item(), 6);
  assertEquals(jit((k: np.Array) => np.trace(x, k))(np.int32(1)).item(), 6);
  assertEquals(type(np.trace(np.ones([2, 2], np.int8))), "int32[]");
  assertEquals(np.trilIndices(2, { k: -1, m: 3 }).map((v) => v.toArray()), [[1], [0]]);
  assertEquals(np.triuIndices(2, -1, 3).map((v) => v.size), [6, 6]);
  assertEquals(np.maskIndices(3, np.tril, -1).map((v) => v.toArray()), [[1, 2, 2], [0, 0, 1]]);
  assertEquals(np.fillDiagonal(np.zeros([2, 2]), np.array([1, 2]), { inplace: false }).toArray(), [[1, 0], [
    0,
    2,
  ]]);
  assertEquals(np.vander(i(3), { N: 2, increasing: true }).toArray(), [[1, 0], [1, 1], [1, 2]]);
  assertThrows(() => np.diag(i(1, 1, 1)), errors.ValueError, "1d or 2d");
  assertThrows(() => np.fillDiagonal(x, 1), errors.NotImplementedError, "immutable");
  assertThrows(() => np.trace(x, { axis1: 1 }), errors.ValueError, "can not be same");
});

Deno.test("take: modes, fill values, errors", () => {
  const x = i(2, 3), far = [0, -1, 7];
  assertEquals(np.take(x, far).toArray(), [0, 5, -(2 ** 31)]);
  assertEquals(np.take(x, far, { mode: "clip" }).toArray(), [0, 0, 5]);
  assertEquals(np.take(x, far, { mode: "wrap" }).toArray(), [0, 5, 1]);
  assertEquals(np.take(x, far, { fillValue: 9 }).toArray(), [0, 5, 9]);
  assertEquals(np.take(x, [[1], [0]], 1).toArray(), [[[1], [0]], [[4], [3]]]);
  assertAllClose(np.take(np.ones(2), far), [1, 1, NaN]);
  assertThrows(() => np.take(x, 0, { mode: "raise" }), errors.NotImplementedError, "'raise'");
  assertThrows(() => np.take(np.zeros(0), 0), errors.IndexError, "empty axis");
  assertThrows(() => np.take(x, 1.5), TypeError, "integer");
  assertThrows(() => np.take(x, np.ones(1)), TypeError, "float32");
  assertEquals(np.takeAlongAxis(x, [[2], [0]], 1).toArray(), [[2], [3]]);
  assertEquals(np.takeAlongAxis(x, [[1, -1, 0]], 0).toArray(), [[3, 4, 2]]);
  assertEquals(np.takeAlongAxis(x, [4, 9], null).toArray(), [4, -(2 ** 31)]);
  assertThrows(() => np.takeAlongAxis(x, [0]), errors.ValueError, "same number of dimensions");
  assertEquals(np.putAlongAxis(x, [[0], [2]], 9, 1, { inplace: false }).toArray(), [[9, 1, 2], [3, 4, 9]]);
  assertThrows(() => np.putAlongAxis(x, [[0]], 9, 1), errors.ValueError, "in-place");
});

Deno.test("nonzero: sizes and fill values, eager and traced", () => {
  const x = np.array([[0, 3, 0], [2, 0, 1]]);
  const lists = (xs: readonly np.Array[]): unknown[] => xs.map((v) => v.toArray());
  assertEquals(lists(np.nonzero(x)), [[0, 1, 1], [1, 0, 2]]);
  assertEquals(lists(np.nonzero(x, { size: 2 })), [[0, 1], [1, 0]]);
  assertEquals(lists(np.nonzero(x, { size: 4 })), [[0, 1, 1, 0], [1, 0, 2, 0]]);
  assertEquals(lists(np.nonzero(x, { size: 4, fillValue: [-1, 9] })), [[0, 1, 1, -1], [1, 0, 2, 9]]);
  assertEquals(lists(jit((x: np.Array) => np.nonzero(x, { size: 4, fillValue: -1 }))(x)), [
    [0, 1, 1, -1],
    [1, 0, 2, -1],
  ]);
  assertEquals(vmap((row: np.Array) => np.flatnonzero(row, { size: 2 }))(x).toArray(), [[1, 0], [0, 2]]);
  assertEquals(np.argwhere(x, { size: 1 }).toArray(), [[0, 1]]);
  assertEquals(np.argwhere(np.float32(1)).shape, [1, 0]);
  assertEquals(np.nonzero(np.array([{ re: 0, im: 1 }, { re: 0, im: 0 }]))[0]!.toArray(), [0]);
  assertThrows(() => np.nonzero(1), errors.ValueError, "0d arrays");
  assertThrows(() => jit((x: np.Array) => np.nonzero(x))(x), errors.ConcretizationTypeError, "size argument");
});

Deno.test("nonzero: compress, extract, place, put", () => {
  const x = i(2, 3);
  assertEquals(np.compress([false, true], x, 0).toArray(), [[3, 4, 5]]);
  assertEquals(np.compress([1, 0, 1], x, { axis: 1, size: 3, fillValue: -1 }).toArray(), [[0, 2, -1], [
    3,
    5,
    -1,
  ]]);
  assertThrows(() => np.compress([false, false, true], x, 0), errors.ValueError, "out of bounds");
  assertThrows(() => np.compress([[true]], x), errors.ValueError, "1D");
  assertEquals(np.extract(x.gt(3), x).toArray(), [4, 5]);
  assertEquals(jit((x: np.Array) => np.extract(x.gt(3), x, { size: 3 }))(x).toArray(), [4, 5, 0]);
  assertEquals(np.place(x, x.gt(2), np.array([7, 8]), { inplace: false }).toArray(), [[0, 1, 2], [
    7,
    8,
    7,
  ]]);
  assertEquals(np.put(x, [0, -1], np.array([7, 8]), { inplace: false }).toArray(), [[7, 1, 2], [
    3,
    4,
    8,
  ]]);
  assertEquals(np.put(x, [99], 7, "clip", { inplace: false }).toArray(), [[0, 1, 2], [3, 4, 7]]);
  assertThrows(() => np.place(x, x, 1), errors.ValueError, "in-place");
});

Deno.test("unravel: indices", () => {
  const lists = (xs: readonly np.Array[]): unknown[] => xs.map((v) => v.toArray());
  assertEquals(lists(np.unravelIndex([0, 5, -1, 99, -99], [2, 3])), [[0, 1, 1, 1, 0], [0, 2, 2, 2, 0]]);
  assertEquals(np.ravelMultiIndex([[1, 3], [2, -1]], [2, 3], "clip").toArray(), [5, 3]);
  assertEquals(np.ravelMultiIndex([[1, 3], [2, -1]], [2, 3], { mode: "wrap", order: "F" }).toArray(), [5, 5]);
  assertThrows(() => np.ravelMultiIndex([[2], [0]], [2, 3]), errors.ValueError, "invalid entry");
  assertThrows(
    () => jit((k: np.Array) => np.ravelMultiIndex([k], [3]))(np.array([1n])),
    errors.ConcretizationTypeError,
    "mode='wrap'",
  );
});

Deno.test("grids: index helpers", () => {
  const x = i(3, 3);
  assertEquals(x.get(...np.ix([0, 2], [1, 2])).toArray(), [[1, 2], [7, 8]]);
  assertEquals(np.mgrid("0:2", "1:3").toArray(), [[[0, 0], [1, 1]], [[1, 2], [1, 2]]]);
  assertEquals(type(np.mgrid("0:2", "0:1:0.5")), "float32[2,2,2]");
  assertEquals((np.ogrid("0:2", slice(3)) as np.Array[]).map((v) => v.shape), [[2, 1], [1, 3]]);
  assertAllClose(np.mgrid("-1:1:5j"), [-1, -0.5, 0, 0.5, 1]);
  assertEquals(np.r("1:4", 0, [7, 8]).toArray(), [1, 2, 3, 0, 7, 8]);
  assertEquals(np.r("0,2", [1, 2], [3, 4]).toArray(), [[1, 2], [3, 4]]);
  assertEquals(np.r("r", [1, 2]).shape, [1, 2]);
  assertEquals(np.c([1, 2], [3, 4]).toArray(), [[1, 3], [2, 4]]);
  assertEquals(np.r("0,2,0", [1, 2], [3, 4]).toArray(), [[1], [2], [3], [4]]);
  assertEquals(x.get(...np.indexExp("1:", 0)).toArray(), [3, 6]);
  assertEquals(x.get(np.s("::2") as string).toArray(), [[0, 1, 2], [6, 7, 8]]);
  assertThrows(() => np.r([1], "0,2"), errors.ValueError, "string directive");
  assertThrows(() => np.ix([true]), errors.NotImplementedError, "Boolean");
});

Deno.test("vectorize: signatures, excluded arguments, errors", () => {
  const f = np.vectorize((m: np.Array, v: np.Array) => np.dot(m, v), { signature: "(n,m),(m)->(n)" });
  assertEquals(f(np.ones([5, 1, 2, 3]), np.ones([4, 3])).shape, [5, 4, 2]);
  assertEquals(f(np.ones([1, 2, 3]), np.ones([3])).shape, [1, 2]);
  const g = np.vectorize((x: np.Array, n: number) => x.mul(n), { excluded: [1] });
  assertEquals(g(i(3), 2).toArray(), [0, 2, 4]);
  const h = np.vectorize((x: np.Array) => [np.min(x), np.max(x)], { signature: "(n)->(),()" });
  assertEquals((h(i(2, 3)) as Any).map((v: np.Array) => v.toArray()), [[0, 3], [2, 5]]);
  assertThrows(
    () => f(np.ones([2, 3]), np.ones(4)),
    errors.ValueError,
    "inconsistent size for core dimension 'm'",
  );
  assertThrows(() => f(np.ones(3), np.ones(3)), errors.ValueError, "enough dimensions");
  assertThrows(() => np.vectorize(f, { signature: "(n)" }), errors.ValueError, "gufunc signature");
  assertThrows(() => np.vectorize(f, { excluded: [-1] }), errors.ValueError, "negative");
  assertEquals(np.applyAlongAxis((r: np.Array) => np.cumsum(r), 0, i(2, 2)).toArray(), [[0, 1], [2, 4]]);
  assertEquals(np.applyOverAxes(np.sum, i(2, 2, 2), [0, 2]).toArray(), [[[10], [18]]]);
});

Deno.test("shape: derivatives and batches of functions that move elements", () => {
  const x = np.linspace(0.1, 1.2, 12).reshape(3, 4), w = np.linspace(-1, 1, 12);
  const movers: [string, (x: np.Array) => np.Array][] = [
    ["take", (x) => np.take(x, [0, 3, 3], 1)],
    ["takeAlongAxis", (x) => np.takeAlongAxis(x, [[0], [3], [1]], 1)],
    ["roll", (x) => np.roll(x, 2)],
    ["rot90", (x) => np.rot90(x)],
    ["repeat", (x) => np.repeat(x, [1, 0, 2], 0)],
    ["insert", (x) => np.insert(x, [1, 2], x.get(0, slice(2)), 1)],
    ["delete", (x) => np.delete(x, [1], 1)],
    ["pad", (x) => np.pad(x, 1, "reflect")],
    ["diagonal", (x) => np.diagonal(x, 1)],
    ["compress", (x) => np.compress([1, 0, 1], x, { axis: 0 })],
    ["block", (x) => np.block([[x, x], [x, x]])],
  ];
  for (const [name, f] of movers) {
    // A function that moves elements is linear: its tangent is itself, and ⟨f(t), c⟩ = ⟨t, fᵀ(c)⟩.
    const t = w.reshape(3, 4),
      [y, dy] = jvp(f, [x], [t]),
      c = np.arange(y.size).astype(np.float32).reshape(y.shape);
    assertAllClose(dy, f(t), { rtol: 1e-6 });
    const [, pull] = vjp(f, x), [ct] = pull(c) as [np.Array];
    assertAllClose(np.vdot(f(t), c), np.vdot(t, ct), { rtol: 1e-4, atol: 1e-4 });
    assertAllClose(vmap(f)(np.stack([x, t])), np.stack([f(x), f(t)]), { rtol: 1e-6 });
    assertAllClose(jit(f)(x), y, { rtol: 1e-6 });
    assert(grad((x: np.Array) => f(x).sum())(x).shape.join() === "3,4", name);
  }
});

Deno.test("shape: jaxprs show JAX's calls", () => {
  const x = np.ones([3, 4]),
    names = (f: (x: np.Array) => unknown): string[] =>
      [...String(makeJaxpr(f)(x)).matchAll(/name=(\w+)/g)].map((m) => m[1]!);
  assertEquals(names((x) => np.roll(x, 1)), ["_roll_static"]);
  assertEquals(names((x) => np.pad(x, 1)), ["_pad"]);
  assertEquals(names((x) => np.take(x, np.arange(2), 0)), ["_take", "_where"]);
  assertEquals(names((x) => np.flip(x)), ["_flip"]);
  assertEquals(names((x) => np.append(x, x)), ["append"]);
  assertEquals(names((x) => np.reshape(np.transpose(x), [12])), []);
});

Deno.test("shape: 64-bit indices with x64", () => {
  config.update("jax_enable_x64", true);
  try {
    assertEquals(np.nonzero(np.array([0, 1]))[0]!.dtype, np.int64);
    assertEquals(np.repeat(np.arange(2), [1, 2]).toArray(), [0n, 1n, 1n]);
    assertEquals(np.take(np.arange(3), [2]).toArray(), [2n]);
    assertEquals(np.unravelIndex([5], [2, 3])[0]!.dtype, np.int64);
  } finally {
    config.update("jax_enable_x64", false);
  }
});
