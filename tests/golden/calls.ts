/** How a case is called: an ordinary function by its name, or one of the special forms. */
import { camelCase, operatorMethods, reflectedFunctions } from "../../scripts/names.ts";
import type { Case, Value } from "./cases.ts";
import { type Any, jax, member, Missing, Skipped } from "./jax.ts";
import { treeForms } from "./tree_forms.ts";
import { decode, indices, ints, options } from "./values.ts";

type Form = (c: Case) => Any;

/** The result of the case's call. Raises what the call raises, `Missing` or `Skipped`. */
export function evaluate(c: Case): Any {
  const form = forms[c.fn] ?? patterns.find(([pattern]) => pattern.test(c.fn))?.[1] ?? ordinary;
  return form(c);
}

const ordinary: Form = (c) => bound(c.fn, c)(...c.args.map(decode));

/** The function with the case's keyword arguments fixed. */
function bound(name: string, c: Case): (...args: Any[]) => Any {
  const f = member(name);
  const rest = options(c.kwargs);
  return (...args) => f(...args, ...rest);
}

/** The special forms that have one name each. */
const forms: Readonly<Record<string, Form>> = {
  ...treeForms,
  "getitem": (c) => decode(c.args[0]!).get(...indices(c.args[1]!)),
  "promote": (c) => jax.numpy.resultType(...c.args.map(promotable)),
  "vjp": (c) => {
    const { f, at } = differentiated(c);
    const [, pull] = jax.vjp(f, ...at);
    return pull(decode(c.ct!));
  },
  "jvp": (c) => {
    const { f, at } = differentiated(c);
    return jax.jvp(f, at, decode(c.tangents!));
  },
  "grad2": (c) => {
    const { f, at } = differentiated(c, 1);
    const total = (tree: Any) => jax.tree.leaves(tree).map((x: Any) => jax.numpy.sum(x));
    const sumOf = (g: (x: Any) => Any) => (x: Any) =>
      total(g(x)).reduce((a: Any, b: Any) => jax.numpy.add(a, b));
    return jax.grad(sumOf(jax.grad(sumOf(f))))(at[0]);
  },
  "vmap": (c) => {
    const axes = { inAxes: decode(c.in_axes ?? { int: 0 }), outAxes: decode(c.out_axes ?? { int: 0 }) };
    return jax.vmap(bound(c.of!, c), axes)(...c.args.map(decode));
  },
  "jvp_projector": (c) => {
    const x = decode(c.args[0]!);
    const rebuild = rebuilders[c.of!.slice(c.of!.lastIndexOf(".") + 1)]!;
    return jax.jvp((y: Any) => rebuild(bound(c.of!, c)(y)), [x], [jax.numpy.onesLike(x)]);
  },
  "jvp_random": (c) => {
    const [key, ...parameters] = c.args.map(decode);
    const draw = (...ps: Any[]) => bound(c.of!, c)(key, ...ps);
    return jax.jvp(draw, parameters, parameters.map((p) => jax.numpy.onesLike(p)));
  },
  "jax.numpy.finfo": (c) => typeInfo(c),
  "jax.numpy.iinfo": (c) => typeInfo(c),
  "jax.numpy.issubdtype": (c) => {
    const abstract = c.args[1];
    if (abstract === null || typeof abstract !== "object" || !("str" in abstract)) return ordinary(c);
    return member(c.fn)(decode(c.args[0]!), member(`jax.numpy.${abstract.str}`));
  },
  "jax.numpy.einsum_path": (c) => ordinary(c)[0],
  "jax.lax.linalg.qdwh": (c) => ordinary(c).slice(0, 2),
  "jax.flatten_util.ravel_pytree": (c) => ordinary(c)[0],
};

/** The special forms that are families. */
const patterns: readonly (readonly [RegExp, Form])[] = [
  [/^at\./, (c) => {
    const reference = decode(c.args[0]!).at(...indices(c.args[1]!));
    return reference[camelCase(c.fn.slice(3))](...c.args.slice(2).map(decode), ...options(c.kwargs));
  }],
  [/^jax\.Array\./, arrayMember],
  [/^(gather|scatter)/, gatherScatter],
  [/^jax\.nn\.initializers\.(?!zeros$|ones$)/, (c) => {
    return member(c.fn)(...options(c.kwargs))(...c.args.map(decode));
  }],
  [/^jax\.scipy\.sparse\.linalg\./, (c) => ordinary(c)[0]],
  [/^jax\.scipy\.interpolate\.RegularGridInterpolator$/, (c) => {
    const [points, values, xi] = c.args.map(decode);
    return construct(c.fn, [points, values, ...options(c.kwargs)], (f) => f(xi));
  }],
  [/^jax\.scipy\.stats\.gaussian_kde\./, (c) => {
    const [dataset, ...rest] = c.args.map(decode);
    const [home, name] = split(c.fn);
    // The argument of integrate_kde is another estimate, given by its dataset.
    const args = name === "integrateKde"
      ? [construct(home, [rest[0], ...options(c.kwargs)], (k) => k)]
      : rest;
    return construct(home, [dataset, ...options(c.kwargs)], (kde) => kde[name](...args));
  }],
  [/^jax\.scipy\.spatial\.transform\.Rotation\./, (c) => {
    const [home, name] = split(c.fn);
    const Rotation = member(home);
    if (name === "fromEuler") return Rotation.fromEuler(...c.args.map(decode)).asMatrix();
    if (name.startsWith("from")) return Rotation[name](...c.args.map(decode)).asQuat();
    const [quaternion, ...rest] = c.args.map(decode);
    const result = Rotation.fromQuat(quaternion)[name](...rest, ...options(c.kwargs));
    return result?.asQuat?.() ?? result;
  }],
];

/** `[module, member in camelCase]` of a full name. */
function split(name: string): [string, string] {
  const dot = name.lastIndexOf(".");
  return [name.slice(0, dot), camelCase(name.slice(dot + 1))];
}

function construct(name: string, args: Any[], use: (object: Any) => Any): Any {
  const Constructor = member(name);
  return use(new Constructor(...args));
}

/** `x.name(...)`, `x.name` or an operator of the first argument. */
function arrayMember(c: Case): Any {
  const name = c.fn.slice("jax.Array.".length);
  const [x, ...rest] = c.args.map(decode);
  const operator = /^__(r?)(\w+?)__$/.exec(name);
  if (operator) {
    const plain = operatorMethods[operator[1]! + operator[2]!];
    if (plain) return x[plain](...rest);
    const reflected = reflectedFunctions[operator[2]!];
    if (operator[1] && reflected) return jax.numpy[reflected](rest[0], x);
    throw new Skipped(`${name} is a protocol of Python`);
  }
  const key = name === "tolist" ? "toArray" : camelCase(name);
  if (x[key] === undefined) throw new Missing(c.fn);
  return isMethod(x, key) ? x[key](...rest, ...options(c.kwargs)) : x[key];
}

/** Whether the member is a method and not an attribute, which may be callable too (a dtype). */
function isMethod(x: Any, key: string): boolean {
  for (let at = x; at; at = Object.getPrototypeOf(at)) {
    const descriptor = Object.getOwnPropertyDescriptor(at, key);
    if (descriptor) return at !== x && typeof descriptor.value === "function";
  }
  return false;
}

function gatherScatter(c: Case): Any {
  const given = options(c.kwargs)[0] ?? {};
  const how = given.mode === undefined ? [] : [{ mode: given.mode }];
  const args = c.args.map(decode);
  if (c.fn === "gather") {
    const dimensions = {
      offsetDims: given.offsetDims,
      collapsedSliceDims: given.collapsed,
      startIndexMap: given.sim,
    };
    return jax.lax.gather(...args, dimensions, given.ss, ...how);
  }
  const dimensions = {
    updateWindowDims: given.uwd,
    insertedWindowDims: given.iwd,
    scatterDimsToOperandDims: given.sdod,
  };
  return member(`jax.lax.${c.fn}`)(...args, dimensions, ...how);
}

/** An attribute of `finfo` or `iinfo` where one is named. */
function typeInfo(c: Case): Any {
  const info = member(c.fn)(decode(c.args[0]!));
  return c.args.length === 2 ? info[camelCase(decode(c.args[1]!))] : info;
}

/** An operand of a promotion: a dtype, or a value of the language that is weakly typed. */
function promotable(value: Value): Any {
  if (value === null || typeof value !== "object") return value;
  if ("int" in value) return 1n;
  if ("float" in value) return 1.5;
  if ("complex" in value) return { re: 0, im: 1 };
  if ("dt" in value && value.weak) return jax.numpy.zeros([], { dtype: value.dt, weakType: true });
  return decode(value);
}

/** The case's function of its differentiated arguments alone, and the point; `count` limits how many. */
function differentiated(c: Case, count = Infinity): { f: (...args: Any[]) => Any; at: Any[] } {
  const args = c.args.map(decode);
  const argnums = (c.argnums ? ints(c.argnums) : args.map((_, i) => i)).slice(0, count);
  const f = bound(c.of!, c);
  return {
    f: (...ds) => f(...args.map((x, i) => argnums.includes(i) ? ds[argnums.indexOf(i)] : x)),
    at: argnums.map((i) => args[i]),
  };
}

/** The matrix as the product of its factors. */
const rebuilders: Readonly<Record<string, (factors: Any[]) => Any>> = {
  qr: ([q, r]) => q.matmul(r),
  eigh: ([w, v]) => v.mul(w).matmul(v.T),
  svd: ([u, s, vt]) => u.get(":", jax.slice(0, s.shape[0])).mul(s).matmul(vt),
};
