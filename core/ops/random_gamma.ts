/**
 * Gamma samples: Marsaglia and Tsang, "A simple method for generating gamma variables" (2000), for each element on a
 * key of its own until its proposal is accepted.
 *
 * @module
 */
import type { KernelBuilder } from "../../kernel/builder.ts";
import { binary, compare, constant, convert, index, select } from "../../kernel/expr.ts";
import type { Expr } from "../../kernel/ir.ts";
import type { Pair, RoutineOperand } from "../../kernel/lowering.ts";
import * as s from "../../kernel/scalar.ts";
import type { JaxArray } from "../array.ts";
import { toFront } from "../batching.ts";
import { type DType, finfo, float64 } from "../dtypes.ts";
import { type Tangent, Zero } from "../primitive.ts";
import { P } from "../prims.ts";
import * as raw from "../raw.ts";
import { castScalar } from "../scalar.ts";
import { bind, bind1 } from "../trace.ts";
import { checkAccepts, floating } from "./_combinators.ts";
import { checkKey, threefry } from "./random.ts";

interface GammaParams {
  readonly logSpace: boolean;
  readonly original?: boolean;
}

type Key = readonly [Expr, Expr];

const u32 = (value: number): Expr => constant("u32", value);
const fixed = (k: KernelBuilder, [a, b]: Key): Key => [k.let(a), k.let(b)];

/** Number `i` of `n` keys that a key is split into. */
function splitKey([k0, k1]: Key, i: Expr, n: number, original: boolean): Key {
  if (!original) return threefry(k0, k1, u32(0), i);
  // Words 2i and 2i + 1 of a stream of 2n words: word m is the first of hash(m, m + n), or the second of hash(m − n, m).
  const word = (m: Expr): Expr => {
    const late = compare("ge", m, u32(n)), low = select(late, binary("sub", m, u32(n)), m);
    const [a, b] = threefry(k0, k1, low, binary("add", low, u32(n)));
    return select(late, b, a);
  };
  const twice = binary("mul", i, u32(2));
  return [word(twice), word(binary("add", twice, u32(1)))];
}

/** Scalar arithmetic of a float dtype: results are rounded to it. */
class Arithmetic {
  readonly #dtype: DType;
  readonly #original: boolean;

  constructor(dtype: DType, original: boolean) {
    this.#dtype = dtype;
    this.#original = original;
  }

  constant(value: number): Expr {
    return s.constVal(this.#dtype, value) as Expr;
  }

  #rounded(value: unknown): Expr {
    return s.narrowVal(this.#dtype, value as Expr) as Expr;
  }

  add = (x: Expr, y: Expr): Expr => this.#rounded(s.add(x, y));
  sub = (x: Expr, y: Expr): Expr => this.#rounded(s.sub(x, y));
  mul = (x: Expr, y: Expr): Expr => this.#rounded(s.mul(x, y));
  div = (x: Expr, y: Expr): Expr => this.#rounded(s.div(x, y));
  pow = (x: Expr, y: Expr): Expr => this.#rounded(s.pow(x, y));
  log = (x: Expr): Expr => this.#rounded(s.log(x));
  log1p = (x: Expr): Expr => this.#rounded(s.log1p(x));
  sqrt = (x: Expr): Expr => this.#rounded(s.sqrt(x));
  erfInv = (x: Expr): Expr => this.#rounded(s.erfInv(x));

  /** One uniform number in [0, 1): as many random bits as the mantissa has. */
  uniform([k0, k1]: Key): Expr {
    const { bits, nmant } = finfo(this.#dtype), scale = this.constant(2 ** -nmant);
    if (bits === 64) {
      const [a, b] = threefry(k0, k1, u32(0), u32(this.#original ? 1 : 0));
      const high = binary("shl", convert("u64", a), constant("u64", 32n));
      const mantissa = binary(
        "shr",
        binary("or", high, convert("u64", b)),
        constant("u64", BigInt(64 - nmant)),
      );
      return binary("mul", convert("f64", mantissa), scale);
    }
    const [a, b] = threefry(k0, k1, u32(0), u32(0)), width = nmant < 8 ? 8 : bits;
    const word = this.#original ? a : binary("xor", a, b);
    const kept = width === 32 ? word : binary("and", word, u32(2 ** width - 1));
    return binary("mul", convert("f32", binary("shr", kept, u32(width - nmant))), scale);
  }

  /** One standard normal number: √2 erf⁻¹(u) for u uniform in (−1, 1). */
  normal(key: Key): Expr {
    const round = (x: number): number => Number(castScalar(x, float64, this.#dtype));
    const lowest = -(1 - finfo(this.#dtype).epsneg), low = this.constant(lowest);
    const u = this.add(this.mul(this.uniform(key), this.constant(round(1 - lowest))), low);
    return this.mul(this.constant(round(Math.SQRT2)), this.erfInv(s.max(low, u) as Expr));
  }
}

/** One sample: d·V·boost, or its logarithm. */
function sample(
  k: KernelBuilder,
  key: Key,
  a: Expr,
  dtype: DType,
  { logSpace, original }: GammaParams,
): Expr {
  const f = new Arithmetic(dtype, original ?? false), one = f.constant(1), zero = f.constant(0);
  const split = (from: Key, i: number, n: number): Key =>
    fixed(k, splitKey(from, u32(i), n, original ?? false));
  // Γ(a) for a < 1 is Γ(a + 1) U^(1/a).
  const large = k.let(s.ge(a, one)), alpha = select(large, a, f.add(a, one));
  const third = f.constant(1 / 3), d = k.let(f.sub(alpha, third)), c = k.let(f.div(third, f.sqrt(d)));
  const first = split(key, 0, 2), boostKey = split(key, 1, 2);
  const k0 = k.local(first[0]), k1 = k.local(first[1]);
  const v = k.local(one),
    u = k.local(f.constant(2)),
    x = k.local(zero),
    going = k.local(constant("bool", true));
  const repeat = k.local(constant("bool", true)), n0 = k.local(first[0]), n1 = k.local(first[1]);
  const test = (): void => {
    const xx = k.let(x.get()), uu = k.let(u.get()), vv = k.let(v.get());
    going.set(s.ge(uu, f.sub(one, f.mul(f.constant(0.0331), f.mul(xx, xx)))));
    k.if(going.get(), () => {
      const bound = f.add(f.mul(xx, f.constant(0.5)), f.mul(d, f.add(f.sub(one, vv), f.log(vv))));
      going.set(s.ge(f.log(uu), bound));
    });
  };
  test();
  k.while(() => going.get(), () => {
    const current: Key = [k.let(k0.get()), k.let(k1.get())];
    const next = split(current, 0, 3), normalKey = split(current, 1, 3), uniformKey = split(current, 2, 3);
    n0.set(normalKey[0]);
    n1.set(normalKey[1]);
    repeat.set(constant("bool", true));
    k.while(() => repeat.get(), () => {
      const from: Key = [k.let(n0.get()), k.let(n1.get())], to = split(from, 0, 2);
      const z = k.let(f.normal(split(from, 1, 2))), w = k.let(f.add(one, f.mul(z, c)));
      n0.set(to[0]);
      n1.set(to[1]);
      x.set(z);
      v.set(w);
      repeat.set(s.le(w, zero));
    });
    const z = k.let(x.get()), w = k.let(v.get());
    x.set(f.mul(z, z));
    v.set(f.mul(f.mul(w, w), w));
    u.set(f.uniform(uniformKey));
    k0.set(next[0]);
    k1.set(next[1]);
    test();
  });
  const accepted = k.let(v.get()), inverse = f.div(one, a), uniform = k.let(f.uniform(boostKey));
  if (!logSpace) {
    const boost = select(large, one, f.pow(f.sub(one, uniform), inverse));
    return f.mul(f.mul(d, accepted), boost);
  }
  const logU = k.let(f.log1p(s.neg(uniform) as Expr)), none = binary("or", large, s.eq(logU, zero));
  const boost = select(none, zero, f.mul(logU, inverse));
  return f.add(f.add(f.log(d), f.log(accepted)), boost);
}

function build(
  k: KernelBuilder,
  [keys, a]: readonly RoutineOperand[],
  [out]: readonly RoutineOperand[],
  params: GammaParams,
): void {
  const { size, dtype } = out!.aval, perKey = keys!.aval.size ? size / keys!.aval.size : 0;
  k.range(size, (i) => {
    const own = k.readVal(keys!, binary("div", i, index(Math.max(1, perKey)))) as Pair;
    const number = convert("u32", binary("rem", i, index(Math.max(1, perKey))));
    const key = fixed(k, splitKey([own.re, own.im], number, perKey, params.original ?? false));
    k.writeVal(out!, i, sample(k, key, k.let(k.readVal(a!, i) as Expr), dtype, params));
  });
}

/** The derivative of a sample by its parameter; of log samples that of the sample over the sample. */
function derivative(out: JaxArray, a: JaxArray, logSpace: boolean): JaxArray {
  if (!logSpace) return bind1(P.random_gamma_grad, [a, out]);
  const value = raw.exp(out), tiny = raw.fullLike(value, finfo(value.dtype).tiny);
  const positive = raw.selectN(raw.eq(value, 0), value, tiny);
  return raw.div(bind1(P.random_gamma_grad, [a, positive]), positive);
}

P.random_gamma.define({
  abstractEval([key, a]) {
    checkKey("random_gamma", key!);
    checkAccepts("random_gamma", a!.dtype, floating, 1);
    return [a!];
  },
  jvp([key, a], [, t], params: GammaParams) {
    const out = bind1(P.random_gamma, [key!, a!], params);
    const tangent: Tangent = t instanceof Zero
      ? new Zero(out.aval.tangent())
      : raw.mul(t as JaxArray, derivative(out, a!, params.logSpace));
    return [[out], [tangent]];
  },
  transpose: "nonlinear",
  batch: (axis, [key, a], [dk, da], params) => [
    bind(P.random_gamma, [toFront(key!, dk!, axis.size), toFront(a!, da!, axis.size)], params),
    [0],
  ],
  lower: { kind: "routine", build },
  printParams: ({ logSpace }: GammaParams) => ({ log_space: logSpace }),
});
