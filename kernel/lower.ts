/**
 * Lowers a jaxpr to a {@linkcode Program}. Pointwise equations stay virtual until an array must lie in memory, so that
 * chains of them become one kernel and are inlined into reductions; everything else is emitted in program order.
 *
 * @module
 */
import type { JaxArray } from "../core/array.ts";
import type { ShapedArray } from "../core/avals.ts";
import { type Atom, type ClosedJaxpr, dceJaxpr, type Eqn, type Jaxpr, Var } from "../core/jaxpr.ts";
import { KernelBuilder } from "./builder.ts";
import { Emitter } from "./emitter.ts";
import { resetExpressions } from "./expr.ts";
import { isTooLarge, ownCost, planFusion } from "./fuse.ts";
import { Param, type Program, storageBytes } from "./ir.ts";
import { bytesOf, layoutOf } from "./layout.ts";
import { literalVal, valOfBytes } from "./literals.ts";
import type { Decompose, Pointwise, Reduce, Region, Routine } from "./lowering.ts";
import { finishProgram } from "./memory.ts";
import { writeReduce } from "./reduce.ts";
import { RegionEmitter } from "./regions.ts";
import { KernelScope } from "./scope.ts";
import { sizeOf } from "./access.ts";
import { defaultTarget, type Target } from "./target.ts";
import { Node, type Place, Tensor } from "./tensors.ts";

/** Traces a function of flat lists of arrays; core gives it, so that this folder does not import tracing. */
export type Decomposer = (
  fn: (...args: JaxArray[]) => readonly JaxArray[],
  avals: readonly ShapedArray[],
) => ClosedJaxpr;

let decomposer: Decomposer | null = null;
let hostBytes: LowerOptions["constantBytes"];

/** Sets how primitives that are defined by others are traced, and how the constants that come up there are read. */
export function setDecomposer(trace: Decomposer, constantBytes?: LowerOptions["constantBytes"]): void {
  decomposer = trace;
  hostBytes = constantBytes;
}

/** What a lowering needs beside the jaxpr. */
export interface LowerOptions extends Partial<Target> {
  /** Bytes of a constant of a closed jaxpr. */
  readonly constantBytes?: (array: JaxArray) => Uint8Array;
}

let depth = 0;

/** The program of a closed jaxpr: its inputs and outputs are the jaxpr's, in order. */
export function lowerJaxpr(closed: ClosedJaxpr, options: LowerOptions = {}): Program {
  // Tracing a decomposition may run other programs; theirs must not make this one forget its expressions.
  if (depth === 0) resetExpressions();
  depth++;
  try {
    return new Lowerer(options).program(closed);
  } finally {
    depth--;
  }
}

interface Analysis {
  readonly eqns: readonly Eqn[];
  /** Times that each variable is read by equations and results. */
  readonly uses: ReadonlyMap<Var, number>;
}

const analyses = new WeakMap<Jaxpr, Analysis>();

/** Equations that are needed, and how often their variables are read. */
function analyse(jaxpr: Jaxpr): Analysis {
  let known = analyses.get(jaxpr);
  if (known) return known;
  const { eqns } = dceJaxpr(jaxpr, jaxpr.outvars.map(() => true), true).jaxpr;
  const uses = new Map<Var, number>();
  const count = (x: Atom): void => {
    if (x instanceof Var) uses.set(x, (uses.get(x) ?? 0) + 1);
  };
  for (const eqn of eqns) eqn.inputs.forEach(count);
  jaxpr.outvars.forEach(count);
  analyses.set(jaxpr, known = { eqns, uses });
  return known;
}

/** Lowers jaxprs into one program. */
export class Lowerer {
  readonly emitter: Emitter;
  readonly #constantBytes: (array: JaxArray) => Uint8Array;
  readonly #constants = new Map<JaxArray, Tensor>();

  constructor(options: LowerOptions) {
    const { maxArrays, wide, threads } = { ...defaultTarget, ...options };
    this.emitter = new Emitter({ maxArrays, wide, threads });
    this.#constantBytes = options.constantBytes ?? hostBytes ?? (() => {
      throw new Error("lowerJaxpr: the jaxpr has constants, and the option constantBytes is missing");
    });
  }

  program(closed: ClosedJaxpr): Program {
    const { emitter } = this;
    const inputs = closed.inAvals.map((aval, i) => Tensor.ofPlace(aval, emitter.place(aval, "input", i)));
    const results = this.inline(closed, inputs);
    const roots: { tensor: Tensor; place: Place }[] = [];
    const outputs = results.map((tensor, i) => {
      const place = emitter.place(tensor.aval, "output", i);
      if (tensor.literal !== null || tensor.virtual !== null) roots.push({ tensor, place });
      else emitter.copy(tensor.place!, place, bytesOf(tensor.aval));
      return place.block;
    });
    emitter.compute(roots);
    return finishProgram(emitter, inputs.map((t) => t.place!.block), outputs);
  }

  /** Emits a jaxpr's equations. Each result counts as read once more, until the caller releases it. */
  inline(closed: ClosedJaxpr, inputs: readonly Tensor[]): Tensor[] {
    const { jaxpr } = closed, { eqns, uses } = analyse(jaxpr);
    const tensors = new Map<Var, Tensor>();
    const bind = (v: Var, tensor: Tensor): void => {
      tensors.set(v, tensor);
      tensor.uses += uses.get(v) ?? 0;
    };
    jaxpr.constvars.forEach((v, i) => bind(v, this.#constant(v.aval, closed.consts[i]!)));
    jaxpr.invars.forEach((v, i) => bind(v, inputs[i]!));
    const read = (x: Atom): Tensor => {
      if (x instanceof Var) return tensors.get(x)!;
      return Tensor.ofLiteral(x.aval, literalVal(x.aval, x.value));
    };
    for (const eqn of eqns) {
      const results = this.#equation(eqn, eqn.inputs.map(read));
      eqn.outputs.forEach((v, i) => bind(v, results.tensors[i]!));
      results.done();
    }
    return jaxpr.outvars.map(read);
  }

  #constant(aval: ShapedArray, array: JaxArray): Tensor {
    let tensor = this.#constants.get(array);
    if (tensor === undefined) {
      const data = this.#constantBytes(array);
      tensor = aval.size === 1
        ? Tensor.ofLiteral(aval, valOfBytes(aval, data))
        : Tensor.ofPlace(aval, this.emitter.constant(aval, data));
      this.#constants.set(array, tensor);
    }
    return tensor;
  }

  /** Emits an equation. `done` is called when its results are bound: it gives up what the equation held. */
  #equation(eqn: Eqn, inputs: readonly Tensor[]): { tensors: readonly Tensor[]; done: () => void } {
    const { lower } = eqn.primitive.rules;
    const outAvals = eqn.outputs.map((v) => v.aval);
    const release = (): void => inputs.forEach((t) => t.release());
    if (lower.kind !== "region" && lower.kind !== "identity" && outAvals.every((a) => bytesOf(a) === 0)) {
      return { tensors: outAvals.map((a) => Tensor.ofPlace(a, this.emitter.place(a))), done: release };
    }
    switch (lower.kind) {
      case "pointwise": {
        const node = this.#node(eqn, lower, inputs, outAvals);
        return { tensors: node.outputs, done: () => node.outputs.forEach((t) => t.dropIfUnused()) };
      }
      case "reduce":
        return { tensors: this.#reduce(eqn, lower, inputs, outAvals), done: release };
      case "routine": {
        const { threads } = this.emitter.target;
        const as = threads === "many" ? lower.forThreads?.(eqn.inputs.map((x) => x.aval), eqn.params) : null;
        if (as) return this.#inlined(eqn, { kind: "decompose", as }, inputs, release);
        return { tensors: this.#routine(eqn, lower, inputs, outAvals), done: release };
      }
      case "identity":
        return { tensors: inputs, done: release };
      case "region":
        return this.#region(eqn, lower, inputs, outAvals, release);
      case "decompose":
        return this.#inlined(eqn, lower, inputs, release);
      case "never":
        throw new TypeError(`${eqn.primitive.name} cannot be compiled: ${lower.reason}`);
    }
  }

  #inlined(
    eqn: Eqn,
    lowering: Decompose<unknown>,
    inputs: readonly Tensor[],
    release: () => void,
  ): { tensors: readonly Tensor[]; done: () => void } {
    const tensors = this.inline(this.#decompose(eqn, lowering), inputs);
    return {
      tensors,
      done: () => {
        tensors.forEach((t) => t.release());
        release();
      },
    };
  }

  #decompose(eqn: Eqn, lowering: Decompose<unknown>): ClosedJaxpr {
    if (decomposer === null) throw new Error(`${eqn.primitive.name}: setDecomposer was not called`);
    return decomposer((...args) => lowering.as(args, eqn.params), eqn.inputs.map((x) => x.aval));
  }

  #node(
    eqn: Eqn,
    lowering: Pointwise<unknown>,
    inputs: readonly Tensor[],
    outAvals: readonly ShapedArray[],
  ): Node {
    const { primitive, params } = eqn;
    const cost = ownCost(primitive, lowering, params, inputs.map((t) => t.aval), outAvals);
    const make = (): Node => new Node(primitive.name, lowering, params, inputs, outAvals, cost);
    const node = make();
    if (!isTooLarge(node, this.emitter.target.maxArrays - outAvals.length)) return node;
    this.emitter.materialize(inputs.filter((t) => t.virtual !== null));
    return make();
  }

  #reduce(
    eqn: Eqn,
    lowering: Reduce<unknown>,
    inputs: readonly Tensor[],
    outAvals: readonly ShapedArray[],
  ): Tensor[] {
    const { emitter } = this, { params } = eqn;
    const { space } = lowering.plan(new KernelScope({ trial: true }).context(params, inputs, outAvals));
    const plan = planFusion(inputs, null, outAvals[0]!.size * sizeOf(space));
    emitter.materialize(plan.before);
    const outputs = outAvals.map((aval) => Tensor.ofPlace(aval, emitter.place(aval)));
    const scopes = writeReduce({
      lowering,
      params,
      inputs,
      outAvals,
      outPlaces: outputs.map((t) => t.place!),
      allocate: (storage, elements) => emitter.temporary(storage, elements),
      target: emitter.target,
    });
    for (const scope of scopes) emitter.scope(scope, [...plan.names, eqn.primitive.name]);
    return outputs;
  }

  #routine(
    eqn: Eqn,
    lowering: Routine<unknown>,
    inputs: readonly Tensor[],
    outAvals: readonly ShapedArray[],
  ): Tensor[] {
    const { emitter } = this;
    emitter.materialize(inputs);
    const outputs = outAvals.map((aval) => Tensor.ofPlace(aval, emitter.place(aval)));
    if (lowering.inPlace !== undefined) {
      emitter.copy(inputs[lowering.inPlace]!.place!, outputs[0]!.place!, bytesOf(outAvals[0]!));
    }
    const operands = [...inputs, ...outputs].map((t, i) => {
      const { storage } = layoutOf(t.aval.dtype);
      const name = i < inputs.length ? `in${i}` : `out${i - inputs.length}`;
      return { aval: t.aval, param: new Param(storage, bytesOf(t.aval) / storageBytes[storage], name) };
    });
    const k = new KernelBuilder(operands.map((o) => o.param), emitter.target);
    lowering.build(k, operands.slice(0, inputs.length), operands.slice(inputs.length), eqn.params);
    const places = [...inputs, ...outputs].map((t) => t.place!);
    emitter.routine(k.build(eqn.primitive.name), places, k.scratchParams);
    return outputs;
  }

  #region(
    eqn: Eqn,
    lowering: Region<unknown>,
    inputs: readonly Tensor[],
    outAvals: readonly ShapedArray[],
    release: () => void,
  ): { tensors: readonly Tensor[]; done: () => void } {
    const region = new RegionEmitter(this, eqn.params, inputs, outAvals);
    const tensors = lowering.emit(region) as readonly Tensor[];
    region.flush();
    return {
      tensors,
      done: () => {
        region.release();
        release();
      },
    };
  }
}
