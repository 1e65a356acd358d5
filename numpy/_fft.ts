/**
 * What the functions of `jax.numpy.fft` have in common: axes, lengths and norms.
 *
 * @module
 */
import { canonicalAxis, type JaxArray, raw, ValueError } from "../core/mod.ts";
import { fft as transform } from "../lax/fft.ts";
import { range } from "./axes.ts";
import { toArray } from "./convert.ts";

/** The transform. */
export type Kind = "FFT" | "IFFT" | "RFFT" | "IRFFT";

/** What is asked for. */
export interface Request {
  readonly name: string;
  readonly kind: Kind;
  readonly s: readonly number[] | null;
  readonly axes: readonly number[] | null;
  readonly norm: unknown;
}

/** A list as Python writes it. */
export function list(items: readonly unknown[]): string {
  return `[${items.join(", ")}]`;
}

/** What the result is multiplied by beside the transform's own factor. */
function normFactor(norm: unknown, name: string, lengths: readonly number[]): number {
  const size = lengths.reduce((a, b) => a * b, 1), inverse = name.startsWith("i");
  switch (norm) {
    case undefined:
    case null:
    case "backward":
      return 1;
    case "ortho":
      return inverse ? Math.sqrt(size) : 1 / Math.sqrt(size);
    case "forward":
      return inverse ? size : 1 / size;
    default:
      throw new ValueError(
        `Invalid norm value ${String(norm)}; should be "backward","ortho" or "forward".`,
      );
  }
}

/** The array cut or filled up with zeros to a shape. */
function fitted(x: JaxArray, shape: readonly number[]): JaxArray {
  const cut = x.shape.some((n, i) => n > shape[i]!)
    ? raw.slice(x, x.shape.map(() => 0), x.shape.map((n, i) => Math.min(n, shape[i]!)))
    : x;
  if (cut.shape.every((n, i) => n === shape[i])) return cut;
  return raw.pad(cut, raw.like(cut, 0), cut.shape.map((n, i) => [0, shape[i]! - n, 0]));
}

/** Transforms the last axes, up to three at once. */
function transformLast(x: JaxArray, kind: Kind, lengths: readonly number[]): JaxArray {
  const rank = lengths.length;
  if (rank <= 3) return transform(x, kind, lengths);
  const count = rank === 4 ? 2 : 3, others = x.ndim - rank;
  const axes = range(rank).map((i) => others + i), before = range(others);
  const front = [...before, ...axes.slice(rank - count), ...axes.slice(0, rank - count)];
  const back = front.map((_, i) => front.indexOf(i));
  const forward = kind === "FFT" || kind === "RFFT";
  const rest = (y: JaxArray): JaxArray =>
    raw.transpose(
      transformLast(raw.transpose(y, front), forward ? "FFT" : "IFFT", lengths.slice(0, -count)),
      back,
    );
  const first = (y: JaxArray): JaxArray => transform(y, kind, lengths.slice(-count));
  return forward ? rest(first(x)) : first(rest(x));
}

/** Transforms axes of an array as JAX does; raises its errors. */
export function transformAxes(a: unknown, { name, kind, s, axes, norm }: Request): JaxArray {
  const full = `jax.numpy.fft.${name}`, x = toArray(a, full), { ndim } = x;
  if (s !== null && s.some((n) => n <= 0)) throw new ValueError("Shape should be positive.");
  if (s !== null && axes !== null && s.length !== axes.length) {
    throw new ValueError("Shape and axes have different lengths.");
  }
  if (axes !== null && new Set(axes).size !== axes.length) {
    throw new ValueError(`${full} does not support repeated axes. Got axes ${list(axes)}.`);
  }
  const rank = axes?.length ?? s?.length ?? ndim;
  const chosen = axes === null
    ? range(rank).map((i) => ndim - rank + i)
    : axes.map((i) => canonicalAxis(i, ndim));
  if (new Set(chosen).size !== rank) {
    throw new ValueError(`${full} does not support repeated axes. Got axes ${list(axes ?? chosen)}.`);
  }
  if (rank > ndim) {
    throw new ValueError(`${full}: ${rank} axes to transform, and the array has shape ${list(x.shape)}`);
  }
  // The transformed axes come last, in the order given.
  const order = [...range(ndim).filter((i) => !chosen.includes(i)), ...chosen];
  let last = raw.transpose(x, order);
  const before = last.shape.slice(0, ndim - rank), own = last.shape.slice(ndim - rank);
  const halved = kind === "IRFFT" && rank > 0;
  const lengths = s ?? own.map((n, i) => halved && i === rank - 1 ? Math.max(0, 2 * (n - 1)) : n);
  if (s !== null) {
    const wanted = s.map((n, i) => halved && i === rank - 1 ? Math.floor(n / 2) + 1 : n);
    last = fitted(last, [...before, ...wanted]);
  }
  const out = transformLast(last, kind, lengths), factor = normFactor(norm, name, lengths);
  const scaled = factor === 1 ? out : raw.mul(out, factor);
  return raw.transpose(scaled, order.map((_, i) => order.indexOf(i)));
}
