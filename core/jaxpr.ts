/**
 * Jaxprs: traced programs as lists of equations over typed variables.
 *
 * @module
 */
import type { JaxArray } from "./array.ts";
import type { ShapedArray } from "./avals.ts";
import { setInspect } from "./inspect.ts";
import type { Params, Primitive } from "./primitive.ts";

let nextVar = 0;

/** A variable of a jaxpr. */
export class Var {
  readonly aval: ShapedArray;
  readonly id: number = nextVar++;
  constructor(aval: ShapedArray) {
    this.aval = aval;
  }
}

/** A host scalar: a number (floats, ints to 32 bits), bigint (64-bit ints), boolean, or complex. */
export type ScalarValue = number | bigint | boolean | { readonly re: number; readonly im: number };

/** A 0-d constant written into an equation. */
export class Literal {
  readonly aval: ShapedArray;
  readonly value: ScalarValue;
  constructor(value: ScalarValue, aval: ShapedArray) {
    this.value = value;
    this.aval = aval;
  }
}

/** An operand of an equation. */
export type Atom = Var | Literal;

/** `outputs = primitive[params] inputs`. */
export interface Eqn {
  readonly primitive: Primitive;
  readonly params: Params;
  readonly inputs: readonly Atom[];
  readonly outputs: readonly Var[];
}

/** A program: constants, inputs, equations in order, outputs. */
export class Jaxpr {
  readonly constvars: readonly Var[];
  readonly invars: readonly Var[];
  readonly eqns: readonly Eqn[];
  readonly outvars: readonly Atom[];
  #effects: boolean | undefined;

  constructor(
    constvars: readonly Var[],
    invars: readonly Var[],
    eqns: readonly Eqn[],
    outvars: readonly Atom[],
  ) {
    this.constvars = constvars;
    this.invars = invars;
    this.eqns = eqns;
    this.outvars = outvars;
  }

  /** Whether any equation, at any depth, has effects. */
  get effects(): boolean {
    return this.#effects ??= this.eqns.some(hasEffects);
  }

  get inAvals(): ShapedArray[] {
    return this.invars.map((v) => v.aval);
  }

  get outAvals(): ShapedArray[] {
    return this.outvars.map((v) => v.aval);
  }

  toString(): string {
    return printJaxpr(this);
  }
}

let printJaxpr: (jaxpr: Jaxpr) => string;

/** Installs the printer (it knows primitives, which know jaxprs). */
export function setJaxprPrinter(print: (jaxpr: Jaxpr) => string): void {
  printJaxpr = print;
}

/** A jaxpr with the values of its constants. */
export class ClosedJaxpr {
  readonly jaxpr: Jaxpr;
  readonly consts: readonly JaxArray[];

  constructor(jaxpr: Jaxpr, consts: readonly JaxArray[] = []) {
    this.jaxpr = jaxpr;
    this.consts = consts;
  }

  get inAvals(): ShapedArray[] {
    return this.jaxpr.inAvals;
  }

  get outAvals(): ShapedArray[] {
    return this.jaxpr.outAvals;
  }

  get eqns(): readonly Eqn[] {
    return this.jaxpr.eqns;
  }

  toString(): string {
    return printJaxpr(this.jaxpr);
  }
}

setInspect(Jaxpr.prototype, String);
setInspect(ClosedJaxpr.prototype, String);

/** Whether an equation must be kept and ordered though its results are unused. */
export function hasEffects(eqn: Eqn): boolean {
  const { effects, subJaxprs } = eqn.primitive.rules;
  if (effects === true || typeof effects === "function" && effects(eqn.params)) return true;
  return subJaxprs !== undefined && subJaxprs(eqn.params).some((j) => j.effects);
}

/** The same program with its constants as leading inputs. */
export function constantsToInputs(jaxpr: Jaxpr): Jaxpr {
  if (jaxpr.constvars.length === 0) return jaxpr;
  return new Jaxpr([], [...jaxpr.constvars, ...jaxpr.invars], jaxpr.eqns, jaxpr.outvars);
}

/**
 * Dead code elimination: keeps equations that the used outputs or effects need. Gives the smaller jaxpr, which still
 * takes only `usedInputs`.
 */
export function dceJaxpr(
  jaxpr: Jaxpr,
  usedOutputs: readonly boolean[],
  keepInputs: readonly boolean[] | boolean = false,
): { jaxpr: Jaxpr; usedInputs: boolean[] } {
  const live = new Set<Var>();
  const outvars = jaxpr.outvars.filter((_, i) => usedOutputs[i]);
  for (const v of outvars) if (v instanceof Var) live.add(v);
  const kept: Eqn[] = [];
  for (let i = jaxpr.eqns.length - 1; i >= 0; i--) {
    let eqn = jaxpr.eqns[i]!;
    const used = eqn.outputs.map((v) => live.has(v));
    if (!used.some(Boolean) && !hasEffects(eqn)) continue;
    const smaller = used.every(Boolean) ? null : eqn.primitive.rules.dce?.(used, eqn.params) ?? null;
    if (smaller) {
      eqn = {
        primitive: eqn.primitive,
        params: smaller.params,
        inputs: eqn.inputs.filter((_, k) => smaller.usedInputs[k]),
        outputs: eqn.outputs.filter((_, k) => used[k]),
      };
    }
    for (const v of eqn.inputs) if (v instanceof Var) live.add(v);
    kept.push(eqn);
  }
  const usedInputs = jaxpr.invars.map((v, i) =>
    keepInputs === true || live.has(v) || (keepInputs !== false && Boolean(keepInputs[i]))
  );
  return {
    jaxpr: new Jaxpr(jaxpr.constvars, jaxpr.invars.filter((_, i) => usedInputs[i]), kept.reverse(), outvars),
    usedInputs,
  };
}
