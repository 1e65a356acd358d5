// deno-lint-ignore-file no-explicit-any -- results are trees of the caller, whose types only the caller knows
/**
 * Control flow: `cond`, `switch`, `whileLoop`, `foriLoop`, `scan`, `map`.
 *
 * @module
 */
import { checkCallable, flattenArrays, invalidArgument } from "../core/argument.ts";
import type { JaxArray } from "../core/array.ts";
import { shaped, type ShapedArray } from "../core/avals.ts";
import { ConcreteArray, describe, scalarArray } from "../core/concrete.ts";
import { flags } from "../core/config.ts";
import { bool_, defaultInt, int32 } from "../core/dtypes.ts";
import { checkOptions, ConcretizationTypeError, ValueError } from "../core/errors.ts";
import type { ClosedJaxpr } from "../core/jaxpr.ts";
import { bindScan } from "../core/ops/scan.ts";
import { bindWhile } from "../core/ops/while.ts";
import { joinConsts } from "../core/ops/regions.ts";
import { P } from "../core/prims.ts";
import { flatten, isOptions, listDef, type PyTreeDef, structure, unflatten } from "../core/pytree.ts";
import * as raw from "../core/raw.ts";
import { keywords } from "../core/static.ts";
import { evalClosed } from "../core/staging.ts";
import { bind, bind1, Tracer } from "../core/trace.ts";
import { vmap } from "../core/vmap.ts";
import { type AnyFunction, checkCarry, flattenCarry, promoteWeak, strengthen, traceBody } from "./_body.ts";

/** The predicate of `cond` as a bool scalar. */
function predicate(pred: unknown, what: string): JaxArray {
  const x = typeof pred === "number"
    ? scalarArray(pred !== 0, bool_)
    : flattenArrays(pred, invalidArgument(what)).arrays[0];
  if (!x || flatten(pred)[0].length !== 1) {
    throw new TypeError(`Pred must be a scalar, got ${describe(pred)}.`);
  }
  if (x.ndim !== 0) {
    throw new TypeError(
      `Pred must be a scalar, got ${describe(pred)} of shape (${x.shape.join(", ")}${
        x.ndim === 1 ? "," : ""
      }).`,
    );
  }
  if (x.dtype === bool_) return x;
  if (x.dtype.kind === "key" || x.dtype.kind === "complex" || x.dtype.kind === "float0") {
    throw new TypeError(`Pred type must be either boolean or number, got ${x.aval}.`);
  }
  return raw.ne(x, 0);
}

/** Binds the branches on an int32 index, after checking that their results agree. */
function select(
  index: JaxArray,
  functions: readonly AnyFunction[],
  operands: readonly unknown[],
  names: readonly string[],
): unknown {
  const { arrays, treedef } = flattenCarry(operands, names.join(" or "));
  const avals = arrays.map((x) => x.aval);
  const bodies = functions.map((f, i) => traceBody(f, treedef, avals, names[i]!));
  const first = bodies[0]!;
  bodies.forEach((body, i) => {
    if (body.outTree !== first.outTree) {
      throw new TypeError(
        `${names[0]} and ${
          names[i]
        } output must have same type structure, got ${first.outTree} and ${body.outTree}.`,
      );
    }
  });
  const closed = promoteBranches(bodies.map((b) => b.closed));
  closed.forEach((c, i) => {
    const wrong = c.outAvals.findIndex((a, k) => !a.sameType(closed[0]!.outAvals[k]!));
    if (wrong >= 0) {
      throw new TypeError(
        `${names[0]} and ${names[i]} output must have identical types, got\n` +
          `${closed[0]!.outAvals[wrong]} and ${c.outAvals[wrong]} for output ${wrong}.`,
      );
    }
  });
  const { jaxprs, consts } = joinConsts(closed);
  const outs = bind(P.cond, [index, ...consts, ...arrays], { branches: jaxprs });
  return unflatten(first.outTree, outs);
}

/** Weakly typed results of some branches take the dtype of the others. */
function promoteBranches(closed: readonly ClosedJaxpr[]): ClosedJaxpr[] {
  const count = closed[0]!.outAvals.length;
  const wanted = Array.from({ length: count }, (_, i): ShapedArray => {
    const avals = closed.map((c) => c.outAvals[i]!);
    return avals.find((a) => !a.weakType) ?? avals.find((a) => a.dtype.kind === "float") ?? avals[0]!;
  });
  return closed.map((c) => strengthen(c, count, wanted, evalClosed));
}

/**
 * `trueFun(...operands)` where `pred` holds, else `falseFun(...operands)`: only one of them runs (under vmap of the
 * predicate both do). Both must return the same tree of types.
 *
 * @example
 * ```ts
 * import { lax } from "@jaxlet/jaxlet";
 * const y = lax.cond(true, (x) => x.add(1), (x) => x.sub(1), 10);
 * if (y.item() !== 11) throw new Error();
 * ```
 */
export function cond(
  pred: unknown,
  trueFun: AnyFunction,
  falseFun: AnyFunction,
  ...operands: unknown[]
): any {
  const last = operands.at(-1);
  if (isOptions(last, ["linear"])) operands = operands.slice(0, -1);
  checkCallable(trueFun, "lax.cond");
  checkCallable(falseFun, "lax.cond");
  const p = predicate(pred, "cond");
  if (flags.disableJit && p instanceof ConcreteArray) {
    return (p.dataSync()[0] ? trueFun : falseFun)(...operands.map(asCarry));
  }
  return select(raw.convert(p, int32), [falseFun, trueFun], operands, ["false_fun", "true_fun"]);
}

function asCarry(tree: unknown): unknown {
  const { arrays, treedef } = flattenCarry(tree, "operand");
  return unflatten(treedef, arrays);
}

/** An integer scalar, from a number or array. */
function integerScalar(x: unknown, what: string): JaxArray {
  if (typeof x === "number") {
    if (!Number.isInteger(x)) throw new TypeError(`${what} must be an integer, got ${x}`);
    return scalarArray(x, defaultInt(), true);
  }
  const { arrays } = flattenArrays([x], invalidArgument(what));
  const a = arrays[0];
  if (!a || a.ndim !== 0 || (a.dtype.kind !== "int" && a.dtype.kind !== "uint")) {
    throw new TypeError(`${what} must be an integer scalar, got ${describe(x)}`);
  }
  return a;
}

/**
 * Branch number `index` of a list, clamped to those there are.
 *
 * @example
 * ```ts
 * import { lax } from "@jaxlet/jaxlet";
 * const y = lax.switch(1, [(x) => x, (x) => x.mul(2)], 3);
 * if (y.item() !== 6) throw new Error();
 * ```
 */
function switchBranches(index: unknown, branches: readonly AnyFunction[], ...operands: unknown[]): any {
  if (!Array.isArray(branches)) {
    throw new TypeError(`lax.switch wants a list of functions, got ${describe(branches)}`);
  }
  if (branches.length === 0) throw new ValueError("Empty branch sequence");
  branches.forEach((b) => checkCallable(b, "lax.switch"));
  const i = integerScalar(index, "switch index");
  if (branches.length === 1) return branches[0]!(...operands.map(asCarry));
  const last = scalarArray(branches.length - 1, int32);
  const clamped = bind1(P.clamp, [scalarArray(0, int32), raw.convert(i, int32), last]);
  if (flags.disableJit && clamped instanceof ConcreteArray) {
    return branches[Number(clamped.dataSync()[0])]!(...operands.map(asCarry));
  }
  return select(clamped, branches, operands, branches.map((_, k) => `branch ${k}`));
}
export { switchBranches as switch };

/**
 * Repeats `bodyFun` on a carry while `condFun` of it holds. The number of steps may depend on values, so it has a
 * forward-mode derivative only.
 *
 * @example
 * ```ts
 * import { lax } from "@jaxlet/jaxlet";
 * const y = lax.whileLoop((x) => x.lt(10), (x) => x.add(4), 0);
 * if (y.item() !== 12) throw new Error();
 * ```
 */
export function whileLoop(condFun: AnyFunction, bodyFun: AnyFunction, initVal: unknown): any {
  checkCallable(condFun, "lax.whileLoop");
  checkCallable(bodyFun, "lax.whileLoop");
  if (flags.disableJit) {
    let value = asCarry(initVal);
    while (truth(condFun(value))) value = bodyFun(value);
    return value;
  }
  let { arrays, treedef } = flattenCarry(initVal, "while_loop");
  const inTree = listDef([treedef]);
  let body = traceBody(bodyFun, inTree, arrays.map((x) => x.aval), "while_loop");
  for (let i = 0; i < 3; i++) {
    const promoted = body.outTree === treedef ? promoteWeak(arrays, body.closed.outAvals) : null;
    if (!promoted) break;
    arrays = promoted;
    body = traceBody(bodyFun, inTree, arrays.map((x) => x.aval), "while_loop");
  }
  const avals = arrays.map((x) => x.aval);
  const { closed } = body;
  checkCarry("body_fun", treedef, body.outTree, avals, closed.outAvals);
  const condition = traceBody(condFun, inTree, avals, "while_loop");
  const outAval = condition.closed.outAvals[0];
  if (condition.closed.outAvals.length !== 1 || outAval!.dtype !== bool_ || outAval!.shape.length) {
    throw new TypeError(
      `cond_fun must return a boolean scalar, but got ${
        condition.closed.outAvals.length === 1 ? `output type(s) ${outAval}` : `pytree ${condition.outTree}`
      }.`,
    );
  }
  return unflatten(treedef, bindWhile(condition.closed, [], closed, [], arrays));
}

function truth(x: unknown): boolean {
  return x instanceof ConcreteArray ? Boolean(x.dataSync()[0]) : Boolean(x);
}

/** The value of a loop bound when it is known now. */
function concreteBound(x: unknown): number | null {
  if (typeof x === "number") return x;
  if (typeof x === "bigint") return Number(x);
  const a = x instanceof Tracer ? x.concrete() : x;
  if (a instanceof ConcreteArray && a.ndim === 0) return Number(a.dataSync()[0]);
  return null;
}

/** Options of {@linkcode foriLoop}. */
export interface ForiOptions {
  /** How many steps the compiled loop takes at once. */
  readonly unroll?: number | boolean | null;
}

/**
 * `val = bodyFun(i, val)` for i from `lower` to `upper` - 1. With bounds known when it is traced it is a scan, which
 * reverse mode differentiates; otherwise a while loop.
 *
 * @example
 * ```ts
 * import { lax } from "@jaxlet/jaxlet";
 * const y = lax.foriLoop(0, 5, (i, acc) => acc.add(i), 0);
 * if (y.item() !== 10) throw new Error();
 * ```
 */
export function foriLoop(
  lower: unknown,
  upper: unknown,
  bodyFun: AnyFunction,
  initVal: unknown,
  options: ForiOptions = {},
): any {
  checkCallable(bodyFun, "lax.foriLoop");
  checkOptions("fori_loop", options, ["unroll"]);
  const lo = integerScalar(lower, "fori_loop lower bound"),
    hi = integerScalar(upper, "fori_loop upper bound");
  if (!lo.weakType && !hi.weakType && lo.dtype !== hi.dtype) {
    throw new TypeError(
      `lower and upper arguments to fori_loop must have equal types, got ${lo.dtype.name} and ${hi.dtype.name}`,
    );
  }
  const dtype = lo.weakType ? hi.dtype : lo.dtype;
  const start = concreteBound(lower), stop = concreteBound(upper);
  if (start !== null && stop !== null) {
    const length = Math.max(stop - start, 0);
    if (flags.disableJit) {
      let value = asCarry(initVal);
      for (let i = start; i < stop; i++) value = bodyFun(scalarArray(i, dtype), value);
      return value;
    }
    const weak = lo.weakType && hi.weakType;
    const result = scan(
      (carry: readonly [JaxArray, unknown]) => [[raw.add(carry[0], 1), bodyFun(carry[0], carry[1])], null],
      [scalarArray(start, dtype, weak), initVal],
      null,
      { length, unroll: options.unroll ?? 1 },
    );
    return result[0][1];
  }
  if (options.unroll) {
    throw new ValueError("Can only use `unroll` in `fori_loop` if the loop bounds are statically known.");
  }
  const [, result] = whileLoop(
    ([i, end]: readonly JaxArray[]) => raw.lt(i!, end!),
    ([i, end, value]: readonly [JaxArray, JaxArray, unknown]) => [raw.add(i, 1), end, bodyFun(i, value)],
    [raw.convert(lo, dtype), raw.convert(hi, dtype), initVal],
  ).slice(1) as unknown[];
  return result;
}

/** Options of {@linkcode scan}. */
export interface ScanOptions {
  /** Number of steps: needed when `xs` has no arrays. */
  readonly length?: number | null;
  /** Run from the last element to the first; ys stay aligned with xs. */
  readonly reverse?: boolean;
  /** How many steps the compiled loop takes at once. */
  readonly unroll?: number | boolean;
}

/**
 * A loop over the leading axis of `xs` that threads a carry: `[carry, y] = f(carry, x)`.
 *
 * @param f from carry and one slice of each leaf of `xs` to the new carry (same tree of types) and a result
 * @param init the first carry
 * @param xs tree of arrays with one leading size, or null with `length`
 * @returns `[carry, ys]`, with ys stacked along a new leading axis
 *
 * @example
 * ```ts
 * import { lax, numpy as np } from "@jaxlet/jaxlet";
 * const [total, sums] = lax.scan((c, x) => [c.add(x), c.add(x)], 0, np.arange(4));
 * if (total.item() !== 6 || String(sums) !== "[0 1 3 6]") throw new Error();
 * ```
 */
export function scan(
  f: AnyFunction,
  init: unknown,
  xs?: unknown,
  ...given: readonly (ScanOptions | number | boolean | null)[]
): [any, any] {
  checkCallable(f, "lax.scan");
  const opts = keywords("scan", ["length", "reverse", "unroll", "_split_transpose"], given) as ScanOptions;
  const { arrays: xsArrays, treedef: xsTree } = flattenArrays(xs ?? null, invalidArgument("scan"));
  const length = scanLength(xsArrays, opts.length ?? null);
  if (flags.disableJit) return scanEagerly(f, init, xsArrays, xsTree, length, opts.reverse ?? false);
  let { arrays, treedef } = flattenCarry(init, "scan");
  const inTree = listDef([treedef, xsTree]);
  const rows = xsArrays.map((x) => shaped(x.shape.slice(1), x.dtype, x.weakType));
  const trace = () => traceBody(f, inTree, [...arrays.map((x) => x.aval), ...rows], "scan");
  let body = trace(), [carryTree, yTree] = scanTrees(body.outTree);
  for (let i = 0; i < 3; i++) {
    const promoted = carryTree === treedef
      ? promoteWeak(arrays, body.closed.outAvals.slice(0, arrays.length))
      : null;
    if (!promoted) break;
    arrays = promoted;
    body = trace();
    [carryTree, yTree] = scanTrees(body.outTree);
  }
  const avals = arrays.map((x) => x.aval);
  const { closed } = body;
  checkCarry("scan body function", treedef, carryTree, avals, closed.outAvals.slice(0, carryTree.numLeaves));
  const unroll = opts.unroll === true ? Math.max(length, 1) : Number(opts.unroll || 1);
  const outs = bindScan(closed, [], arrays, xsArrays, { length, reverse: opts.reverse ?? false, unroll });
  return [unflatten(treedef, outs.slice(0, arrays.length)), unflatten(yTree, outs.slice(arrays.length))];
}

function scanTrees(outTree: PyTreeDef): [PyTreeDef, PyTreeDef] {
  const children = outTree.children();
  if (children.length !== 2 || !String(outTree).startsWith("PyTreeDef([")) {
    throw new TypeError(`scan body output must be a pair, got ${outTree}: return [carry, y]`);
  }
  return [children[0]!, children[1]!];
}

function scanLength(xs: readonly JaxArray[], given: number | null): number {
  for (const x of xs) {
    if (x.ndim === 0) {
      throw new ValueError(`scan got value with no leading axis to scan over: ${x.aval}.`);
    }
  }
  const sizes = [...new Set(xs.map((x) => x.shape[0]!))];
  if (given !== null) {
    if (!Number.isInteger(given)) {
      throw new ConcretizationTypeError(
        `The \`length\` argument to \`scan\` expects a concrete \`int\` value, got ${describe(given)}`,
      );
    }
    if (given < 0) throw new ValueError(`scan got negative length ${given}`);
    if (sizes.some((n) => n !== given)) {
      throw new ValueError(
        `scan got \`length\` argument of ${given} which disagrees with leading axis sizes ${
          JSON.stringify(xs.map((x) => x.shape[0]))
        }.`,
      );
    }
    return given;
  }
  if (sizes.length > 1) {
    throw new ValueError(
      `scan got values with different leading axis sizes: ${xs.map((x) => x.shape[0]).join(", ")}.`,
    );
  }
  if (sizes.length === 0) throw new ValueError("scan got no values to scan over and `length` not provided.");
  return sizes[0]!;
}

function scanEagerly(
  f: AnyFunction,
  init: unknown,
  xs: readonly JaxArray[],
  xsTree: PyTreeDef,
  length: number,
  reverse: boolean,
): [unknown, unknown] {
  if (length === 0) {
    throw new ValueError(
      "zero-length scan is not supported in disable_jit() mode because the output type is unknown.",
    );
  }
  let carry = asCarry(init);
  const ys: unknown[] = new Array(length);
  for (let step = 0; step < length; step++) {
    const i = reverse ? length - 1 - step : step;
    const rows = xs.map((x) => raw.squeeze(raw.sliceInDim(x, i, i + 1, 0), [0]));
    const result = f(carry, unflatten(xsTree, rows));
    scanTrees(structure(result));
    carry = result[0];
    ys[i] = result[1];
  }
  const flat = ys.map((y) => flattenArrays(y, invalidArgument("scan")).arrays);
  const yTree = structure(ys[0]);
  const stacked = flat[0]!.map((_, k) =>
    raw.concatenate(flat.map((leaves) => raw.expandDims(leaves[k]!, [0])), 0)
  );
  return [carry, unflatten(yTree, stacked)];
}

/** Options of {@linkcode map}. */
export interface MapOptions {
  /** Vectorise over chunks of this many elements. */
  readonly batchSize?: number | null;
}

/**
 * `f` of each slice along the leading axis, one after the other (or in vectorised chunks of `batchSize`), stacked.
 *
 * @example
 * ```ts
 * import { lax, numpy as np } from "@jaxlet/jaxlet";
 * const sums = lax.map((row) => row.sum(), np.ones([3, 2]));
 * if (String(sums) !== "[2. 2. 2.]") throw new Error();
 * ```
 */
export function map(f: AnyFunction, xs: unknown, options: MapOptions = {}): any {
  checkCallable(f, "lax.map");
  checkOptions("map", options, ["batchSize"]);
  const batch = options.batchSize ?? null;
  if (batch === null) return scan((_: unknown, x: unknown) => [null, f(x)], null, xs)[1];
  if (!Number.isInteger(batch) || batch < 1) {
    throw new ValueError(`batch_size must be a positive integer, got ${batch}`);
  }
  const { arrays, treedef } = flattenArrays(xs, invalidArgument("map"));
  const length = scanLength(arrays, null), whole = Math.floor(length / batch);
  const parts: unknown[] = [];
  if (whole > 0) {
    const chunks = arrays.map((x) =>
      raw.reshape(raw.sliceInDim(x, 0, whole * batch, 0), [whole, batch, ...x.shape.slice(1)])
    );
    const [, ys] = scan(
      (_: unknown, chunk: unknown) => [null, vmap(f)(chunk)],
      null,
      unflatten(treedef, chunks),
    );
    const [leaves, tree] = flatten(ys) as unknown as [JaxArray[], PyTreeDef];
    parts.push(unflatten(tree, leaves.map((y) => raw.reshape(y, [whole * batch, ...y.shape.slice(2)]))));
  }
  if (length % batch || length === 0) {
    parts.push(vmap(f)(unflatten(treedef, arrays.map((x) => raw.sliceInDim(x, whole * batch, length, 0)))));
  }
  if (parts.length === 1) return parts[0];
  const [a, tree] = flatten(parts[0]) as unknown as [JaxArray[], PyTreeDef];
  const b = flatten(parts[1])[0] as JaxArray[];
  return unflatten(tree, a.map((x, i) => raw.concatenate([x, b[i]!], 0)));
}
