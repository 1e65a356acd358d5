/**
 * Shared by control flow: carries as weak integers, tracing of bodies, comparison of types.
 *
 * @module
 */
import { FlatFunction, invalidArgument, leafArray } from "../core/argument.ts";
import type { JaxArray } from "../core/array.ts";
import type { ShapedArray } from "../core/avals.ts";
import { scalarArray } from "../core/concrete.ts";
import { defaultInt, resultType } from "../core/dtypes.ts";
import { ClosedJaxpr } from "../core/jaxpr.ts";
import { flatten, flattenWithPath, keystr, type PyTreeDef, unflatten } from "../core/pytree.ts";
import * as raw from "../core/raw.ts";
import { stage } from "../core/staging.ts";

// deno-lint-ignore no-explicit-any -- the type of any function
export type AnyFunction = (...args: any[]) => any;

/** The arrays of a carry or operand: integer-valued numbers are weak ints, which promote if the body asks. */
export function flattenCarry(tree: unknown, what: string): { arrays: JaxArray[]; treedef: PyTreeDef } {
  const [leaves, treedef] = flatten(tree);
  const arrays = leaves.map((leaf, i) => {
    if (
      typeof leaf === "number" && Number.isInteger(leaf) && !Object.is(leaf, -0) && Math.abs(leaf) < 2 ** 31
    ) {
      return scalarArray(leaf, defaultInt(), true);
    }
    const x = leafArray(leaf);
    if (x) return x;
    throw new TypeError(invalidArgument(what)(leaf, keystr(flattenWithPath(tree)[0][i]![0])));
  });
  return { arrays, treedef };
}

/** A body traced to a jaxpr over flat lists, with the structure of its result. */
export interface TracedBody {
  readonly closed: ClosedJaxpr;
  readonly outTree: PyTreeDef;
}

/** Traces a function of pytrees. */
export function traceBody(
  f: AnyFunction,
  inTree: PyTreeDef,
  avals: readonly ShapedArray[],
  what: string,
): TracedBody {
  const flat = new FlatFunction(f, inTree, what);
  const { jaxpr, consts } = stage(flat.call, avals);
  return { closed: new ClosedJaxpr(jaxpr, consts), outTree: flat.outTree! };
}

/**
 * Initial carries promoted to what the body returns, where they are weakly typed: null when nothing changes.
 */
export function promoteWeak(init: readonly JaxArray[], outs: readonly ShapedArray[]): JaxArray[] | null {
  if (init.length !== outs.length) return null;
  let changed = false;
  const promoted = init.map((x, i) => {
    const out = outs[i]!;
    if (!x.weakType || x.aval.sameType(out)) return x;
    changed = true;
    return raw.convert(x, resultType([x, out]).dtype);
  });
  return changed ? promoted : null;
}

/** Outputs of a body converted where they are weakly typed and the carry is not. */
export function strengthen(
  closed: ClosedJaxpr,
  count: number,
  wanted: readonly ShapedArray[],
  evalClosed: (c: ClosedJaxpr, xs: readonly JaxArray[]) => JaxArray[],
): ClosedJaxpr {
  const outs = closed.outAvals;
  const differs = wanted.some((w, i) => i < count && outs[i] !== w);
  if (!differs) return closed;
  const { jaxpr, consts } = stage(
    (...xs) =>
      evalClosed(closed, xs).map((y, i) =>
        i < count && y.aval !== wanted[i] && canWeaken(y.aval, wanted[i]!)
          ? raw.convert(y, wanted[i]!.dtype, wanted[i]!.weakType)
          : y
      ),
    closed.inAvals,
  );
  return new ClosedJaxpr(jaxpr, consts);
}

function canWeaken(from: ShapedArray, to: ShapedArray): boolean {
  return from.shape.length === to.shape.length && from.shape.every((n, i) => n === to.shape[i]) &&
    (from.dtype === to.dtype || from.weakType);
}

/** Raises JAX's error when a body's carry has another structure or type than it was given. */
export function checkCarry(
  what: string,
  inTree: PyTreeDef,
  outTree: PyTreeDef,
  inAvals: readonly ShapedArray[],
  outAvals: readonly ShapedArray[],
): void {
  if (inTree !== outTree) {
    throw new TypeError(
      `${what} carry input and carry output must have the same pytree structure, but they differ:\n\n` +
        `The input carry has structure ${inTree} but the output carry has structure ${outTree}.\n\n` +
        `Revise the function so that the carry output has the same pytree structure as the carry input.`,
    );
  }
  const wrong = inAvals.flatMap((a, i) => a.sameType(outAvals[i]!) ? [] : [i]);
  if (wrong.length === 0) return;
  const paths = flattenWithPath(unflatten(inTree, inAvals.map((_, i) => i)))[0].map(([path]) => keystr(path));
  const lines = wrong.map((i) => {
    const a = inAvals[i]!, b = outAvals[i]!;
    const shapes = a.shape.length !== b.shape.length || a.shape.some((n, k) => n !== b.shape[k]);
    const why = [
      shapes ? "the shapes do not match" : "",
      a.dtype !== b.dtype ? "the dtypes do not match" : "",
    ].filter(Boolean).join(" and ");
    return `The input carry component ${`carry${
      paths[i]
    }`} has type ${a} but the corresponding output carry component has type ${b}, so ${why}.`;
  });
  throw new TypeError(
    `${what} carry input and carry output must have equal types, but they differ:\n\n${
      lines.join("\n")
    }\n\n` +
      `Revise the function so that all output types match the corresponding input types.`,
  );
}
