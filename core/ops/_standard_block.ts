/**
 * Standard form of real 2×2 matrices.
 *
 * @module
 */
import type { KernelBuilder } from "../../kernel/builder.ts";
import { binary, compare, constant, select, unary } from "../../kernel/expr.ts";
import type { Expr } from "../../kernel/ir.ts";
import * as s from "../../kernel/scalar.ts";

/** A matrix [[a, b], [c, d]]. */
type Block = readonly [a: Expr, b: Expr, c: Expr, d: Expr];

/** The rotation that brings a matrix to standard form, and what it becomes. */
export interface StandardBlock {
  /** Either c = 0, or a = d and b c < 0. */
  readonly elements: Block;
  /** Imaginary part of the first eigenvalue; 0 for two real ones. */
  readonly imaginary: Expr;
  readonly c: Expr;
  readonly s: Expr;
}

/** Schur factorisation of a real 2×2 matrix (LAPACK's lanv2). */
export function standardBlock(k: KernelBuilder, block: Block): StandardBlock {
  const given = block.map((x) => k.let(x)) as [Expr, Expr, Expr, Expr], [a0, b0, c0, d0] = given;
  const { type } = a0, number = (x: number): Expr => constant(type, x);
  const zero = number(0), one = number(1), half = number(0.5), unit = type === "f32" ? 2 ** -23 : 2 ** -52;
  const add = (x: Expr, y: Expr): Expr => binary("add", x, y),
    sub = (x: Expr, y: Expr): Expr => binary("sub", x, y);
  const mul = (x: Expr, y: Expr): Expr => binary("mul", x, y),
    div = (x: Expr, y: Expr): Expr => binary("div", x, y);
  const abs = (x: Expr): Expr => unary("abs", x), sign = (x: Expr): Expr => binary("copysign", one, x);
  const sqrt = (x: Expr): Expr => unary("sqrt", x), neg = (x: Expr): Expr => unary("neg", x);
  const [a, b, c, d] = given.map((x) => k.local(x)) as [Local, Local, Local, Local];
  const cosine = k.local(one), sine = k.local(zero);

  const exchange = (): void => {
    cosine.set(zero);
    sine.set(one);
    a.set(d0);
    d.set(a0);
    b.set(neg(c0));
    c.set(zero);
  };
  const realPair = (z: Expr, most: Expr, smaller: Expr): void => {
    const length = k.let(s.hypot(c0, z) as Expr);
    a.set(add(d0, z));
    d.set(sub(d0, mul(div(most, z), smaller)));
    cosine.set(div(z, length));
    sine.set(div(c0, length));
    b.set(sub(b0, c0));
    c.set(zero);
  };
  const equalDiagonal = (p: Expr): void => {
    const sigma = k.let(add(b0, c0)), length = k.let(s.hypot(sigma, sub(a0, d0)) as Expr);
    const cs = k.let(sqrt(mul(half, add(one, div(abs(sigma), length)))));
    const sn = k.let(mul(neg(div(p, mul(length, cs))), sign(sigma)));
    const aa = k.let(add(mul(a0, cs), mul(b0, sn))), bb = k.let(sub(mul(b0, cs), mul(a0, sn)));
    const cc = k.let(add(mul(c0, cs), mul(d0, sn))), dd = k.let(sub(mul(d0, cs), mul(c0, sn)));
    const mean = k.let(
      mul(half, add(add(mul(aa, cs), mul(cc, sn)), sub(mul(dd, cs), mul(bb, sn)))),
    );
    a.set(mean);
    d.set(mean);
    b.set(add(mul(bb, cs), mul(dd, sn)));
    c.set(sub(mul(cc, cs), mul(aa, sn)));
    cosine.set(cs);
    sine.set(sn);
    k.if(compare("ne", c.get(), zero), () => {
      const b1 = k.let(b.get()), c1 = k.let(c.get());
      k.if(compare("eq", b1, zero), () => {
        b.set(neg(c1));
        c.set(zero);
        cosine.set(neg(sn));
        sine.set(cs);
      }, () =>
        k.if(compare("eq", sign(b1), sign(c1)), () => {
          // Two real eigenvalues after all.
          const sb = k.let(sqrt(abs(b1))), sc = k.let(sqrt(abs(c1)));
          const offset = k.let(binary("copysign", mul(sb, sc), c1));
          const scale = k.let(div(one, sqrt(abs(add(b1, c1)))));
          const c2 = k.let(mul(sb, scale)), s2 = k.let(mul(sc, scale));
          a.set(add(mean, offset));
          d.set(sub(mean, offset));
          b.set(sub(b1, c1));
          c.set(zero);
          cosine.set(sub(mul(cs, c2), mul(sn, s2)));
          sine.set(add(mul(cs, s2), mul(sn, c2)));
        }));
    });
  };

  const difference = sub(a0, d0);
  const done = binary(
    "or",
    compare("eq", c0, zero),
    binary("and", compare("eq", difference, zero), compare("ne", sign(b0), sign(c0))),
  );
  k.if(
    compare("eq", c0, zero),
    () => {},
    () =>
      k.if(compare("eq", b0, zero), exchange, () =>
        k.if(done, () => {}, () => {
          const p = k.let(mul(half, difference)), most = k.let(binary("max", abs(b0), abs(c0)));
          const smaller = k.let(mul(binary("min", abs(b0), abs(c0)), mul(sign(b0), sign(c0))));
          const scale = k.let(binary("max", abs(p), most));
          const z = k.let(add(mul(div(p, scale), p), mul(div(most, scale), smaller)));
          k.if(compare("ge", z, number(4 * unit)), () => {
            const root = mul(sqrt(scale), sqrt(z));
            realPair(k.let(add(p, binary("copysign", root, p))), most, smaller);
          }, () => equalDiagonal(p));
        })),
  );
  const elements = [a, b, c, d].map((x) => k.let(x.get())) as unknown as Block;
  const product = mul(sqrt(abs(elements[1])), sqrt(abs(elements[2])));
  return {
    elements,
    imaginary: k.let(select(compare("eq", elements[2], zero), zero, product)),
    c: k.let(cosine.get()),
    s: k.let(sine.get()),
  };
}

type Local = ReturnType<KernelBuilder["local"]>;
