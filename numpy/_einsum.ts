/**
 * Pairwise contractions of einsum: sums over labels that one operand has alone, diagonals for repeated labels, and
 * `dot_general` for the rest.
 *
 * @module
 */
import { bind1, bool_, type JaxArray, P, raw, uint32 } from "../core/mod.ts";
import type { ProductType } from "./_contract.ts";
import type { Step } from "./_einsum_parse.ts";

/** An operand and the labels of its axes. */
interface Term {
  readonly x: JaxArray;
  readonly labels: string;
}

const without = (labels: string, removed: string): string =>
  [...labels].filter((label) => !removed.includes(label)).join("");
const occurrences = (labels: string, label: string): number => labels.split(label).length - 1;

function sum(x: JaxArray, axes: readonly number[], type: ProductType): JaxArray {
  if (axes.length === 0) return x;
  const wide = raw.convert(x, type.dtype);
  return bind1(wide.dtype === bool_ ? P.reduce_or : P.reduce_sum, [wide], { axes: [...axes] });
}

/** Sums over these labels, which stand once in the term. */
function sumLabels({ x, labels }: Term, summed: string, type: ProductType): Term {
  const axes = [...summed].map((label) => labels.indexOf(label));
  return { x: sum(x, axes, type), labels: without(labels, summed) };
}

/** Whether the indices of these axes are equal, as an array of a shape. */
function diagonalMask(shape: readonly number[], axes: readonly number[]): JaxArray {
  const sizes = axes.map((axis) => shape[axis]!);
  const indices = axes.map((_, k) => raw.iota(uint32, sizes, k));
  const equal = indices.slice(1).map((index, k) => raw.eq(indices[k]!, index)).reduce(raw.and);
  return axes.length === shape.length ? equal : raw.broadcastInDim(equal, shape, axes);
}

/** Takes the diagonal over axes of the same label, which goes unless `kept` has it. */
function takeDiagonals({ x, labels }: Term, kept: string, type: ProductType): Term {
  for (const label of new Set(labels)) {
    const count = occurrences(labels, label);
    if (count === 1) continue;
    const axes = [...labels].flatMap((l, i) => l === label ? [i] : []);
    const diagonal = raw.selectN(diagonalMask(x.shape, axes), raw.fullLike(x, 0), x);
    const dropped = kept.includes(label) ? axes.slice(0, -1) : axes;
    x = sum(diagonal, dropped, type);
    labels = [...labels].filter((_, i) => !dropped.includes(i)).join("");
  }
  return { x, labels };
}

/** Drops axes of size 1 that the other operand stretches. */
function dropStretched({ x, labels }: Term, other: Term): Term {
  const dropped = [...labels].flatMap((label, i) => {
    const j = other.labels.indexOf(label);
    return x.shape[i] === 1 && j >= 0 && other.x.shape[j] !== 1 ? [i] : [];
  });
  return { x: raw.squeeze(x, dropped), labels: [...labels].filter((_, i) => !dropped.includes(i)).join("") };
}

function contractOne(term: Term, { contracted, result }: Step, type: ProductType): Term {
  const once = contracted.filter((label) => occurrences(term.labels, label) === 1).join("");
  return takeDiagonals(sumLabels(term, once, type), result, type);
}

function contractTwo(first: Term, second: Term, { contracted, result }: Step, type: ProductType): Term {
  let left = dropStretched(first, second), right = dropStretched(second, left);
  const alone = (own: Term, other: Term): string =>
    contracted.filter((label) => occurrences(own.labels, label) === 1 && !other.labels.includes(label)).join(
      "",
    );
  const [leftOnce, rightOnce] = [alone(left, right), alone(right, left)];
  left = sumLabels(left, leftOnce, type);
  right = sumLabels(right, rightOnce, type);
  left = takeDiagonals(left, result + right.labels, type);
  right = takeDiagonals(right, result + left.labels, type);

  const both = (label: string): boolean => left.labels.includes(label) && right.labels.includes(label);
  const summed = contracted.filter((label) => left.labels.includes(label) || right.labels.includes(label));
  const batch = [...result].filter(both).join("");
  const axes = ({ labels }: Term, list: Iterable<string>): number[] =>
    [...list].map((label) => labels.indexOf(label));
  const gone = batch + summed.join("");
  const leftRest = without(left.labels, gone), rightRest = without(right.labels, gone);
  // Operands are exchanged when that gives the result's order without a transposition.
  const swap = batch + rightRest + leftRest === result;
  const [a, b] = swap ? [right, left] : [left, right];
  const x = raw.dotGeneral(
    a.x,
    b.x,
    { contract: [axes(a, summed), axes(b, summed)], batch: [axes(a, batch), axes(b, batch)] },
    type.dtype,
  );
  return { x, labels: swap ? result : batch + leftRest + rightRest };
}

/** Carries out the steps of a path. */
export function contractSteps(
  operands: readonly JaxArray[],
  steps: readonly Step[],
  type: ProductType,
): JaxArray {
  const list = [...operands];
  for (const step of steps) {
    const terms = step.operands.map((p, i): Term => ({ x: list.splice(p, 1)[0]!, labels: step.inputs[i]! }));
    const { x, labels } = terms.length === 1
      ? contractOne(terms[0]!, step, type)
      : contractTwo(terms[0]!, terms[1]!, step, type);
    list.push(raw.transpose(x, [...step.result].map((label) => labels.indexOf(label))));
  }
  return raw.convert(list[0]!, type.dtype, type.weakType);
}
