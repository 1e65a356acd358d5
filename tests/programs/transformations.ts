import type { Any } from "../golden/jax.ts";
import type { Programs } from "./program.ts";

/** Programs of the area `lax_control_flow` about transformations: `grad`, `jit`, `vmap`, custom rules, ... */
export const transformations: Programs = {
  custom_jvp: ({ customJvp, grad, jvp, numpy: np }, x) => {
    const g = customJvp(function g(x: Any) {
      return np.sin(x);
    });
    g.defjvp(function _(p: Any, t: Any) {
      return [g(p[0]), np.multiply(10, t[0])];
    });
    return [g(x), grad((x: Any) => g(x).sum())(x), jvp(g, [x], [x])];
  },
  custom_vjp: ({ customVjp, vjp, numpy: np }, x, y) => {
    const g = customVjp((x: Any, y: Any) => x.mul(y));
    g.defvjp(
      (x: Any, y: Any) => [x.mul(y), [x, y]],
      (r: Any, ct: Any) => [ct.mul(r[1]).mul(2), ct.mul(r[0]).mul(3)],
    );
    return vjp(g, x, y)[1](np.onesLike(x));
  },
  custom_vjp_nondiff: ({ customVjp, grad }, x) => {
    const g = customVjp((x: Any, n: Any) => x.mul(n), { nondiffArgnums: [1] });
    g.defvjp((x: Any, n: Any) => [x.mul(n), x], (n: Any, r: Any, ct: Any) => [ct.mul(n).add(r)]);
    return grad((x: Any) => g(x, 4).sum())(x);
  },
  checkpoint_grad: ({ checkpoint, grad, numpy: np }, x) => {
    return grad((x: Any) => checkpoint((y: Any) => np.sin(np.sin(y)))(x).sum())(x);
  },
  checkpoint_policy: ({ checkpoint, checkpointPolicies, grad, numpy: np }, w, x) => {
    const loss = (w: Any) => np.tanh(w.matmul(x)).sum();
    return grad((w: Any) => checkpoint(loss, { policy: checkpointPolicies.dotsSaveable })(w))(w);
  },
  stop_gradient: ({ grad, lax }, x) => grad((x: Any) => x.mul(lax.stopGradient(x)).sum())(x),

  jit_nested: ({ jit }, x) => {
    const g = jit(function g(x: Any) {
      return x.mul(2);
    });
    return jit((x: Any) => g(x).add(g(x.add(1))))(x);
  },
  jit_static: ({ jit }, x) => {
    const g = jit((x: Any, n: number) => x.pow(n), { staticArgnums: 1 });
    return g(x, 3).add(g(x, 2));
  },

  value_and_grad_aux: ({ valueAndGrad }, x) => {
    return valueAndGrad((x: Any) => [x.pow(3).sum(), { aux: x.mul(2) }], { hasAux: true })(x);
  },
  grad_pytree: ({ grad }, p) => grad((p: Any) => p.w.matmul(p.b).add(p.c[0]).sum())(p),
  hessian: ({ hessian, numpy: np }, x) => hessian((x: Any) => np.prod(x).add(x.pow(3).sum()))(x),
  jacfwd: ({ jacfwd, numpy: np }, x) => {
    const f = (x: Any) => np.array([x.get(0).mul(x.get(1)), np.sin(x.get(2)), x.get(0).pow(2)]);
    return jacfwd(f)(x);
  },
  jacrev: ({ jacrev, numpy: np }, x) => jacrev((x: Any) => np.outer(x, x.get(":2")))(x),
  linearize: ({ linearize, numpy: np }, x, t) => {
    const [y, g] = linearize((x: Any) => np.sin(x).mul(x), x);
    return [y, g(t), g(np.multiply(2, t))];
  },
  linear_transpose: ({ linearTranspose, numpy: np }, x, ct) => {
    return linearTranspose((x: Any) => np.multiply(3, x.get(":2")).add(x.get("1:3")), x)(ct);
  },
  vjp_multi: ({ vjp, numpy: np }, x, y) => {
    const [out, pull] = vjp((x: Any, y: Any) => [x.mul(y), x.sum()], x, y);
    return [out, pull([np.onesLike(x), np.float32(2)])];
  },
  jvp_pytree: ({ jvp }, p, t) => jvp((p: Any) => p.a.pow(2).add(p.b), [p], [t]),
  hvp: ({ grad, jvp, numpy: np }, x, u) => {
    const g = (x: Any) => np.sin(x).mul(x.get("::-1")).sum();
    return jvp(grad(g), [x], [u])[1];
  },
  grad_int_allow: ({ grad, dtypes, numpy: np }, x) => {
    return grad(() => np.float32(3), { allowInt: true })(x).dtype === dtypes.float0;
  },
  grad_holomorphic: ({ grad, numpy: np }, z) => {
    return grad((z: Any) => z.pow(2).add(np.exp(z)), { holomorphic: true })(z);
  },

  vmap_basic: ({ vmap, numpy: np }, m, v) => vmap(np.dot, { inAxes: [0, null] })(m, v),
  vmap_axes: ({ vmap }, m, v) => {
    return vmap((r: Any, s: Any) => r.mul(s), { inAxes: [1, 0], outAxes: 1 })(m, v);
  },
  vmap_dict_axes: ({ vmap }, d) => vmap((d: Any) => d.x.mul(d.y), { inAxes: [{ x: 0, y: null }] })(d),
  vmap_nested: ({ vmap, numpy: np }, x, y) => vmap(vmap(np.multiply, [null, 0]), [0, null])(x, y),
  vmap_pmean_pmax: ({ vmap, lax }, x) => {
    const f = (x: Any) => [lax.pmean(x, "i"), lax.pmax(x, "i"), lax.pmin(x, "i")];
    return vmap(f, { axisName: "i" })(x);
  },
  vmap_axis_index: ({ vmap, lax }, x) => vmap((x: Any) => x.mul(lax.axisIndex("i")), { axisName: "i" })(x),
  vmap_all_gather: ({ vmap, lax }, x) => vmap((x: Any) => lax.allGather(x, "i"), { axisName: "i" })(x),
  vmap_ppermute: ({ vmap, lax }, x) => {
    const permute = (x: Any) => lax.ppermute(x, "i", [[0, 1], [1, 2], [2, 0]]);
    return vmap(permute, { axisName: "i" })(x);
  },
  grad_vmap: ({ grad, vmap, numpy: np }, m) => {
    return grad((m: Any) => vmap((r: Any) => np.max(r).mul(np.min(r)))(m).sum())(m);
  },
  vmap_spmd_psum_grad: ({ grad, vmap, lax }, x) => {
    return vmap(grad((x: Any) => lax.psum(x.pow(2), "i")), { axisName: "i" })(x);
  },
  vmap_random: ({ vmap, random }, s) => vmap((s: Any) => random.normal(random.key(s), [2]))(s),
  vmap_at_add: ({ vmap }, x, i) => vmap((x: Any, i: Any) => x.at(i).add(5))(x, i),

  custom_root: ({ grad, lax, numpy: np, valueAndGrad }, a) => {
    const solve = (g: Any, x0: Any) =>
      lax.whileLoop((x: Any) => np.abs(g(x)).gt(1e-6), (x: Any) => x.sub(g(x).div(grad(g)(x))), x0);
    const root = (a: Any) =>
      lax.customRoot((x: Any) => x.pow(3).sub(a), 1.0, solve, (g: Any, y: Any) => y.div(g(1)));
    return valueAndGrad(root)(a);
  },
  custom_linear_solve: ({ grad, lax, numpy: np }, A, b) => {
    const solve = (b: Any) =>
      lax.customLinearSolve((x: Any) => A.matmul(x), b, (_: Any, b: Any) => np.linalg.solve(A, b), {
        symmetric: true,
      }).sum();
    return grad(solve)(b);
  },
  custom_vmap: ({ customBatching, vmap, numpy: np }, x) => {
    const g = customBatching.customVmap((x: Any) => np.sin(x));
    g.defVmap((_n: number, _batched: Any, x: Any) => [x.mul(100), true]);
    return vmap(g)(x);
  },
  vectorize: ({ numpy: np }, m, v) => {
    return np.vectorize((a: Any, b: Any) => a.matmul(b), { signature: "(n),(n)->()" })(m, v);
  },
  eval_shape: ({ evalShape }, x) => {
    const s = evalShape((x: Any) => ({ a: x.matmul(x.T), b: x.sum() }), x);
    return [s.a.shape, String(s.b.dtype)];
  },
  pure_callback: ({ pureCallback, ShapeDtypeStruct }, x) => {
    const sines = (x: Any) => Float32Array.from(x.toArray() as number[], Math.sin);
    return pureCallback(sines, new ShapeDtypeStruct(x.shape, x.dtype), x);
  },
  minimize_bfgs: ({ scipy }, x) => {
    const f = (x: Any) => x.sub(1.5).pow(2).sum();
    return scipy.optimize.minimize(f, x, { method: "BFGS" }).x;
  },
  odeint: ({ experimental, numpy: np }, y) => {
    return experimental.ode.odeint((y: Any, _t: Any) => y.neg(), y, np.array([0, 0.5, 1]));
  },
  jet: ({ experimental, numpy: np }, x) => {
    return experimental.jet.jet(np.sin, [x], [[np.float32(1), np.float32(0), np.float32(0)]]);
  },
  checkify: ({ experimental: { checkify }, jit, numpy: np }, x) => {
    const [err, y] = checkify.checkify(jit((x: Any) => np.log(x)), { errors: checkify.floatChecks })(x);
    return [y, err.get() === null];
  },
  ref_state: ({ newRef, slice }, x) => {
    const r = newRef(x);
    r.at(0).set(7);
    r.at(slice(1, null)).add(1);
    return r.get("...");
  },
  mlp_step: ({ numpy: np, tree, valueAndGrad }, p, x, y) => {
    const loss = (p: Any) => {
      const h = np.tanh(x.matmul(p[0].w).add(p[0].b));
      return h.matmul(p[1].w).add(p[1].b).sub(y).pow(2).mean();
    };
    const [l, g] = valueAndGrad(loss)(p);
    return [l, tree.map((a: Any, b: Any) => a.sub(np.multiply(0.1, b)), p, g)];
  },
};
