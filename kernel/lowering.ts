/**
 * How a primitive says what it computes, for every backend at once. The kinds differ in what a scheduler may do with
 * them: inline and fuse (pointwise), fuse into (reduce), call (routine), nest (region), or rewrite (decompose).
 *
 * @module
 */
import type { JaxArray } from "../core/array.ts";
import type { ShapedArray } from "../core/avals.ts";
import type { ClosedJaxpr } from "../core/jaxpr.ts";
import type { Expr, HostCallback, Monoid, Param, StorageType } from "./ir.ts";
import type { KernelBuilder } from "./builder.ts";

/** The two components of a complex number, or the two words of a random key. */
export class Pair {
  readonly re: Expr;
  readonly im: Expr;
  constructor(re: Expr, im: Expr) {
    this.re = re;
    this.im = im;
  }
}

/** A scalar of any dtype: one expression, or a pair for complex and key dtypes. */
export type Val = Expr | Pair;

/** Reads elements of an array operand, which may be a buffer or the fused computation that makes it. */
export interface Access {
  readonly aval: ShapedArray;
  /** Element at a multi-index (i32 expressions within bounds, one for each axis). */
  at(index: readonly Expr[]): Val;
  /** Element at a row-major offset within bounds. */
  flat(offset: Expr): Val;
}

/** What a pointwise or reduce lowering sees. */
export interface ComputeContext<P> {
  readonly params: P;
  readonly inputs: readonly Access[];
  readonly inAvals: readonly ShapedArray[];
  readonly outAvals: readonly ShapedArray[];
}

/**
 * Each element of each output is a function of its index and of elements of the inputs. All outputs have one shape.
 * Elementwise, movement, iota, gather-like and select operations are pointwise.
 */
export interface Pointwise<P> {
  readonly kind: "pointwise";
  /**
   * `elementwise`: output index i reads inputs at i only (with size-1 axes and scalars broadcast).
   * `movement`: moves elements without arithmetic. `indexed`: reads at positions that depend on data.
   */
  readonly access: "elementwise" | "movement" | "indexed";
  /** Values of the outputs at `index`; each is of its output's widened scalar type and already narrowed. */
  readonly compute: (context: ComputeContext<P>, index: readonly Expr[]) => readonly Val[];
  /** Movement that keeps row-major order (reshape): values at a flat offset. */
  readonly computeFlat?: (context: ComputeContext<P>, offset: Expr) => readonly Val[];
}

/** The parts of a reduction. */
export interface Reduction {
  /** Sizes of the reduced axes (iterated in row-major order). */
  readonly space: readonly number[];
  /** Accumulators before the first element: one constant for each result. */
  readonly init: readonly Val[];
  /** What is combined at an output index and a reduction index. */
  readonly value: (out: readonly Expr[], reduced: readonly Expr[]) => readonly Val[];
  /** New accumulators. Associative; `monoid` names it when every component of every one combines by a known monoid. */
  readonly combine: (accumulators: readonly Val[], values: readonly Val[]) => readonly Val[];
  readonly monoid?: Monoid;
  /** From accumulators to results (e.g. narrowing); default: as they are. */
  readonly finish?: (accumulators: readonly Val[]) => readonly Val[];
}

/** Each output element combines many input elements: reductions, windows, contractions. */
export interface Reduce<P> {
  readonly kind: "reduce";
  readonly plan: (context: ComputeContext<P>) => Reduction;
}

/** An operand or result of a routine: a contiguous row-major buffer. */
export interface RoutineOperand {
  readonly aval: ShapedArray;
  readonly param: Param;
}

/** An algorithm over whole buffers, written in the statement IR: sort, scatter, cumulative ops, factorisations. */
export interface Routine<P> {
  readonly kind: "routine";
  /** Input whose buffer output 0 may take over when it is free: output 0 then starts as that input. */
  readonly inPlace?: number;
  /**
   * Emits the kernel. With `inPlace`, the scheduler has already copied (or aliased) that input into output 0.
   * `k.range(extent, (i) => ...)` declares independent outermost iterations.
   */
  readonly build: (
    k: KernelBuilder,
    inputs: readonly RoutineOperand[],
    outputs: readonly RoutineOperand[],
    params: P,
  ) => void;
  /** For machines of many threads: other primitives that give the same and keep more of them busy; null if none do. */
  readonly forThreads?: (inAvals: readonly ShapedArray[], params: P) => Decompose<P>["as"] | null;
}

/** A place for an array inside a program being lowered. */
export interface RegionValue {
  readonly aval: ShapedArray;
}

/** What a control-flow lowering may do: lower jaxprs inside blocks and emit structured steps. */
export interface RegionContext<P> {
  readonly params: P;
  readonly inputs: readonly RegionValue[];
  readonly outAvals: readonly ShapedArray[];
  /** A buffer of its own for an array. */
  allocate(aval: ShapedArray): RegionValue;
  /** The constant 0-d or n-d value. */
  constant(aval: ShapedArray, value: number | bigint | boolean): RegionValue;
  /** Copies an array as it is now. Copies made one after another may be emitted together, as one assignment. */
  copy(from: RegionValue, to: RegionValue): void;
  /** Emits the jaxpr's steps here; returns where its outputs are. */
  inline(jaxpr: ClosedJaxpr, inputs: readonly RegionValue[]): readonly RegionValue[];
  /**
   * Emits a loop of `count` iterations; the body gets the counter as a handle for `slice` and the steps it emits
   * run in each iteration.
   */
  loop(count: number, reverse: boolean, body: (counter: number) => void): void;
  /** Row `counter` of a stacked array, without copying. */
  row(stacked: RegionValue, counter: number): RegionValue;
  /** Emits a while loop: `condition` emits its steps and returns the bool scalar. */
  while(condition: () => RegionValue, body: () => void): void;
  /** Emits a switch on an i32 scalar. */
  switch(index: RegionValue, branches: readonly (() => void)[]): void;
  /** Emits a call of the host. */
  callback(callback: HostCallback, inputs: readonly RegionValue[], outputs: readonly RegionValue[]): void;
}

/** Control flow and calls: emits structured steps and returns where the outputs are. */
export interface Region<P> {
  readonly kind: "region";
  readonly emit: (context: RegionContext<P>) => readonly RegionValue[];
}

/** Is other primitives: traced on the same types and inlined. */
export interface Decompose<P> {
  readonly kind: "decompose";
  readonly as: (args: readonly JaxArray[], params: P) => readonly JaxArray[];
}

/** Output i is input i: nothing happens when the program runs. */
export interface Identity {
  readonly kind: "identity";
}

/** How a primitive is computed. `never`: it is evaluated before lowering (reason for the error message). */
export type Lowering<P> =
  | Pointwise<P>
  | Reduce<P>
  | Routine<P>
  | Region<P>
  | Decompose<P>
  | Identity
  | { readonly kind: "never"; readonly reason: string };

/** Storage type of a dtype's components, by its name: `float32` → f32, `complex64` → f32 (two), `key<fry>` → u32 (two). */
export type StorageOf = (dtype: { readonly name: string }) => StorageType;
