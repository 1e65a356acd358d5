/**
 * `jax_debug_key_reuse`: an error for each key that is used twice.
 *
 * What a program does to its keys is its signature. A sink uses up (part of) an input; a source is an output with new
 * keys; a forward is an output that is an input again. Signatures of programs follow from those of their equations, and
 * concrete keys remember which of their elements are used up.
 *
 * @module
 */
import type { JaxArray } from "./array.ts";
import { ConcreteArray } from "./concrete.ts";
import { isKey } from "./dtypes.ts";
import { KeyReuseError } from "./errors.ts";
import { type Atom, type ClosedJaxpr, type Eqn, type Jaxpr, Literal, type Var } from "./jaxpr.ts";
import type { Params, Primitive } from "./primitive.ts";
import { P } from "./prims.ts";

/** Which elements of a key array: all, none, or those with a nonzero entry. */
type Mask = boolean | Uint8Array;

interface Forward {
  readonly from: number;
  readonly to: number;
}

/** What a program does to the keys among its inputs and outputs. */
export interface KeySignature {
  readonly sinks: ReadonlyMap<number, Mask>;
  readonly sources: ReadonlySet<number>;
  readonly forwards: readonly Forward[];
}

const some = (mask: Mask): boolean => typeof mask === "boolean" ? mask : mask.includes(1);

/** Whether two masks have an element in common; masks of different sizes stand for everything. */
function overlap(a: Mask, b: Mask): boolean {
  if (typeof a === "boolean" || typeof b === "boolean" || a.length !== b.length) return some(a) && some(b);
  return a.some((x, i) => x !== 0 && b[i] !== 0);
}

function union(a: Mask, b: Mask): Mask {
  if (a === true || b === true) return true;
  if (!some(a)) return b;
  if (!some(b)) return a;
  const [x, y] = [a, b] as [Uint8Array, Uint8Array];
  if (x.length !== y.length) return true;
  const both = x.map((v, i) => v | y[i]!);
  return both.includes(0) ? both : true;
}

/** A signature from what single operands and results do. */
function signature(
  sinks: readonly (readonly [number, Mask])[],
  sources: readonly number[] = [],
  forwards: readonly Forward[] = [],
): KeySignature {
  return { sinks: new Map(sinks), sources: new Set(sources), forwards };
}

const nothing = signature([]), forwarding = signature([], [], [{ from: 0, to: 0 }]);
const sinking = signature([[0, true]]), source = signature([], [0]);

/** Primitives whose signature does not depend on their params. */
const simple: ReadonlyMap<Primitive, KeySignature> = new Map([
  [P.random_bits, sinking],
  [P.random_gamma, sinking],
  [P.random_split, signature([[0, true]], [0])],
  [P.random_clone, source],
  [P.random_fold_in, source],
  [P.random_seed, source],
  [P.random_wrap, source],
  [P.random_unwrap, nothing],
  [P.debug_callback, nothing],
  [P.eq, nothing],
  [P.ne, nothing],
  [P.dynamic_update_slice, signature([[1, true]], [], [{ from: 0, to: 0 }])],
  [P.scatter, signature([[2, true]], [], [{ from: 0, to: 0 }])],
  ...[
    P.broadcast_in_dim,
    P.convert_element_type,
    P.copy,
    P.dynamic_slice,
    P.gather,
    P.reshape,
    P.rev,
    P.squeeze,
    P.stop_gradient,
    P.transpose,
  ].map((p): [Primitive, KeySignature] => [p, forwarding]),
]);

/** A slice uses up the keys that it takes. */
function sliceSignature({ inputs: [x], params }: Eqn): KeySignature {
  const { shape, size } = x!.aval,
    { startIndices, limitIndices, strides } = params as {
      startIndices: readonly number[];
      limitIndices: readonly number[];
      strides: readonly number[] | null;
    };
  const mask = new Uint8Array(size);
  for (let flat = 0; flat < size; flat++) {
    let rest = flat, inside = true;
    for (let d = shape.length - 1; d >= 0 && inside; d--) {
      const i = rest % shape[d]!, from = i - startIndices[d]!;
      rest = Math.floor(rest / shape[d]!);
      inside = from >= 0 && i < limitIndices[d]! && from % (strides?.[d] ?? 1) === 0;
    }
    mask[flat] = inside ? 1 : 0;
  }
  return signature([[0, mask.includes(0) ? mask : true]], [0]);
}

/** A signature whose inputs stand elsewhere. */
function moved(from: KeySignature, position: (input: number) => number): KeySignature {
  return {
    sinks: new Map([...from.sinks].map(([i, mask]) => [position(i), mask])),
    sources: from.sources,
    forwards: from.forwards.map((f) => ({ from: position(f.from), to: f.to })),
  };
}

/** What any branch uses up is used up; what every branch makes is made. */
function condSignature(branches: readonly ClosedJaxpr[]): KeySignature {
  const all = branches.map((b) => jaxprSignature(b.jaxpr)), [first, ...rest] = all;
  const sinks = new Map<number, Mask>();
  for (const { sinks: own } of all) for (const [i, m] of own) sinks.set(i, union(sinks.get(i) ?? false, m));
  const combined = {
    sinks,
    sources: new Set([...first!.sources].filter((s) => rest.every((b) => b.sources.has(s)))),
    forwards: first!.forwards.filter((f) =>
      rest.every((b) => b.forwards.some((g) => g.from === f.from && g.to === f.to))
    ),
  };
  return moved(combined, (i) => i + 1);
}

function repeated(what: string, why: string): KeyReuseError {
  return new KeyReuseError(
    `${what} leads to key reuse when repeatedly executed, because ${why}. Split the key and carry the rest, or fold ` +
      "the number of the step into it",
  );
}

/** A body that runs again and again may use up only what it is given anew: consts never, carries that it replaces. */
function checkBody(
  what: string,
  body: KeySignature,
  consts: number,
  carries: number,
  made: KeySignature,
): void {
  for (const i of body.sinks.keys()) {
    if (i < consts) throw repeated(what, "key constants are repeatedly consumed");
    if (i < consts + carries && !made.sources.has(i - consts)) {
      throw repeated(what, "consumed inputs don't match sourced outputs");
    }
  }
}

function scanSignature(params: Params): KeySignature {
  const { jaxpr, numConsts, numCarry } = params as {
    jaxpr: ClosedJaxpr;
    numConsts: number;
    numCarry: number;
  };
  const body = jaxprSignature(jaxpr.jaxpr);
  checkBody("scan body function", body, numConsts, numCarry, body);
  return body;
}

function whileSignature(params: Params): KeySignature {
  const { condJaxpr, condNconsts, bodyJaxpr, bodyNconsts } = params as {
    condJaxpr: ClosedJaxpr;
    condNconsts: number;
    bodyJaxpr: ClosedJaxpr;
    bodyNconsts: number;
  };
  const cond = jaxprSignature(condJaxpr.jaxpr), body = jaxprSignature(bodyJaxpr.jaxpr);
  checkBody("while_loop cond function", cond, condNconsts, Infinity, body);
  checkBody("while_loop body function", body, bodyNconsts, Infinity, body);
  for (const i of cond.sinks.keys()) {
    if (body.sinks.has(i - condNconsts + bodyNconsts)) {
      throw repeated("while_loop", "cond and body functions both use the same key");
    }
  }
  return moved(body, (i) => i + condNconsts);
}

/** What an equation does to its keys. A primitive that is not known uses up every key. */
function eqnSignature(eqn: Eqn): KeySignature {
  const { primitive, params } = eqn, known = knownSignature(eqn);
  if (known) return known;
  switch (primitive) {
    case P.jit:
    case P.checkpoint:
      return params.differentiated ? nothing : jaxprSignature(params.jaxpr.jaxpr);
    case P.custom_jvp_call:
    case P.custom_vjp_call:
      return jaxprSignature(params.callJaxpr.jaxpr);
    default:
      return signature(eqn.inputs.flatMap((x, i) => isKey(x.aval.dtype) ? [[i, true] as const] : []));
  }
}

/** The signature of a primitive that has one of its own, besides calls. */
function knownSignature(eqn: Eqn): KeySignature | null {
  const { primitive, params, inputs } = eqn;
  switch (primitive) {
    case P.slice:
      return isKey(inputs[0]!.aval.dtype) ? sliceSignature(eqn) : forwarding;
    case P.concatenate:
      return inputs.length === 1 ? forwarding : signature(inputs.map((_, i) => [i, true] as const), [0]);
    case P.cond:
      return condSignature(params.branches);
    case P.scan:
      return scanSignature(params);
    case P.while:
      return whileSignature(params);
    default:
      return simple.get(primitive) ?? null;
  }
}

const signatures = new WeakMap<Jaxpr, KeySignature>();

/**
 * What a jaxpr does to its keys; inputs are counted from its constants on.
 *
 * @throws {KeyReuseError} when it uses a key twice
 */
export function jaxprSignature(jaxpr: Jaxpr): KeySignature {
  let known = signatures.get(jaxpr);
  if (known === undefined) signatures.set(jaxpr, known = analyzed(jaxpr));
  return known;
}

function analyzed(jaxpr: Jaxpr): KeySignature {
  const used = new Map<Atom, Mask>(), origins = new Map<Atom, Atom>();
  const origin = (a: Atom): Atom => {
    for (let at = a;;) {
      const next = origins.get(at);
      if (next === undefined) return at;
      at = next;
    }
  };
  const isKeyVar = (a: Atom): a is Var => !(a instanceof Literal) && isKey(a.aval.dtype);
  for (const eqn of jaxpr.eqns) {
    if (!eqn.inputs.some(isKeyVar) && !eqn.outputs.some(isKeyVar)) continue;
    const { sinks, sources, forwards } = eqnSignature(eqn);
    for (const { from, to } of forwards) {
      if (isKeyVar(eqn.outputs[to]!)) origins.set(eqn.outputs[to]!, eqn.inputs[from]!);
    }
    for (const [i, mask] of sinks) {
      if (!isKeyVar(eqn.inputs[i]!)) continue;
      const from = origin(eqn.inputs[i]!), before = used.get(from) ?? false;
      if (overlap(before, mask)) {
        throw new KeyReuseError(`In ${eqn.primitive.name}, argument ${i} is already consumed.`);
      }
      used.set(from, union(before, mask));
    }
    eqn.outputs.forEach((v, i) => {
      if (isKeyVar(v) && !origins.has(v)) used.set(v, !sources.has(i));
    });
  }
  const inputs = [...jaxpr.constvars, ...jaxpr.invars], sources = new Set<number>(), forwards: Forward[] = [];
  jaxpr.outvars.forEach((out, to) => {
    if (!isKeyVar(out)) return;
    const from = inputs.indexOf(origin(out) as Var);
    if (from >= 0) forwards.push({ from, to });
    else if (!some(used.get(origin(out)) ?? false)) sources.add(to);
  });
  const sinks = inputs.flatMap((v, i) => {
    const mask = used.get(v) ?? false;
    return isKeyVar(v) && some(mask) ? [[i, mask] as const] : [];
  });
  return { sinks: new Map(sinks), sources, forwards };
}

/** What of concrete keys is used up. */
const consumed = new WeakMap<JaxArray, Mask>();

const isConcreteKey = (x: JaxArray | undefined): x is ConcreteArray =>
  x instanceof ConcreteArray && isKey(x.dtype);

/** Runs a program on concrete arrays, whose keys it may not use again. */
export function withKeyCheck<R extends JaxArray>(
  { sinks, sources, forwards }: KeySignature,
  args: readonly JaxArray[],
  name: string,
  run: () => readonly R[],
): readonly R[] {
  for (const [i, mask] of sinks) {
    const key = args[i];
    if (isConcreteKey(key) && overlap(consumed.get(key) ?? false, mask)) {
      throw new KeyReuseError(
        `Previously-consumed key passed to ${name} at index ${i}. Split the key and use each part once, or say with ` +
          "random.clone(key) that it is used again on purpose.",
      );
    }
  }
  const outs = run();
  for (const [i, mask] of sinks) {
    const key = args[i];
    if (isConcreteKey(key)) consumed.set(key, union(consumed.get(key) ?? false, mask));
  }
  outs.forEach((out, i) => {
    if (isConcreteKey(out)) consumed.set(out, !sources.has(i));
  });
  for (const { from, to } of forwards) {
    const key = args[from], out = outs[to];
    if (isConcreteKey(key) && isConcreteKey(out)) consumed.set(out, carried(consumed.get(key) ?? false, out));
  }
  return outs;
}

/** What is used up of an array made of another's elements. */
const carried = (mask: Mask, out: JaxArray): Mask =>
  typeof mask === "boolean" || mask.length === out.size ? mask : !mask.includes(0);

/** The signature of a primitive that is evaluated alone; null where keys are not its concern. Calls check themselves. */
export function primitiveSignature(
  primitive: Primitive,
  params: Params,
  args: readonly JaxArray[],
): KeySignature | null {
  if (!args.some(isConcreteKey) && !keyMakers.has(primitive)) return null;
  // A jaxpr equation's operands are asked for their types only.
  return knownSignature({ primitive, params, inputs: args as unknown as readonly Var[], outputs: [] });
}

const keyMakers: ReadonlySet<Primitive> = new Set([P.random_seed, P.random_wrap]);
