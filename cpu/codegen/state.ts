/**
 * What the emitters of one kernel function share: where parameters, variables and values already computed live.
 *
 * @module
 */
import type { Expr, Param, Variable } from "../../kernel/ir.ts";
import type { FunctionBuilder } from "../wasm/encoder.ts";
import { type Analysis, type Dependency, intersects } from "./analysis.ts";
import type { Helpers } from "./helpers.ts";

/** An address that a loop keeps in a local: that of the access of its group with the least constant. */
export interface InductionPointer {
  readonly local: number;
  /** Constant of the linear form that the local stands for. */
  readonly base: number;
}

/** State of one kernel function under construction. */
export interface KernelState {
  readonly f: FunctionBuilder;
  readonly helpers: Helpers;
  readonly analysis: Analysis;
  /** How many parents use a node; more than one: its value is kept. */
  readonly uses: ReadonlyMap<Expr, number>;
  /** Whether to use relaxed SIMD. */
  readonly relaxed: boolean;
  /** Local of each buffer pointer. */
  readonly params: ReadonlyMap<Param, number>;
  /** Local of each scalar variable in scope; of the vectorised loop index, its value in lane 0. */
  readonly variables: Map<Variable, number>;
  /** Pointers that the innermost loop advances, by parameter and key of the linear form. */
  pointers: ReadonlyMap<Param, ReadonlyMap<string, InductionPointer>>;
  readonly values: ValueCache;
}

/** The forms in which a value can be in a local: a scalar, the scalar in every lane, or one part of its lanes. */
export type ValueForm = "scalar" | "splat" | number;

/**
 * Values held in locals, in nested scopes: leaving a scope forgets what it added, because code after a conditional
 * or a loop cannot rely on what ran inside it.
 */
export class ValueCache {
  readonly #f: FunctionBuilder;
  readonly #analysis: Analysis;
  readonly #locals = new Map<ValueForm, Map<Expr, number>>();
  readonly #trail: { form: ValueForm; e: Expr; local: number }[] = [];

  constructor(f: FunctionBuilder, analysis: Analysis) {
    this.#f = f;
    this.#analysis = analysis;
  }

  /** Local of a value, or undefined where it has not been computed. */
  get(e: Expr, form: ValueForm): number | undefined {
    return this.#locals.get(form)?.get(e);
  }

  /** Notes that a value is in a local, which the scope owns from now on. */
  add(e: Expr, form: ValueForm, local: number): void {
    let locals = this.#locals.get(form);
    if (locals === undefined) this.#locals.set(form, locals = new Map());
    locals.set(e, local);
    this.#trail.push({ form, e, local });
  }

  /** Runs `body` in a scope of its own. */
  scope(body: () => void): void {
    const mark = this.#trail.length;
    body();
    while (this.#trail.length > mark) {
      const { form, e, local } = this.#trail.pop()!;
      const locals = this.#locals.get(form);
      if (locals?.get(e) === local) locals.delete(e);
      this.#f.release(local);
    }
  }

  /** Forgets the values that depend on something that changes. */
  invalidate(changed: ReadonlySet<Dependency>): void {
    for (const locals of this.#locals.values()) {
      for (const e of locals.keys()) {
        if (intersects(this.#analysis.dependencies(e), changed)) locals.delete(e);
      }
    }
  }
}
