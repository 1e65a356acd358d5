/**
 * Primitives: the operations that transformations know. One block of rules each, defined in `ops/`.
 *
 * @module
 */
import type { ShapedArray } from "./avals.ts";
import type { JaxArray } from "./array.ts";
import type { Jaxpr } from "./jaxpr.ts";
import type { Lowering } from "../kernel/lowering.ts";
import type { PartialEvalRule } from "./partial_eval.ts";

/** Static parameters of a primitive: JSON-like values, dtypes, jaxprs and functions. */
// deno-lint-ignore no-explicit-any -- the one boundary where each primitive's own params type is erased
export type Params = any;

/** A tangent or cotangent that is known to be zero and was never made. */
export class Zero {
  readonly aval: ShapedArray;
  constructor(aval: ShapedArray) {
    this.aval = aval;
  }
}

/** An input that a transpose rule differentiates with respect to: its value is not known. */
export class UndefinedPrimal {
  readonly aval: ShapedArray;
  constructor(aval: ShapedArray) {
    this.aval = aval;
  }
}

/** A tangent: an array, or symbolically zero. */
export type Tangent = JaxArray | Zero;

/** Which axis of a value vmap maps over; null where it does not depend on the mapped axis. */
export type BatchDim = number | null;

/** What a batching rule knows of the mapped axis. */
export interface AxisData {
  readonly size: number;
  readonly name: unknown;
}

/** Tangents of the outputs from tangents of the inputs; linear in them. At least one tangent is not {@linkcode Zero}. */
export type JvpRule<P> = (
  primals: readonly JaxArray[],
  tangents: readonly Tangent[],
  params: P,
) => readonly [outs: readonly JaxArray[], tangentsOut: readonly Tangent[]];

/**
 * Cotangents of the inputs from cotangents of the outputs. Inputs that the equation is linear in arrive as
 * {@linkcode UndefinedPrimal}; null is returned for the others. At least one cotangent is not {@linkcode Zero}.
 */
export type TransposeRule<P> = (
  cotangents: readonly Tangent[],
  inputs: readonly (JaxArray | UndefinedPrimal)[],
  params: P,
) => readonly (Tangent | null)[];

/** Applies the primitive to batched inputs; `dims[i]` is the mapped axis of input i. At least one is not null. */
export type BatchRule<P> = (
  axis: AxisData,
  args: readonly JaxArray[],
  dims: readonly BatchDim[],
  params: P,
) => readonly [outs: readonly JaxArray[], dims: readonly BatchDim[]];

/** Every rule of a primitive. "Has none" is written out. */
export interface Rules<P> {
  /** Types of the outputs; checks the inputs and raises JAX's errors. */
  readonly abstractEval: (avals: readonly ShapedArray[], params: P) => readonly ShapedArray[];
  /** `"zero"`: outputs do not depend smoothly on inputs, tangents are zero. `"none"`: differentiation is an error. */
  readonly jvp: JvpRule<P> | "zero" | "none";
  readonly transpose: TransposeRule<P> | "nonlinear";
  readonly batch: BatchRule<P>;
  readonly lower: Lowering<P>;
  /** Splits an equation with some inputs known; by default it is unknown as a whole. */
  readonly partialEval?: PartialEvalRule<P>;
  /** Evaluates with concrete arrays in another way than running the lowering, or gives null. */
  readonly evaluate?: (args: readonly JaxArray[], params: P) => readonly JaxArray[] | null;
  /** Drops unused outputs; gives the equation's new params and which inputs remain, or null to drop nothing. */
  readonly dce?: (usedOutputs: readonly boolean[], params: P) => { usedInputs: boolean[]; params: P } | null;
  /** Has effects: is kept though its results are unused, and runs in order. */
  readonly effects?: boolean | ((params: P) => boolean);
  /** Jaxprs among the params (for walking and printing). */
  readonly subJaxprs?: (params: P) => readonly Jaxpr[];
  /** Parameters as the jaxpr printer shows them: JAX's names and order (sorted); default: every param. */
  readonly printParams?: (params: P, inAvals: readonly ShapedArray[]) => Readonly<Record<string, unknown>>;
}

/** A primitive operation. */
export class Primitive<P = Params> {
  readonly name: string;
  #rules: Rules<P> | null = null;

  constructor(name: string) {
    this.name = name;
  }

  get rules(): Rules<P> {
    if (this.#rules === null) throw new Error(`primitive ${this.name} was declared and never defined`);
    return this.#rules;
  }

  /** Gives the primitive its rules, once. */
  define(rules: Rules<P>): this {
    if (this.#rules !== null) throw new Error(`primitive ${this.name} is already defined`);
    this.#rules = rules;
    return this;
  }

  toString(): string {
    return this.name;
  }
}

const registry = new Map<string, Primitive>();

/** Declares a primitive; `define` gives the rules. */
export function primitive<P = Params>(name: string): Primitive<P> {
  if (registry.has(name)) throw new Error(`primitive ${name} is declared twice`);
  const p = new Primitive<P>(name);
  registry.set(name, p as unknown as Primitive);
  return p;
}

/** All primitives by name, for tables and tests. */
export function primitives(): ReadonlyMap<string, Primitive> {
  return registry;
}
