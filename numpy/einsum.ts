/**
 * `einsum` and `einsumPath`: sums of products given by subscripts.
 *
 * @module
 */
import { checkOptions, JaxArray, LruMap, NotImplementedError } from "../core/mod.ts";
import { productOperands, type ProductOptions, productOptions, type ProductType } from "./_contract.ts";
import { refuseOut } from "./_arguments.ts";
import { type ArrayLike, toArrays } from "./convert.ts";
import { contractSteps } from "./_einsum.ts";
import {
  type AxisList,
  interleavedText,
  type Optimize,
  parseSubscripts,
  type Plan,
  planContractions,
} from "./_einsum_parse.ts";
import { staged, type StagedFunction } from "./_staged.ts";

/** Options of {@linkcode einsum}. */
export interface EinsumOptions extends ProductOptions {
  /**
   * How pairs of operands are chosen: `"auto"` (the default), `"optimal"` (or true), `"greedy"`, `"branch-all"`,
   * `"branch-2"`, `"branch-1"`, `"dp"`; false goes from left to right; or a path: a list of positions for each step.
   */
  readonly optimize?: Optimize;
  /** Not supported: arrays are immutable. */
  readonly out?: null;
}

/** What einsum takes: subscripts and operands, or operands each followed by its axis labels; then options. */
export type EinsumArguments = readonly (string | ArrayLike | AxisList | EinsumOptions)[];

const optionNames = [...productOptions, "optimize", "out"];

interface Call {
  readonly text: string;
  readonly operands: readonly unknown[];
  readonly options: EinsumOptions;
}

/** Whether the last argument is the options object: only its keys tell it from a complex number. */
function isOptions(x: unknown): x is EinsumOptions {
  if (typeof x !== "object" || x === null || x instanceof JaxArray) return false;
  if (Array.isArray(x) || ArrayBuffer.isView(x)) return false;
  return !("re" in x && "im" in x);
}

function parseCall(name: string, args: EinsumArguments, known: readonly string[]): Call {
  const list = [...args], options = isOptions(list.at(-1)) ? list.pop() as EinsumOptions : {};
  checkOptions(name, options, known);
  if (typeof list[0] === "string") return { text: list[0], operands: list.slice(1), options };
  if (list.length === 0) throw new TypeError(`${name}: no subscripts and no operands were given`);
  const count = list.length >> 1, operands: unknown[] = [], lists: AxisList[] = [];
  for (let i = 0; i < count; i++) {
    operands.push(list[2 * i]);
    lists.push(axisList(name, list[2 * i + 1]));
  }
  const output = list.length % 2 ? axisList(name, list.at(-1)) : null;
  return { text: interleavedText(lists, output), operands, options };
}

function axisList(name: string, x: unknown): AxisList {
  if (Array.isArray(x)) return x as AxisList;
  throw new TypeError(
    `${name}: wanted subscripts such as "ij,jk->ik" first, or a list of axis labels after each operand`,
  );
}

interface Planned {
  readonly plan: Plan;
  readonly run: StagedFunction<readonly JaxArray[], [ProductType]>;
}

const plans = new LruMap<string, Planned>(1024);

function planFor(text: string, xs: readonly JaxArray[], optimize: Optimize): Planned {
  const path = typeof optimize === "object" ? JSON.stringify(optimize) : String(optimize);
  const key = `${text}|${path}|${xs.map((x) => x.shape.join()).join("|")}`;
  let known = plans.get(key);
  if (known === undefined) {
    const shapes = xs.map((x) => x.shape);
    const plan = planContractions(parseSubscripts(text, shapes.map((s) => s.length)), shapes, optimize);
    const run = staged(
      "_einsum",
      (operands: readonly JaxArray[], type: ProductType) => contractSteps(operands, plan.steps, type),
      { inline: true },
    );
    plans.set(key, known = { plan, run });
  }
  return known;
}

/**
 * Sums products of arrays as subscripts say: each axis has a label, labels that the output lacks are summed.
 *
 * Also called with axis labels after each operand: `einsum(x, [0, 1], y, [1, 2], [0, 2])`.
 *
 * @param args subscripts such as `"ij,jk->ik"` (`...` stands for any axes; without `->` the labels that stand once, in
 * order), the operands, and {@linkcode EinsumOptions}
 * @returns an array of the operands' common dtype
 * @throws {ValueError} when the subscripts are malformed or do not fit the operands
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * const x = np.arange(6).reshape(2, 3);
 * if (String(np.einsum("ij->j", x)) !== "[3 5 7]") throw new Error();
 * if (String(np.einsum("ij,kj->ik", x, x)) !== "[[ 5 14]\n [14 50]]") throw new Error();
 * ```
 */
export function einsum(...args: EinsumArguments): JaxArray {
  const { text, operands, options } = parseCall("einsum", args, optionNames);
  refuseOut(options.out, "einsum");
  const { xs, type } = productOperands("einsum", operands, options);
  const { plan, run } = planFor(text, xs, options.optimize ?? "auto");
  if (plan.steps.some((step) => step.operands.length > 2)) {
    throw new NotImplementedError(
      "jax.numpy.einsum does not support simultaneous contraction of 3 or more operands. Typically this means you've " +
        "passed an unsupported path to the einsum optimize parameter.",
    );
  }
  return run(xs, type);
}

/** What a path costs. */
export interface PathInfo {
  /** Operations of the sum without intermediate results. */
  readonly naiveCost: number;
  /** Operations of the path. */
  readonly optCost: number;
  readonly speedup: number;
  /** Elements of the largest intermediate result. */
  readonly largestIntermediate: number;
  toString(): string;
}

/**
 * The order in which {@linkcode einsum} contracts its operands, without computing anything.
 *
 * @param args as those of einsum
 * @returns the positions of the operands of each step, and what they cost
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * const [path] = np.einsumPath("ij,jk,kl->il", np.ones([2, 9]), np.ones([9, 9]), np.ones([9, 3]));
 * if (JSON.stringify(path) !== "[[0,1],[0,1]]") throw new Error();
 * ```
 */
export function einsumPath(...args: EinsumArguments): [path: number[][], info: PathInfo] {
  const { text, operands, options } = parseCall("einsum_path", args, ["optimize"]);
  const { plan } = planFor(text, toArrays("einsum_path", ...operands), options.optimize ?? "auto");
  return [plan.path.map((step) => [...step]), describePath(text.replaceAll(" ", ""), plan)];
}

function describePath(text: string, { steps, cost }: Plan): PathInfo {
  const { naive, optimized, largest, scaling, labels } = cost, speedup = naive / Math.max(optimized, 1);
  const lines = [
    `  Complete contraction:  ${text}`,
    `         Naive scaling:  ${labels}`,
    `     Optimized scaling:  ${scaling}`,
    `      Naive FLOP count:  ${naive.toExponential(3)}`,
    `  Optimized FLOP count:  ${optimized.toExponential(3)}`,
    `   Theoretical speedup:  ${speedup.toExponential(3)}`,
    `  Largest intermediate:  ${largest.toExponential(3)} elements`,
    "-".repeat(80),
    ...steps.map((step) => `${step.inputs.join(",")}->${step.result}`),
  ];
  return {
    naiveCost: naive,
    optCost: optimized,
    speedup,
    largestIntermediate: largest,
    toString: () => lines.join("\n"),
  };
}
