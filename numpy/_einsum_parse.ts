/**
 * Subscripts of einsum: parsing, implicit outputs, ellipses, and the list of pairwise contractions of a path.
 *
 * The parsing follows NumPy's `einsum`; the names of ellipsis labels and the order of the labels of intermediate results
 * are opt_einsum's, so that programs are those of JAX.
 *
 * @module
 */
import { ValueError } from "../core/mod.ts";
import { branch, flopCount, greedy, type Labels, optimal, type Path, sizeOf } from "./_contract_path.ts";
import { dynamicProgramming } from "./_contract_path_dp.ts";

/** Subscripts with one label for each axis: no ellipsis, no implicit output. */
export interface Subscripts {
  readonly inputs: readonly string[];
  readonly output: string;
}

const letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";

/** The i-th label. */
const symbol = (i: number): string => letters[i] ?? String.fromCharCode(i + 140);

const count = (text: string, part: string): number => text.split(part).length - 1;
const sorted = (labels: Iterable<string>): string => [...new Set(labels)].sort().join("");

/** Labels that stand once in the inputs, in order: the output when none is given. */
function implicitOutput(inputs: readonly string[]): string {
  const all = inputs.join("");
  return sorted([...all].filter((label) => count(all, label) === 1));
}

/** A label list of the interleaved form: integers, or "..." in its place. */
export type AxisList = readonly (number | string)[];

/** Subscript text of the interleaved form `einsum(x, [0, 1], y, [1, 2], [0, 2])`. */
export function interleavedText(lists: readonly AxisList[], output: AxisList | null): string {
  const labels = [...new Set(lists.flat())].filter((label) => label !== "...");
  if (labels.some((label) => typeof label !== typeof labels[0])) {
    throw new TypeError(
      'einsum: axis lists must contain integers (or all strings) and "...", got a mixture of both',
    );
  }
  labels.sort((a, b) => a < b ? -1 : a > b ? 1 : 0);
  const known = new Map(labels.map((label, i) => [label, symbol(i)]));
  const text = (list: AxisList): string =>
    list.map((label) => {
      if (label === "...") return label;
      const name = known.get(label);
      if (name === undefined) throw new ValueError(`Output label ${label} did not appear in the input`);
      return name;
    }).join("");
  return lists.map(text).join(",") + (output ? `->${text(output)}` : "");
}

/** The labels that ellipses stand for, in place of them. */
function expandEllipses(inputs: string[], output: string | null, ranks: readonly number[]): Subscripts {
  const used = new Set([...inputs.join(""), ...output ?? ""]);
  const free: string[] = [], wanted = Math.max(0, ...ranks);
  for (let i = 0; free.length < wanted; i++) if (!used.has(symbol(i))) free.push(symbol(i));
  let longest = 0;
  const expanded = inputs.map((term, i) => {
    if (!term.includes(".")) return term;
    if (count(term, ".") !== 3 || !term.includes("...")) {
      throw new ValueError(`Invalid Ellipses in subscripts '${term}'.`);
    }
    const axes = ranks[i] === 0 ? 0 : ranks[i]! - (term.length - 3);
    if (axes < 0) throw new ValueError("Ellipses lengths do not match.");
    longest = Math.max(longest, axes);
    return term.replace("...", free.slice(free.length - axes).join(""));
  });
  const ellipsis = free.slice(free.length - longest).join("");
  if (output !== null) return { inputs: expanded, output: output.replace("...", ellipsis) };
  const rest = [...implicitOutput(expanded)].filter((label) => !ellipsis.includes(label));
  return { inputs: expanded, output: ellipsis + rest.join("") };
}

/**
 * The labels of subscript text.
 *
 * @param text as `"ij,jk->ik"`; blanks do not count
 * @param ranks how many axes each operand has
 * @throws {ValueError} when the text is malformed or does not fit the operands
 */
export function parseSubscripts(text: string, ranks: readonly number[]): Subscripts {
  const compact = text.replaceAll(" ", "");
  const [input, output, ...more] = compact.split("->");
  if (more.length > 0 || /[->]/.test(input! + (output ?? ""))) {
    throw new ValueError("Subscripts can only contain one '->'.");
  }
  const terms = input!.split(",");
  if (terms.length !== ranks.length) {
    throw new ValueError(
      `Number of einsum subscripts, ${terms.length}, must be equal to the number of operands, ${ranks.length}.`,
    );
  }
  const plain = output === undefined ? null : output;
  const parsed = compact.includes(".")
    ? expandEllipses(terms, plain, ranks)
    : { inputs: terms, output: plain ?? implicitOutput(terms) };
  const all = parsed.inputs.join("");
  for (const label of parsed.output) {
    if (count(parsed.output, label) !== 1) {
      throw new ValueError(`Output character '${label}' appeared more than once in the output.`);
    }
    if (!all.includes(label)) {
      throw new ValueError(`Output character '${label}' did not appear in the input`);
    }
  }
  return parsed;
}

/** The size of each label, by the axes that it names; axes of size 1 stretch. */
function labelSizes(inputs: readonly string[], shapes: readonly (readonly number[])[]): Map<string, number> {
  const sizes = new Map<string, number>();
  inputs.forEach((term, i) => {
    const shape = shapes[i]!;
    if (shape.length !== term.length) {
      throw new ValueError(
        `Einstein sum subscript '${term}' does not contain the correct number of indices for operand ${i}: it has ` +
          `${term.length}, the operand ${shape.length} axes.`,
      );
    }
    [...term].forEach((label, axis) => {
      const size = shape[axis]!, known = sizes.get(label);
      if (known === undefined || known === 1) sizes.set(label, size);
      else if (size !== 1 && size !== known) {
        throw new ValueError(
          `Size of label '${label}' for operand ${i} (${known}) does not match previous terms (${size}).`,
        );
      }
    });
  });
  return sizes;
}

/** One step of a path. */
export interface Step {
  /** Positions of the operands in the list, the last first. */
  readonly operands: readonly number[];
  /** Labels that are summed, in order. */
  readonly contracted: readonly string[];
  readonly inputs: readonly string[];
  readonly result: string;
}

/** What {@linkcode planContractions} finds. */
export interface Plan {
  readonly path: Path;
  readonly steps: readonly Step[];
  /** Operations and elements, for the description that einsumPath gives. */
  readonly cost: { naive: number; optimized: number; largest: number; scaling: number; labels: number };
}

/** How to order contractions. */
export type Optimize = boolean | string | readonly (readonly number[])[];

const optimizers = [
  "auto",
  "auto-hq",
  "optimal",
  "branch-all",
  "branch-2",
  "branch-1",
  "greedy",
  "eager",
  "opportunistic",
  "dp",
  "dynamic-programming",
];

function findPath(
  optimize: Optimize,
  inputs: readonly Labels[],
  output: Labels,
  sizes: readonly number[],
): Path {
  const n = inputs.length, contraction = { inputs, output, sizes };
  if (typeof optimize === "object") return optimize.map((step) => [...step]);
  if (n <= 2) return [Array.from({ length: n }, (_, i) => i)];
  if (optimize === false) return Array.from({ length: n - 1 }, () => [0, 1]);
  switch (optimize === true ? "optimal" : optimize.toLowerCase()) {
    case "auto":
      if (n <= 4) return optimal(contraction);
      return n <= 14 ? branch(contraction, n <= 6 ? Infinity : n <= 8 ? 2 : 1) : greedy(contraction);
    case "auto-hq":
      return n <= 5 ? optimal(contraction) : n <= 16 ? dynamicProgramming(contraction) : greedy(contraction);
    case "optimal":
      return optimal(contraction);
    case "branch-all":
      return branch(contraction, Infinity);
    case "branch-2":
      return branch(contraction, 2);
    case "branch-1":
      return branch(contraction, 1);
    case "greedy":
    case "eager":
    case "opportunistic":
      return greedy(contraction);
    case "dp":
    case "dynamic-programming":
      return dynamicProgramming(contraction);
    default:
      throw new ValueError(
        `Path optimizer '${optimize}' not found, valid options are ${optimizers.join(", ")}.`,
      );
  }
}

/**
 * The pairwise contractions that an einsum is made of.
 *
 * @throws {ValueError} when sizes do not agree, or the path is no path for the operands
 */
export function planContractions(
  { inputs, output }: Subscripts,
  shapes: readonly (readonly number[])[],
  optimize: Optimize,
): Plan {
  const named = labelSizes(inputs, shapes), labels = [...named.keys()], sizes = [...named.values()];
  const bit = new Map(labels.map((label, i) => [label, 1n << BigInt(i)]));
  const mask = (term: string): Labels => [...term].reduce((set, label) => set | bit.get(label)!, 0n);
  const wanted = mask(output), path = findPath(optimize, inputs.map(mask), wanted, sizes);

  const terms = [...inputs], steps: Step[] = [];
  let optimized = 0, largest = 1, scaling = 0;
  path.forEach((positions, at) => {
    const operands = [...positions].sort((a, b) => b - a);
    if (operands.length === 0 || operands.some((p, k) => terms[p] === undefined || p === operands[k + 1])) {
      throw new ValueError(
        `einsum: step ${at} of the path contracts operands ${
          positions.join(", ")
        }, but there are ${terms.length}`,
      );
    }
    const taken = operands.map((p) => terms.splice(p, 1)[0]!), all = taken.join("");
    const either = mask(all), keep = wanted | mask(terms.join(""));
    const names = [...new Set(all)];
    const result = at === path.length - 1 ? output : names.filter((l) => keep & bit.get(l)!).join("");
    const contracted = names.filter((l) => !(keep & bit.get(l)!)).sort();
    optimized += flopCount(either, contracted.length > 0, taken.length, sizes);
    largest = Math.max(largest, sizeOf(mask(result), sizes));
    scaling = Math.max(scaling, names.length);
    terms.push(result);
    steps.push({ operands, contracted, inputs: taken, result });
  });
  if (terms.length !== 1) {
    throw new ValueError(`einsum: the path leaves ${terms.length} operands uncontracted`);
  }
  const repeated = inputs.reduce((n, term) => n + new Set(term).size, 0) > labels.length;
  const naive = flopCount(mask(labels.join("")), repeated, inputs.length, sizes);
  return { path, steps, cost: { naive, optimized, largest, scaling, labels: labels.length } };
}
