import type { Any } from "../golden/jax.ts";
import type { Programs } from "./program.ts";

/** Programs of the area `lax_control_flow`: `cond`, `switch`, loops, `scan`, `map`, `associativeScan`. */
export const controlFlow: Programs = {
  cond_true: ({ numpy: np, lax }, p, x) => lax.cond(p, (x: Any) => np.sin(x), (x: Any) => x.mul(2), x),
  cond_pytree: ({ lax }, x) => {
    const onTrue = (t: Any) => ({ a: t, b: [t.add(1)] });
    const onFalse = (t: Any) => ({ a: t.neg(), b: [t.mul(3)] });
    return lax.cond(x.sum().gt(0), onTrue, onFalse, x);
  },
  cond_nested: ({ lax }, x) => {
    const inner = (y: Any) => lax.cond(y.get(1).gt(0), (z: Any) => z, (z: Any) => z.neg(), y);
    return lax.cond(x.get(0).gt(0), inner, (y: Any) => y.mul(10), x);
  },
  cond_closure: ({ lax }, p, x, y) => lax.cond(p, (z: Any) => z.add(y), (z: Any) => z.sub(y), x),
  cond_grad: ({ grad, lax, numpy: np }, x) => {
    return grad((x: Any) => lax.cond(x.gt(1), (x: Any) => x.pow(3), (x: Any) => np.multiply(2, x), x))(x);
  },
  cond_vmap_pred: ({ vmap, lax, numpy: np }, p, x) => {
    return vmap((p: Any, x: Any) => lax.cond(p, np.sin, np.cos, x))(p, x);
  },

  switch_0: ({ lax }, i, x) => lax.switch(i, powers, x),
  switch_2: ({ lax }, i, x) => lax.switch(i, powers, x),
  switch_neg: ({ lax }, i, x) => lax.switch(i, powers, x),
  switch_vmap: ({ vmap, lax, numpy: np }, i, x) => {
    return vmap((i: Any, x: Any) => lax.switch(i, [np.sin, np.cos, np.tan], x))(i, x);
  },

  while_sum: ({ lax }, n) => {
    return lax.whileLoop(([i]: Any) => i.lt(n), ([i, total]: Any) => [i.add(1), total.add(i)], [0, 0]);
  },
  while_newton: ({ lax, numpy: np }, x) => {
    const far = (s: Any) => np.abs(s.mul(s).sub(x)).gt(1e-4);
    return lax.whileLoop(far, (s: Any) => np.multiply(0.5, s.add(x.div(s))), x);
  },
  while_zero_iter: ({ lax }, x) => lax.whileLoop((c: Any) => c.sum().gt(1e9), (c: Any) => c.mul(2), x),
  while_pytree: ({ lax }, x) => {
    return lax.whileLoop((c: Any) => c.i.lt(4), (c: Any) => ({ i: c.i.add(1), x: c.x.mul(1.5) }), {
      i: 0,
      x,
    });
  },
  while_vmap_batched_pred: ({ vmap, lax }, n, x) => {
    const loop = (n: Any, x: Any) =>
      lax.whileLoop(([i]: Any) => i.lt(n), ([i, y]: Any) => [i.add(1), y.mul(2)], [0, x]);
    return vmap(loop)(n, x);
  },
  while_jvp: ({ jvp, lax, numpy: np }, x) => {
    const loop = (x: Any) =>
      lax.whileLoop(([i]: Any) => i.lt(3), ([i, y]: Any) => [i.add(1), np.sin(y)], [0, x])[1];
    return jvp(loop, [x], [np.onesLike(x)]);
  },
  while_collatz: ({ lax, numpy: np }, n) => {
    const next = (k: Any) => np.where(k.mod(2).eq(0), k.floorDivide(2), np.multiply(3, k).add(1));
    return lax.whileLoop(([k]: Any) => k.ne(1), ([k, steps]: Any) => [next(k), steps.add(1)], [n, 0])[1];
  },

  fori_sum: ({ lax, numpy: np }, x) => {
    return lax.foriLoop(0, 4, (i: Any, c: Any) => c.add(i.mul(x)), np.zerosLike(x));
  },
  fori_dynamic: ({ lax }, n, x) => lax.foriLoop(0, n, (i: Any, c: Any) => c.mul(1.1).add(i), x),
  fori_empty: ({ lax }, x) => lax.foriLoop(5, 2, (i: Any, c: Any) => c.add(i), x),
  fori_unroll: ({ lax }, x) => {
    return lax.foriLoop(0, 5, (i: Any, c: Any) => c.mul(1.5).sub(i), x, { unroll: 2 });
  },

  scan_reverse: ({ lax }, xs) => {
    return lax.scan((c: Any, x: Any) => [c.mul(0.5).add(x), c], 0, xs, { reverse: true });
  },
  scan_length: ({ lax }, x) => lax.scan((c: Any) => [c.mul(2), c], x, null, { length: 4 }),
  scan_unroll: ({ lax }, xs) => lax.scan((c: Any, x: Any) => [c.add(x), c.mul(x)], 1, xs, { unroll: 2 }),
  scan_pytree: ({ lax, numpy: np }, c, xs) => {
    const body = (c: Any, x: Any) => [
      { h: np.tanh(c.h.matmul(x.w).add(x.b)), n: c.n.add(1) },
      c.h.sum(),
    ];
    return lax.scan(body, c, xs);
  },
  scan_no_ys: ({ lax, numpy: np }, xs) => {
    return lax.scan((c: Any, x: Any) => [np.maximum(c, x), null], -Infinity, xs);
  },
  scan_grad: ({ grad, lax, numpy: np }, w, xs) => {
    return grad((w: Any) => lax.scan((h: Any, x: Any) => [np.tanh(w.mul(h).add(x)), h], 0, xs)[0])(w);
  },
  scan_vjp_ys: ({ grad, lax }, x0, xs) => {
    const f = (a: Any, b: Any) => lax.scan((c: Any, x: Any) => [c.mul(x), c.add(x)], a, b)[1].pow(2).sum();
    return grad(f, { argnums: [0, 1] })(x0, xs);
  },
  scan_jvp: ({ jvp, lax, numpy: np }, xs) => {
    const f = (xs: Any) => lax.scan((c: Any, x: Any) => [c.add(np.sin(x)), c], 0, xs);
    return jvp(f, [xs], [np.onesLike(xs)]);
  },
  scan_vmap: ({ vmap, lax }, c, xs) => {
    const f = (c: Any, x: Any) => lax.scan((c: Any, x: Any) => [c.add(x), c.mul(x)], c, x);
    return vmap(f, { inAxes: [0, 1] })(c, xs);
  },
  scan_zero_length: ({ lax }, xs) => lax.scan((c: Any, x: Any) => [c.add(x), c], 1, xs),
  scan_int_carry: ({ lax, numpy: np }, xs) => {
    return lax.scan((c: Any, x: Any) => [c.add(1), np.where(x.gt(0), c, c.neg())], 0, xs);
  },
  scan_hessian: ({ hessian, lax, numpy: np }, w, xs) => {
    const f = (w: Any) => {
      const body = (h: Any, x: Any) => [np.sin(w.get(0).mul(h).add(w.get(1).mul(x))), null];
      return lax.scan(body, 1, xs)[0];
    };
    return hessian(f)(w);
  },
  scan_of_scan: ({ lax }, m) => {
    const inner = (r: Any) => lax.scan((d: Any, x: Any) => [d.mul(x), d], 1, r)[0];
    return lax.scan((c: Any, r: Any) => [c.add(inner(r)), c], 0, m);
  },
  scan_cond: ({ lax }, xs) => {
    const body = (c: Any, x: Any) => [
      lax.cond(x.gt(0), (c: Any) => c.add(x), (c: Any) => c.mul(0.5), c),
      c,
    ];
    return lax.scan(body, 0, xs);
  },
  rnn_bptt: ({ grad, lax, numpy: np }, W, xs) => {
    const step = (W: Any) => (h: Any, x: Any) => {
      const next = np.tanh(W.matmul(h).add(x));
      return [next, next];
    };
    return grad((W: Any) => lax.scan(step(W), np.zeros(2), xs)[1].pow(2).sum())(W);
  },

  map_fn: ({ lax }, m) => lax.map((r: Any) => [r.sum(), r.mul(2)], m),
  map_batch_size: ({ lax, numpy: np }, m) => lax.map((r: Any) => np.sin(r).sum(), m, { batchSize: 2 }),

  assoc_scan_add: ({ lax, numpy: np }, x) => lax.associativeScan(np.add, x),
  assoc_scan_matmul: ({ lax, numpy: np }, x) => lax.associativeScan(np.matmul, x),
  assoc_scan_pair: ({ lax }, a, b) => {
    const compose = (p: Any, q: Any) => [p[0].mul(q[0]), q[0].mul(p[1]).add(q[1])];
    return lax.associativeScan(compose, [a, b]);
  },
  assoc_scan_reverse: ({ lax, numpy: np }, x) => {
    return lax.associativeScan(np.maximum, x, { reverse: true, axis: 1 });
  },
};

const powers = [(x: Any) => x, (x: Any) => x.mul(2), (x: Any) => x.pow(2)];
