/**
 * Movement, indexing, reductions, contractions, sorts and random numbers on the GPU and on the CPU.
 */
import { lax, numpy as np, random } from "../../mod.ts";
import { compare, wave } from "./_compare.ts";
import { gpuTest } from "./_setup.ts";

const exactly = { tolerance: 0 };
const ints = (...values: number[]) => np.array(values.map(BigInt));

gpuTest("movement", async () => {
  const x = wave([4, 5, 6]), m = wave([7, 9], 2);
  await compare("transpose", (v) => np.transpose(v, [2, 0, 1]), [x], exactly);
  await compare("slice", (v) => lax.slice(v, [1, 0, 2], [4, 5, 6], [2, 1, 3]), [x], exactly);
  await compare("pad", (v) => lax.pad(v, 0.5, [[1, 2, 0], [0, 0, 2], [-1, 3, 1]]), [x], exactly);
  await compare("concatenate", (a, b) => lax.concatenate([a, b, a], 0), [m, wave([3, 9], 5)], exactly);
  await compare("reverse", (v) => lax.rev(v, [0, 2]), [x], exactly);
  await compare("iota", () => lax.broadcastedIota("int32", [3, 4], 1), [], exactly);
  await compare("broadcast", (v) => np.broadcastTo(v, [3, 7, 9]), [m], exactly);
  await compare("reshape", (v) => v.reshape(6, 20).T, [x], exactly);
  await compare("roll and tile", (v) => np.tile(np.roll(v, 3, 1), [2, 1, 2]), [x], exactly);
  await compare("where", (v) => np.where(v.gt(0), v, 0), [x], exactly);
  await compare("empty", (v) => v.get("0:0").add(1), [x], exactly);
});

gpuTest("indexing, gather and scatter", async () => {
  const x = wave([4, 5, 6]), m = wave([7, 9], 2);
  await compare("take", (v, i) => np.take(v, i, { axis: 1 }), [x, ints(0, 4, 2, 2)], exactly);
  await compare("index out of bounds", (v, i) => v.at(i).get(), [x, ints(3, -1, 7)], exactly);
  await compare("set", (v, i) => v.at(i).set(9), [m, ints(3, 0)], exactly);
  await compare("add to equal indices", (v, i) => v.at(i).add(1.5), [m, ints(3, 0, 3)]);
  await compare("max", (v, i) => v.at(i, 2).max(1.5), [m, ints(3, 0, 3)], exactly);
  await compare("dynamic slice", (v, i) => lax.dynamicSlice(v, [i, 1], [3, 4]), [m, np.array(2n)], exactly);
  await compare(
    "dynamic update slice",
    (v, i) => lax.dynamicUpdateSlice(v, np.ones([2, 3]), [i, 1]),
    [m, np.array(2n)],
    exactly,
  );
  await compare(
    "keys are gathered",
    (k) => random.bits(random.split(k, 4).get(2), [5]),
    [random.key(3)],
    exactly,
  );
});

gpuTest("reductions over all axes", async () => {
  const x = wave([4, 5, 6]);
  for (const axis of [0, 1, 2, [0, 1], [1, 2], [0, 2], null]) {
    for (const f of [np.sum, np.max, np.min, np.prod, np.mean]) {
      await compare(`${f.name} ${axis}`, (v) => f(v, { axis }), [x], { tolerance: 3e-5 });
    }
    for (const f of [np.any, np.all]) await compare(`${f.name} ${axis}`, (v) => f(v.gt(2.5), { axis }), [x]);
  }
  for (const axis of [0, 1, 2, null]) {
    await compare(`argmax ${axis}`, (v) => np.argmax(v, { axis }), [x]);
    await compare(`argmin ${axis}`, (v) => np.argmin(v, { axis }), [x]);
  }
});

gpuTest("reductions of large arrays", async () => {
  const big = wave([300, 700]).add(3), tolerance = { tolerance: 2e-6 };
  for (const axis of [0, 1, null]) {
    for (const f of [np.sum, np.max, np.mean]) {
      await compare(`${f.name} ${axis}`, (v) => f(v, { axis }), [big], tolerance);
    }
    await compare(`argmax ${axis}`, (v) => np.argmax(v, { axis }), [big]);
    await compare(`int32 ${axis}`, (v) => np.sum(v.mul(100).astype("int32"), { axis }), [big], exactly);
  }
  await compare("complex sum", (v) => np.sum(lax.complex(v, v.mul(2))), [big], tolerance);
  await compare("the sum of 0.1", (v) => np.sum(v), [np.full([2_000_000], 0.1)], { tolerance: 1e-6 });
});

gpuTest("cumulative operations", async () => {
  const x = wave([4, 5, 6]), m = wave([7, 9], 2);
  for (const axis of [0, 1, 2]) await compare(`cumsum ${axis}`, (v) => np.cumsum(v, { axis }), [x]);
  await compare("cumprod", (v) => np.cumprod(v, { axis: 0 }), [m]);
  await compare("cummax", (v) => lax.cummax(v, 0), [m], exactly);
  await compare("cumlogsumexp", (v) => lax.cumlogsumexp(v, 0), [m]);
  await compare(
    "cumsum of infinity",
    (v) => np.cumsum(v),
    [np.array([1, Infinity, 2, -Infinity, 3])],
    exactly,
  );
  const long = wave([3, 5000, 2]);
  for (const reverse of [false, true]) {
    await compare(`cumsum in blocks, ${reverse}`, (v) => lax.cumsum(v, 1, reverse), [long], {
      tolerance: 2e-5,
    });
    await compare(`cummin in blocks, ${reverse}`, (v) => lax.cummin(v, 1, reverse), [long], exactly);
    await compare(`cumlogsumexp in blocks, ${reverse}`, (v) => lax.cumlogsumexp(v, 1, reverse), [long]);
  }
  await compare("cumprod in blocks", (v) => np.cumprod(v.mul(0.01).add(1), { axis: 0 }), [wave([4097])], {
    ulps: 300,
  });
  await compare("int32 in blocks", (v) => np.cumsum(v), [np.arange(5000)], exactly);
  await compare("a long cumsum", (v) => np.cumsum(v), [np.full([300_000], 0.1)], { tolerance: 1e-6 });
});

gpuTest("matrix products", async () => {
  // deno-fmt-ignore
  const shapes = [
    [[3, 4], [4, 5]], [[64, 64], [64, 64]], [[70, 33], [33, 130]], [[128, 300], [300, 65]], [[1, 500], [500, 3]],
    [[500, 1], [1, 500]], [[5, 0], [0, 3]], [[2, 17, 40], [2, 40, 20]], [[20], [20]], [[20, 300], [300]], [[130, 64], [64, 64]],
  ];
  const close = { tolerance: 2e-4 };
  for (const [a, b] of shapes) {
    const args = [wave(a!), wave(b!, 2)];
    await compare(`[${a}] @ [${b}]`, (x, y) => np.matmul(x, y), args, close);
    if (a!.length !== 2 || b!.length !== 2) continue;
    const [at, bt] = args.map((x) => x.T);
    await compare(`[${a}]ᵀ @ [${b}]`, (x, y) => np.matmul(x.T, y), [at, args[1]], close);
    await compare(`[${a}] @ [${b}]ᵀ`, (x, y) => np.matmul(x, y.T), [args[0], bt], close);
    await compare(`[${a}]ᵀ @ [${b}]ᵀ`, (x, y) => np.matmul(x.T, y.T), [at, bt], close);
  }
  const x = wave([50, 40]), y = wave([40, 60]);
  const as = (dtype: string) => [x.mul(10).astype(dtype), y.mul(10).astype(dtype)];
  await compare("int32", (a, b) => np.matmul(a, b), as("int32"), exactly);
  await compare("uint8", (a, b) => np.matmul(a, b), as("uint8"), exactly);
  await compare("bfloat16", (a, b) => np.matmul(a, b), as("bfloat16"), { tolerance: 2e-2 });
  await compare("float16", (a, b) => np.matmul(a, b), as("float16"), { tolerance: 2e-2 });
  await compare("complex64", (a, b) => np.matmul(lax.complex(a, a), lax.complex(b, b.mul(2))), [x, y], {
    tolerance: 1e-3,
  });
});

gpuTest("general contractions and convolutions", async () => {
  const close = { tolerance: 1e-3 };
  const dims = [[[2], [1]], [[0], [0]]] as const;
  await compare(
    "dotGeneral",
    (x, y) => lax.dotGeneral(x, y, dims),
    [wave([3, 4, 5]), wave([3, 5, 7])],
    close,
  );
  await compare(
    "einsum",
    (x, y) => np.einsum("bij,bkj->ik", x, y),
    [wave([3, 4, 5]), wave([3, 6, 5])],
    close,
  );
  await compare(
    "conv",
    (x, y) => lax.conv(x, y, [1, 1], "SAME"),
    [wave([2, 3, 8, 8]), wave([4, 3, 3, 3])],
    close,
  );
});

gpuTest("sorting", async () => {
  const m = wave([20, 90]);
  await compare("sort", (v) => np.sort(v), [m], exactly);
  await compare(
    "sort of NaN and zeros",
    (v) => np.sort(v),
    [np.array([3, NaN, -0, 0, -Infinity, 1])],
    exactly,
  );
  await compare("argsort", (v) => np.argsort(v, { axis: 0 }), [m], exactly);
  const line = np.concatenate([wave([900]), np.array([NaN, -0, 0, Infinity, -Infinity, NaN, 2, 2, 2])]);
  await compare("a long line", (v) => np.sort(v), [line], exactly);
  await compare("positions in a long line", (v) => np.argsort(v), [np.round(line)], exactly);
  await compare("long columns", (v) => np.sort(v, { axis: 0 }), [wave([300, 5])], exactly);
  const two = [np.round(wave([2, 400])).astype("int32"), np.round(wave([2, 400], 7)), wave([2, 400], 5)];
  await compare("two keys", (...v) => lax.sort(v, 1, true, 2), two, exactly);
  await compare("bfloat16", (v) => np.sort(v.astype("bfloat16")), [line], exactly);
  await compare("complex64", (v) => np.sort(lax.complex(np.round(v), np.flip(v))), [wave([300])], exactly);
  await compare("topK", (v) => lax.topK(v, 3), [m], exactly);
});

gpuTest("random numbers", async () => {
  const key = random.key(3);
  await compare("bits", (k) => random.bits(k, [100]), [key], exactly);
  await compare("uniform", (k) => random.uniform(k, [100]), [key], exactly);
  await compare("normal", (k) => random.normal(k, [100]), [key], { ulps: 8 });
  await compare("randint", (k) => random.randint(k, [20], 0, 100), [key], exactly);
  await compare("permutation", (k) => random.permutation(k, 10), [key], exactly);
  await compare("gamma", (k) => random.gamma(k, 2.5, [20]), [key], { tolerance: 1e-4 });
});
