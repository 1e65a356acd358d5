import type { Any } from "../golden/jax.ts";
import type { Programs } from "./program.ts";

const identity = (x: Any) => x;

/**
 * Programs of the area `errors` that use a transformation or a control-flow function wrongly. Where Python asks a
 * tracer for its truth (`if x > 0`), these call `item()`: TypeScript cannot see a test of an object.
 */
export const transformationErrors: Programs = {
  grad_nonscalar: ({ grad }, x) => grad((x: Any) => x.mul(2))(x),
  // A BigInt is an int; a JS number would be a float.
  grad_int: ({ grad }, x) => grad((x: Any) => x.mul(2))(BigInt(x)),
  grad_argnums_range: ({ grad }, x) => grad(identity, { argnums: 2 })(x),
  grad_aux_not_pair: ({ grad }, x) => grad(identity, { hasAux: true })(x),
  grad_none_out: ({ grad }, x) => grad(() => null)(x),
  grad_string: ({ grad }) => grad(identity)("a"),
  value_and_grad_tuple_out: ({ valueAndGrad }, x) => valueAndGrad((x: Any) => [x, x])(x),
  jacfwd_int_in: ({ jacfwd }, x) => jacfwd((x: Any) => x.mul(2))(x),

  tracer_bool: ({ jit }, x) => jit((x: Any) => x.gt(0).item() ? 1 : 2)(x),
  tracer_while: ({ jit }, x) => {
    const f = (x: Any) => {
      while (x.lt(3).item()) x = x.add(1);
      return x;
    };
    return jit(f)(x);
  },
  tracer_int: ({ jit, numpy: np }, n) => jit((n: Any) => np.sum(np.ones(3), { axis: n }))(n),
  tracer_float: ({ jit }, x) => jit((x: Any) => +x)(x),
  tracer_int_cast: ({ jit }, x) => jit((x: Any) => Math.trunc(x))(x),
  tracer_numpy: ({ jit }, x) => jit((x: Any) => x.dataSync())(x),
  tracer_item: ({ jit }, x) => jit((x: Any) => x.item())(x),
  tracer_tolist: ({ jit }, x) => jit((x: Any) => x.toArray())(x),
  tracer_shape: ({ jit, numpy: np }, n) => jit((n: Any) => np.zeros(n))(n),
  tracer_arange: ({ jit, numpy: np }, n) => jit((n: Any) => np.arange(n))(n),
  tracer_reshape: ({ jit }, n, x) => jit((n: Any, x: Any) => x.reshape(n, -1))(n, x),
  bool_mask_jit: ({ jit }, x) => jit((x: Any) => x.get(x.gt(0)))(x),
  nonzero_jit: ({ jit, numpy: np }, x) => jit(np.nonzero)(x),
  unique_jit: ({ jit, numpy: np }, x) => jit(np.unique)(x),
  where_one_arg_jit: ({ jit, numpy: np }, x) => jit((x: Any) => np.where(x.gt(0)))(x),
  slice_tracer: ({ jit, slice }, x, i) => jit((x: Any, i: Any) => x.get(slice(i, i.add(2))))(x, i),
  tracer_and: ({ jit }, x) => jit((x: Any) => x.gt(0).item() && x.lt(1).item())(x),
  bincount_jit: ({ jit, numpy: np }, x) => jit(np.bincount)(x),
  isin_ok_setdiff_jit: ({ jit, numpy: np }, x) => jit(np.setdiff1d)(x, x),
  segment_jit: ({ jit, ops }, x, s) => jit(ops.segmentSum)(x, s),
  leaked_tracer: ({ jit }, x) => {
    const leaked: Any[] = [];
    const g = jit((x: Any) => {
      leaked.push(x);
      return x;
    });
    g(x);
    return leaked[0].add(1);
  },

  vmap_size: ({ vmap }, x, y) => vmap((x: Any, y: Any) => x.add(y))(x, y),
  vmap_scalar: ({ vmap }, x) => vmap(identity)(x),
  vmap_axes_len: ({ vmap }, x) => vmap((x: Any, _y: Any) => x, { inAxes: [0, 0, 0] })(x, x),
  vmap_axis_range: ({ vmap }, x) => vmap(identity, { inAxes: 3 })(x),
  vmap_no_args: ({ vmap }) => vmap(() => 1)(),
  vmap_in_axes_tree: ({ vmap }, x) => vmap((d: Any) => d.a, { inAxes: [{ b: 0 }] })({ a: x }),
  vmap_axis_size: ({ vmap }, x) => vmap(identity, { axisSize: 99 })(x),
  vmap_in_axes_str: ({ vmap }, x) => vmap(identity, { inAxes: "a" })(x),
  vmap_data_cond: ({ vmap }, x) => vmap((x: Any) => x.gt(0).item() ? x : x.neg())(x),
  psum_unbound: ({ lax }, x) => lax.psum(x, "i"),

  scan_carry_type: ({ lax }, x) => lax.scan((c: Any, x: Any) => [c.add(1.5), x], 0, x),
  scan_carry_shape: ({ lax, numpy: np }, x) => {
    return lax.scan((c: Any, x: Any) => [np.stack([c, c]), x], 0, x);
  },
  scan_carry_tree: ({ lax }, x) => lax.scan((c: Any, x: Any) => [[c, c], x], 0, x),
  scan_len: ({ lax }, x, y) => lax.scan((c: Any, x: Any) => [c, x], 0, [x, y]),
  scan_length_mismatch: ({ lax }, x) => lax.scan((c: Any, x: Any) => [c, x], 0, x, { length: 99 }),
  scan_no_length: ({ lax }) => lax.scan((c: Any, x: Any) => [c, x], 0, null),
  scan_body_not_pair: ({ lax }, x) => lax.scan((c: Any, _x: Any) => c, 0, x),
  while_carry_type: ({ lax }) => lax.whileLoop((c: Any) => c.lt(3), (c: Any) => c.add(1.5), 0),
  while_cond_type: ({ lax }) => lax.whileLoop(identity, identity, 1),
  while_cond_shape: ({ lax }, x) => lax.whileLoop((c: Any) => c.gt(0), identity, x),
  while_grad: ({ grad, lax }, x) => {
    return grad((x: Any) => lax.whileLoop((c: Any) => c.lt(10), (c: Any) => c.mul(2), x))(x);
  },
  fori_dynamic_grad: ({ grad, lax }, x, n) => {
    return grad((x: Any) => lax.foriLoop(0, n, (_: Any, c: Any) => c.mul(x), x))(x);
  },
  fori_dynamic_grad_jit: ({ grad, jit, lax }, x, n) => {
    const f = (x: Any, n: Any) => lax.foriLoop(0, n, (_: Any, c: Any) => c.mul(x), x);
    return jit(grad(f))(x, n);
  },
  fori_float_bounds: ({ lax }, x) => lax.foriLoop(0, 3.5, (_: Any, c: Any) => c, x),
  cond_branch_type: ({ lax, numpy: np }, x) => lax.cond(true, identity, (x: Any) => x.astype(np.int32), x),
  cond_branch_shape: ({ lax }, x) => lax.cond(true, identity, (x: Any) => x.get(":1"), x),
  cond_branch_tree: ({ lax }, x) => lax.cond(true, identity, (x: Any) => [x, x], x),
  cond_not_callable: ({ lax }, x) => lax.cond(true, x, x),
  switch_index_type: ({ lax }, x) => lax.switch(1.5, [identity, identity], x),
  switch_empty: ({ lax }, x) => lax.switch(0, [], x),
  switch_index_shape: ({ lax }, i, x) => lax.switch(i, [identity, identity], x),

  // Static arrays and objects compare by value; a jax array has no value to compare.
  static_unhashable: ({ jit, numpy: np }, x) => {
    return jit((x: Any, _n: Any) => x, { staticArgnums: 1 })(x, np.ones(2));
  },
  static_argnums_range: ({ jit }, x) => jit((x: Any) => x, { staticArgnums: 5 })(x),
  static_argnames_missing: ({ jit }, x) => jit((x: Any) => x, { staticArgnames: "zzz" })(x),
  jit_string_arg: ({ jit }) => jit((_x: Any) => 1)("a"),
  jit_string_out: ({ jit }, x) => jit((_x: Any) => "a")(x),
  jit_not_callable: ({ jit }) => jit(3),
  donate_static: ({ jit }) => jit((x: Any) => x, { staticArgnums: 0, donateArgnums: 0 })(1),
  jaxpr_leaf: ({ makeJaxpr }) => makeJaxpr(identity)("a"),
  eval_shape_bad: ({ evalShape }, x) => evalShape((x: Any) => x.matmul(x), x),

  jvp_tangent_dtype: ({ jvp, numpy: np }, x) => jvp(np.sin, [x], [np.ones(3, { dtype: np.int32 })]),
  jvp_tangent_shape: ({ jvp, numpy: np }, x) => jvp(np.sin, [x], [np.ones(9)]),
  jvp_tree: ({ jvp }, x) => jvp((a: Any, _b: Any) => a, [x, x], [x]),
  vjp_ct_dtype: ({ vjp, numpy: np }, x) => vjp(np.sin, x)[1](np.ones(x.shape, { dtype: np.int32 })),
  vjp_ct_tree: ({ vjp, numpy: np }, x) => vjp(np.sin, x)[1]([x, x]),
  linear_transpose_nonlinear: ({ linearTranspose, numpy: np }, x) => linearTranspose(np.sin, x)(x),
  custom_jvp_no_rule: ({ customJvp, jvp }, x) => jvp(customJvp((x: Any) => x), [x], [x]),
  custom_vjp_jvp: ({ customVjp, jvp }, x) => {
    const g = customVjp((x: Any) => x);
    g.defvjp((x: Any) => [x, null], (_: Any, c: Any) => [c]);
    return jvp(g, [x], [x]);
  },
  custom_vjp_bwd_count: ({ customVjp, grad }, x) => {
    const g = customVjp((x: Any, y: Any) => x.mul(y));
    g.defvjp((x: Any, y: Any) => [x.mul(y), null], (_: Any, c: Any) => [c]);
    return grad(g)(x, x);
  },
  custom_vjp_bwd_shape: ({ customVjp, grad }, x) => {
    const g = customVjp((x: Any) => x.sum());
    g.defvjp((x: Any) => [x.sum(), null], (_: Any, c: Any) => [c]);
    return grad(g)(x);
  },
  pure_callback_shape: ({ pureCallback, ShapeDtypeStruct, numpy: np }, x) => {
    return pureCallback(() => new Float32Array(9).fill(1), new ShapeDtypeStruct([2], np.float32), x);
  },
  checkify_throw: ({ experimental: { checkify } }, x) => {
    const f = (x: Any) => checkify.check(x.gt(0), "must be positive");
    const [err] = checkify.checkify(f)(x);
    err.throw();
  },
};
