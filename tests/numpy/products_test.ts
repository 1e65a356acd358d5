import { errors, grad, hessian, jit, makeJaxpr, numpy as np, vmap } from "../../mod.ts";
import { assert, assertAllClose, assertEquals, assertThrows } from "../assert.ts";

// deno-lint-ignore no-explicit-any -- what TypeScript refuses is tried on purpose
type Any = any;

const type = (x: np.Array): string => `${x.aval}${x.weakType ? " weak" : ""}`;
const i = (...shape: number[]): np.Array => np.arange(shape.reduce((a, b) => a * b, 1)).reshape(shape);
const f = (...shape: number[]): np.Array => i(...shape).astype(np.float32);

Deno.test("products: shapes and dtypes", () => {
  const m = f(2, 3), v = f(3), t = f(4, 3, 5);
  const cases: [np.Array, string][] = [
    [np.dot(m, v), "float32[2]"],
    [np.dot(v, v), "float32[]"],
    [np.dot(m, t), "float32[2,4,5]"],
    [np.dot(i(3), 2), "int32[3]"],
    [np.dot(i(3), 2.5), "float32[3] weak"],
    [np.dot(i(3), v), "float32[]"],
    [np.matmul(f(5, 1, 2, 3), f(4, 3, 2)), "float32[5,4,2,2]"],
    [np.matmul(f(1, 2, 3), f(1, 3, 2)), "float32[1,2,2]"],
    [np.matmul(v, t), "float32[4,5]"],
    [np.matmul(t, f(5)), "float32[4,3]"],
    [np.matvec(f(4, 2, 3), v), "float32[4,2]"],
    [np.vecmat(f(2), m), "float32[3]"],
    [np.vdot(m, m), "float32[]"],
    [np.vecdot(t, f(3, 5), { axis: -1 }), "float32[4,3]"],
    [np.tensordot(m, t, [[1], [1]]), "float32[2,4,5]"],
    [np.tensordot(v, v, 0), "float32[3,3]"],
    [np.inner(m, v), "float32[2]"],
    [np.inner(2, i(3)), "int32[3]"],
    [np.outer(i(2), v), "float32[2,3]"],
    [np.kron(i(2), m), "float32[2,6]"],
    [np.cross(f(4, 3), v), "float32[4,3]"],
    [np.cross(f(2), f(2)), "float32[]"],
    [
      np.matmul(np.ones([2, 2], np.int8), np.ones([2, 2], np.int8), { preferredElementType: np.int32 }),
      "int32[2,2]",
    ],
    [np.matmul(np.ones([2, 2], np.bfloat16), np.ones([2, 2])), "float32[2,2]"],
  ];
  for (const [x, wanted] of cases) assertEquals(type(x), wanted);
});

Deno.test("products: values", () => {
  assertEquals(np.matmul(i(2, 3), i(3, 2)).toArray(), [[10, 13], [28, 40]]);
  assertEquals(np.cross(np.array([1, 2, 3]), np.array([4, 5, 6])).toArray(), [-3, 6, -3]);
  assertEquals(np.cross(np.array([1, 2]), np.array([4, 5, 6])).toArray(), [12, -6, -3]);
  assertEquals(np.kron(i(2, 2), np.ones([1, 2], np.int32)).toArray(), [[0, 0, 1, 1], [2, 2, 3, 3]]);
  const z = np.array([{ re: 1, im: 2 }, { re: 0, im: 1 }]);
  assertEquals(np.vdot(z, z).item<unknown>(), { re: 6, im: 0 });
  assertEquals(np.vecmat(z, np.eye(2)).toArray(), [{ re: 1, im: -2 }, { re: 0, im: -1 }]);
  assertEquals(np.dot(z, z).item<unknown>(), { re: -4, im: 4 });
  assertEquals(np.dot(np.array([true, false]), np.array([true, true])).item<unknown>(), true);
});

Deno.test("products: errors", () => {
  assertThrows(() => np.matmul(1, i(2)), errors.ValueError, "operand 0 must have ndim at least 1");
  assertThrows(() => np.matmul(i(2, 3), i(2, 3)), TypeError, "contracting dimensions");
  assertThrows(() => np.matmul(f(2, 2, 2), f(3, 2, 2)), errors.ValueError, "Incompatible types for matmul");
  assertThrows(() => np.tensordot(i(2), i(2), 3), TypeError, "exceeds input ranks");
  assertThrows(() => np.tensordot(i(2), i(2), [[0], []]), TypeError, "equal length");
  assertThrows(() => np.cross(i(4), i(4)), errors.ValueError, "Dimension must be either 2 or 3");
  assertThrows(() => np.vecdot(i(2), i(3)), errors.ValueError, "axes must match");
  assertThrows(() => np.outer(i(2), i(2), { out: i(2) } as Any), errors.NotImplementedError, "'out'");
  assertThrows(() => np.dot(i(2), i(2), { precison: null } as Any), TypeError, 'did you mean "precision"');
  assertThrows(() => np.dot(i(2), i(2), { precision: "best" }), errors.ValueError, "precision");
});

Deno.test("einsum: against other functions", () => {
  const a = f(2, 3), b = f(3, 4), c = f(4, 2), t = f(2, 2, 3), s = f(3, 3);
  const cases: [np.Array, np.Array][] = [
    [np.einsum("ij,jk", a, b), np.matmul(a, b)],
    [np.einsum("ij,jk->ki", a, b), np.matmul(a, b).T],
    [np.einsum("ij,jk,kl->il", a, b, c), np.matmul(np.matmul(a, b), c)],
    [np.einsum("ij,jk,ki->", a, b, c), np.trace(np.matmul(np.matmul(a, b), c))],
    [np.einsum("ii", s), np.trace(s)],
    [np.einsum("ii->i", s), np.diagonal(s)],
    [np.einsum("iij->j", t), np.trace(t)],
    [np.einsum("ij->", a), np.sum(a)],
    [np.einsum("ji", a), a.T],
    [np.einsum("ij->ij", a), a],
    [np.einsum("i,j", f(2), f(3)), np.outer(f(2), f(3))],
    [np.einsum(",ij", 2, a), a.mul(2)],
    [np.einsum("...ij,jk->...ik", f(5, 2, 3), b), np.matmul(f(5, 2, 3), b)],
    [np.einsum("...,...", a, a), a.mul(a)],
    [np.einsum("i...->...", a), np.sum(a, 0)],
    [np.einsum(a, [0, 1], b, [1, 2], [0, 2]), np.matmul(a, b)],
    [np.einsum(a, [0, 1], b, [1, 2]), np.matmul(a, b)],
    [np.einsum(f(5, 2, 3), ["...", 0, 1], b, [1, 2], ["...", 0, 2]), np.matmul(f(5, 2, 3), b)],
    [np.einsum("ij,ij->i", a, np.ones([1, 3])), np.sum(a, 1)],
    [np.einsum("ij,kl->", a, b), np.sum(a).mul(np.sum(b))],
    [np.einsum(" i j , j -> i ", a, f(3)), np.matmul(a, f(3))],
  ];
  for (const [got, wanted] of cases) {
    assertEquals(got.shape, wanted.shape);
    assertAllClose(got, wanted);
  }
  for (
    const optimize of [true, false, "greedy", "branch-all", "branch-1", "dp", "auto-hq", [[1, 2], [0, 1]]]
  ) {
    assertAllClose(np.einsum("ij,jk,kl->il", a, b, c, { optimize }), np.matmul(np.matmul(a, b), c));
  }
  assertEquals(type(np.einsum("i,i", i(3), i(3))), "int32[]");
  assertEquals(
    type(np.einsum("i,i", np.ones(3, np.int8), np.ones(3, np.int8), { preferredElementType: np.int32 })),
    "int32[]",
  );
});

Deno.test("einsum: errors", () => {
  const a = f(2, 3), b = f(3, 4);
  assertThrows(
    () => np.einsum("ij,jk", a, f(2, 4)),
    errors.ValueError,
    "Size of label 'j' for operand 1 (3)",
  );
  assertThrows(() => np.einsum("ij,jk", a), errors.ValueError, "must be equal to the number of operands");
  assertThrows(() => np.einsum("ijk", a), errors.ValueError, "correct number of indices");
  assertThrows(() => np.einsum("ij->ii", a), errors.ValueError, "more than once in the output");
  assertThrows(() => np.einsum("ij->k", a), errors.ValueError, "did not appear in the input");
  assertThrows(() => np.einsum("ij->i->j", a), errors.ValueError, "one '->'");
  assertThrows(() => np.einsum("i..j", a), errors.ValueError, "Invalid Ellipses");
  assertThrows(
    () => np.einsum("ij,jk,kl", a, b, b.T, { optimize: "best" }),
    errors.ValueError,
    "Path optimizer 'best' not found",
  );
  assertThrows(
    () => np.einsum("ij,jk", a, b, { optimise: true } as Any),
    TypeError,
    'did you mean "optimize"',
  );
  assertThrows(
    () => np.einsum("ij,jk,kl", a, b, f(4, 2), { optimize: [[0, 1, 2]] }),
    errors.NotImplementedError,
    "3 or more operands",
  );
});

Deno.test("einsum: paths are opt_einsum's", () => {
  const n = (...shape: number[]): np.Array => np.zeros(shape);
  const [path, info] = np.einsumPath("ij,jk,kl,lm->im", n(2, 8), n(8, 4), n(4, 9), n(9, 3), {
    optimize: "greedy",
  });
  assertEquals(path.length, 3);
  assert(info.optCost <= info.naiveCost);
  assert(String(info).includes("Optimized FLOP count"));
  assertEquals(np.einsumPath("ab,bc,cd->ad", n(10, 2), n(2, 10), n(10, 2))[0], [[1, 2], [0, 1]]);
  assertEquals(np.einsumPath("ab,bc,cd->ad", n(10, 2), n(2, 10), n(10, 2), { optimize: false })[0], [[0, 1], [
    0,
    1,
  ]]);
});

Deno.test("products: derivatives", () => {
  const a = f(2, 3).add(1), b = f(3, 2).sub(2);
  const sum = (x: np.Array): np.Array => x.sum();
  assertAllClose(grad((a: np.Array) => sum(np.matmul(a, b)))(a), np.outer(np.ones(2), np.sum(b, 1)));
  assertAllClose(
    grad((a: np.Array) => sum(np.einsum("ij,jk,kl->il", a, b, a)))(a),
    grad((a: np.Array) => sum(np.matmul(np.matmul(a, b), a)))(a),
  );
  assertAllClose(grad((x: np.Array) => np.einsum("ii", x))(f(2, 2)), np.eye(2));
  assertAllClose(hessian((v: np.Array) => np.dot(v, v))(f(3)), np.eye(3).mul(2));
  assertAllClose(vmap((x: np.Array) => np.matmul(x, b))(np.stack([a, a])).get(1), np.matmul(a, b));
  assertAllClose(
    vmap((x: np.Array) => np.einsum("ij,jk->ik", x, b), { inAxes: 2 })(np.stack([a, a], 2)).get(0),
    np.matmul(a, b),
  );
});

Deno.test("products: jaxprs have JAX's dimension numbers", () => {
  const numbers = (f: (...xs: Any[]) => unknown, ...xs: np.Array[]): string[] =>
    [...String(makeJaxpr(f)(...xs)).matchAll(/dimension_numbers=(\S.*\)\))/g)].map((m) => m[1]!);
  const a = f(2, 3), b = f(3, 4);
  assertEquals(numbers(np.matmul, a, b), ["(([1], [0]), ([], []))"]);
  assertEquals(numbers((a, b) => np.einsum("ij,jk->ki", a, b), a, b), ["(([0], [1]), ([], []))"]);
  assertEquals(numbers((x) => np.matmul(x, x), f(5, 3, 3)), ["(([2], [1]), ([0], [0]))"]);
  assertEquals(numbers((x) => np.vecdot(x, x), a), ["(([1], [1]), ([0], [0]))"]);
  assertEquals(String(makeJaxpr(np.kron)(a, b)).includes("name=kron"), true);
});

Deno.test("linalg: products and norms", () => {
  const m = f(2, 3), { linalg } = np;
  assertAllClose(linalg.multiDot([f(2, 3), f(3, 3), f(3)]), np.matmul(np.matmul(f(2, 3), f(3, 3)), f(3)));
  assertThrows(() => linalg.multiDot([m]), errors.ValueError, "at least two arrays");
  assertThrows(() => linalg.outer(m, m), errors.ValueError, "one-dimensional");
  assertThrows(() => linalg.cross(f(2), f(2)), errors.ValueError, "3-dimensional vectors");
  const orders: [Any, number][] = [
    [null, Math.sqrt(55)],
    ["fro", Math.sqrt(55)],
    [1, 7],
    [-1, 3],
    [Infinity, 12],
    [-Infinity, 3],
    [2, 7.348469228],
    [-2, 1],
    ["nuc", 8.348469228],
  ];
  for (const [ord, wanted] of orders) assertAllClose(linalg.norm(m, ord), wanted, { rtol: 1e-4 });
  assertAllClose(linalg.norm(m, { ord: 3, axis: 1 }), [Math.cbrt(9), Math.cbrt(27 + 64 + 125)], {
    rtol: 1e-5,
  });
  assertAllClose(linalg.norm(np.array([0, 3, -4]), 0), 2);
  assertEquals(linalg.norm(m, { axis: [0, 1], keepdims: true }).shape, [1, 1]);
  assertThrows(() => linalg.norm(m, "bad"), errors.ValueError, "Invalid order 'bad' for matrix norm");
  assertThrows(() => linalg.vectorNorm(m, { ord: "inf" }), errors.ValueError, "jax.numpy.inf");
  assertThrows(() => linalg.norm(f(2, 2, 2), 2), errors.ValueError, "Improper number of axes");
  assertAllClose(linalg.matrixPower(np.array([[1, 1], [1, 0]]), 10), [[89, 55], [55, 34]]);
  assertAllClose(linalg.matrixPower(np.array([[2, 0], [0, 4]]), -2), [[0.25, 0], [0, 0.0625]]);
});

Deno.test("linalg: factorisations rebuild the matrix", () => {
  const { linalg } = np, a = np.array([[4, 1, 2], [1, 3, 0], [2, 0, 5]]), r = f(4, 3).add(np.eye(4, 3));
  const l = linalg.cholesky(a);
  assertAllClose(np.matmul(l, l.T), a, { rtol: 1e-5, atol: 1e-5 });
  assertAllClose(linalg.cholesky(a, { upper: true }), l.T);
  for (const mode of ["reduced", "complete"] as const) {
    const { Q, R } = linalg.qr(r, mode);
    assertAllClose(np.matmul(Q, R), r, { rtol: 1e-4, atol: 1e-4 });
    assertAllClose(np.matmul(Q.T, Q), np.eye(Q.shape[1]!), { atol: 1e-5 });
  }
  const [w, v] = linalg.eigh(a);
  assertAllClose(np.matmul(v.mul(w), v.T), a, { rtol: 1e-4, atol: 1e-4 });
  for (const fullMatrices of [true, false]) {
    const { U, S, Vh } = linalg.svd(r, { fullMatrices });
    assertAllClose(np.matmul(U.get(":", ":3").mul(S), Vh), r, { rtol: 1e-4, atol: 1e-4 });
  }
  const { U, S, Vh } = linalg.svd(a.sub(np.eye(3).mul(4)), { hermitian: true });
  assertAllClose(np.matmul(U.mul(S), Vh), a.sub(np.eye(3).mul(4)), { rtol: 1e-4, atol: 1e-4 });
  assertThrows(
    () => linalg.qr(a, "bad" as Any),
    errors.ValueError,
    "Unsupported QR decomposition mode 'bad'",
  );
  assertThrows(() => linalg.eigh(a, "X" as Any), errors.ValueError, "UPLO must be one of");
});

Deno.test("linalg: systems", () => {
  const { linalg } = np, a = np.array([[4, 1, 2], [1, 3, 0], [2, 0, 5]]), b = f(3, 2).add(1);
  assertAllClose(np.matmul(a, linalg.solve(a, b)), b, { rtol: 1e-4, atol: 1e-4 });
  assertAllClose(np.matmul(a, linalg.inv(a)), np.eye(3), { atol: 1e-5 });
  assertEquals(linalg.solve(np.stack([a, a]), b).shape, [2, 3, 2]);
  assertAllClose(linalg.det(a), 43, { rtol: 1e-5 });
  assertAllClose(linalg.det(np.eye(5).mul(2)), 32, { rtol: 1e-5 });
  const { sign, logabsdet } = linalg.slogdet(a.neg());
  assertAllClose(sign, -1);
  assertAllClose(logabsdet, Math.log(43), { rtol: 1e-5 });
  assertAllClose(linalg.slogdet(a, { method: "qr" }).logabsdet, Math.log(43), { rtol: 1e-5 });
  assertEquals(linalg.slogdet(np.zeros([3, 3])).logabsdet.item(), -Infinity);
  assertEquals(linalg.matrixRank(f(3, 3)).item(), 2);
  assertAllClose(linalg.cond(np.array([[1, 0], [0, 4]]), 1), 4, { rtol: 1e-5 });
  assertEquals(linalg.cond(np.zeros([2, 2]), 1).item(), Infinity);
  assertAllClose(np.matmul(linalg.pinv(b), b), np.eye(2), { atol: 1e-4 });
  const [x, , rank] = linalg.lstsq(b, np.matmul(b, np.array([1, 2])));
  assertAllClose(x, [1, 2], { rtol: 1e-3 });
  assertEquals(rank.item(), 2);
  assertThrows(
    () => linalg.solve(a, np.ones(2)),
    errors.ValueError,
    "inconsistent size for core dimension 'm'",
  );
  assertThrows(() => linalg.det(f(2, 3)), errors.ValueError, "[..., n, n]");
  assertThrows(() => linalg.inv(f(2, 3)), errors.ValueError, "[..., n, n]");
});

Deno.test("linalg: second derivatives", () => {
  const { linalg } = np, a = np.array([[2, 1, 0.5], [1, 3, 0.2], [0.1, 0.3, 1]]), b = np.array([1, 2, 3]);
  const functions: [string, (a: np.Array) => np.Array][] = [
    ["solve", (a) => np.sum(linalg.solve(a, b))],
    ["inv", (a) => np.sum(linalg.inv(a))],
    ["slogdet", (a) => linalg.slogdet(a).logabsdet],
    ["det", (a) => linalg.det(a)],
    ["det of a larger matrix", (a) => linalg.det(np.block([[a, np.zeros([3, 1])], [np.ones([1, 4])]]))],
    ["pinv", (a) => np.sum(linalg.pinv(a))],
    ["norm", (a) => linalg.norm(a)],
  ];
  const step = np.zeros([3, 3]).at(0, 1).set(1e-2);
  for (const [name, g] of functions) {
    const slope = grad(g), column = hessian(g)(a).get(":", ":", 0, 1);
    const difference = slope(a.add(step)).sub(slope(a.sub(step))).div(2e-2);
    const error = np.max(np.abs(column.sub(difference))).item(), size = np.max(np.abs(difference)).item();
    assert(error <= 2e-2 * size + 1e-3, `${name}: second derivatives differ by ${error} of ${size}`);
    assertAllClose(jit(slope)(a), slope(a), { rtol: 1e-4, atol: 1e-4 });
  }
});
