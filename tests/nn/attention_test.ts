import { errors, grad, jit, nn, numpy as np, random, vmap } from "../../mod.ts";
import { assertAllClose, assertArrayEquals, assertEquals, assertThrows } from "../assert.ts";

const draw = (seed: number, shape: readonly number[]): np.Array => random.normal(random.key(seed), shape);

/** One batch element and head by the definition; `seen[t][s]` tells which keys a query sees. */
function attend(q: np.Array, k: np.Array, v: np.Array, seen: (t: number, s: number) => boolean): number[][] {
  const [Q, K, V] = [q, k, v].map((x) => x.toArray() as number[][]) as [number[][], number[][], number[][]];
  return Q.map((row, t) => {
    const e = K.map((key, s) =>
      seen(t, s) ? Math.exp(row.reduce((sum, x, i) => sum + x * key[i]!, 0) / Math.sqrt(row.length)) : 0
    );
    const total = e.reduce((a, b) => a + b, 0);
    return V[0]!.map((_, h) => e.reduce((sum, w, s) => sum + w * V[s]![h]!, 0) / total);
  });
}

const B = 2, T = 3, S = 4, N = 4, H = 2;
const q = draw(0, [B, T, N, H]);

/** Compares with the definition for each batch element and query head. */
function check(
  heads: number,
  options: nn.DotProductAttentionOptions,
  seen: (t: number, s: number, b: number, n: number) => boolean,
): void {
  const k = draw(1, [B, S, heads, H]), v = draw(2, [B, S, heads, H]);
  for (const f of [nn.dotProductAttention, jit(nn.dotProductAttention, { staticArgnums: 3 })]) {
    const out = f(q, k, v, options);
    for (let b = 0; b < B; b++) {
      for (let n = 0; n < N; n++) {
        const head = Math.floor(n / (N / heads));
        const want = attend(
          q.get(b, ":", n),
          k.get(b, ":", head),
          v.get(b, ":", head),
          (t, s) => seen(t, s, b, n),
        );
        assertAllClose(out.get(b, ":", n), want, { rtol: 1e-4 });
      }
    }
  }
}

Deno.test("nn: attention of as many, fewer and one key head", () => {
  for (const heads of [4, 2, 1]) check(heads, {}, () => true);
});

Deno.test("nn: what a query sees", () => {
  check(2, { isCausal: true }, (t, s) => s <= t);
  check(2, { localWindowSize: 1 }, (t, s) => Math.abs(t - s) <= 1);
  check(1, { localWindowSize: [2, 0] }, (t, s) => s <= t && s >= t - 2);
  check(4, { keyValueSeqLengths: [2, 3] }, (_t, s, b) => s < [2, 3][b]!);
});

Deno.test("nn: masks, biases and padding of attention", () => {
  const k = draw(1, [B, S, 2, H]), v = draw(2, [B, S, 2, H]);
  const mask = random.bernoulli(random.key(3), 0.6, [B, N, T, S]);
  const bias = np.where(mask, 0, -1e30);
  const masked = nn.dotProductAttention(q, k, v, null, mask);
  assertAllClose(nn.dotProductAttention(q, k, v, bias), masked, { rtol: 1e-4 });
  assertAllClose(
    nn.dotProductAttention(q, k, v, { mask: mask.get(":", ":1") }).get(":", ":", 0),
    masked.get(":", ":", 0),
  );
  const padded = nn.dotProductAttention(q, k, v, { querySeqLengths: np.array([1n, 3n]) });
  assertArrayEquals(padded.get(0, "1:"), np.zeros([2, N, H]));
  assertAllClose(padded.get(1), nn.dotProductAttention(q, k, v).get(1));
});

Deno.test("nn: residuals of attention", () => {
  const k = draw(1, [B, S, 1, H]);
  const [, residual] = nn.dotProductAttention(q, k, k, { returnResidual: true, scale: 0.5 });
  const logits = np.einsum("btnh,bsh->btns", q, k.get(":", ":", 0)).mul(0.5);
  assertAllClose(residual, nn.logsumexp(logits, -1), { rtol: 1e-4 });
});

Deno.test("nn: attention without a batch, under vmap, in half precision", () => {
  const k = draw(1, [B, S, N, H]), v = draw(2, [B, S, N, H]);
  const out = nn.dotProductAttention(q, k, v);
  assertAllClose(nn.dotProductAttention(q.get(0), k.get(0), v.get(0)), out.get(0));
  assertAllClose(vmap((a, b, c) => nn.dotProductAttention(a, b, c))(q, k, v), out);
  const [a, b, c] = [q, k, v].map((x) => x.astype("bfloat16")) as [np.Array, np.Array, np.Array];
  const half = nn.dotProductAttention(a, b, c);
  assertEquals(half.dtype.name, "bfloat16");
  assertAllClose(half.astype("float32"), out, { rtol: 0.05, atol: 0.03 });
});

Deno.test("nn: derivative of attention", () => {
  const k = draw(1, [B, S, 2, H]), v = draw(2, [B, S, 2, H]), weights = draw(4, [B, T, N, H]);
  const loss = (k: np.Array): np.Array =>
    nn.dotProductAttention(q, k, v, { isCausal: true }).mul(weights).sum();
  const direction = draw(5, [B, S, 2, H]), slope = grad(loss)(k).mul(direction).sum().item();
  const difference = loss(k.add(direction.mul(0.01))).sub(loss(k.sub(direction.mul(0.01)))).item() / 0.02;
  assertAllClose(slope, difference, { rtol: 1e-2, atol: 1e-3 });
});

Deno.test("nn: errors of attention", () => {
  const k = draw(1, [B, S, 3, H]), four = draw(1, [B, S, 4, H]);
  const call = (...rest: unknown[]) => () =>
    (nn.dotProductAttention as (...xs: unknown[]) => unknown)(q, ...rest);
  assertThrows(
    call(k, k),
    errors.ValueError,
    "The number of query heads must be a multiple of key/value heads, but got 4 vs 3",
  );
  assertThrows(call(four, k), errors.ValueError, "value shape should be [2, 4, 4, 2]: but got (2, 4, 3, 2)");
  assertThrows(
    call(four, four, { mask: q }),
    errors.ValueError,
    "mask dtype should be bool, but got float32",
  );
  assertThrows(
    call(four, four, { querySeqLengths: [1] }),
    errors.ValueError,
    "query_seq_lengths shape should be [2]",
  );
  assertThrows(call(four, four, { implementation: "cudnn" }), errors.NotImplementedError, "cuDNN");
  assertThrows(
    call(four, four, { implementation: "x" }),
    errors.ValueError,
    "Unsupported implementation option: x",
  );
  assertThrows(call(four, four, { isCasual: true }), TypeError, 'did you mean "isCausal"?');
});

Deno.test("nn: scaled matrix products", () => {
  const a = draw(0, [2, 3, 4]), b = draw(1, [2, 5, 4]), s = draw(2, [2, 3, 2]), t = draw(3, [2, 5, 2]);
  const want = np.einsum("bmk,bnk->bmn", a.mul(np.repeat(s, 2, -1)), b.mul(np.repeat(t, 2, -1)));
  assertAllClose(nn.scaledMatmul(a, b, s, t), want);
  assertEquals(nn.scaledMatmul(a, b, s, t, "float16").dtype.name, "float16");
  assertThrows(
    () => nn.scaledMatmul(a, b, s, s),
    errors.ValueError,
    "scales to match non-contract dimensions",
  );
  assertAllClose(nn.scaledDotGeneral(a, b, [[[2], [2]], [[0], [0]]]), np.einsum("bmk,bnk->bmn", a, b));
  assertThrows(() => nn.getScaledDotGeneralConfig("nvfp4"), errors.NotImplementedError, "float8");
});
