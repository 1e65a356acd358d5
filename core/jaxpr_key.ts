/**
 * Keys by value: of params of one primitive, and of whole jaxprs.
 *
 * @module
 */
import { isDType } from "./dtypes.ts";
import { type Atom, ClosedJaxpr, Jaxpr, Literal, type ScalarValue, type Var } from "./jaxpr.ts";
import type { Params } from "./primitive.ts";

const identities = new WeakMap<object, number>();
let nextIdentity = 0;

function identity(x: object): number {
  let id = identities.get(x);
  if (id === undefined) identities.set(x, id = nextIdentity++);
  return id;
}

type JaxprKey = (jaxpr: Jaxpr) => string;

function valueKey(value: unknown, jaxprKey: JaxprKey): string {
  switch (typeof value) {
    case "number":
      return Object.is(value, -0) ? "-0" : `${value}`;
    case "string":
      return `"${value.length}:${value}`;
    case "boolean":
    case "undefined":
      return `${value}`;
    case "bigint":
      return `${value}n`;
    case "symbol":
      return `s${String(value)}`;
    case "function":
      return isDType(value) ? value.name : `f${identity(value)}`;
    default:
      break;
  }
  if (value === null) return "null";
  if (Array.isArray(value)) {
    let key = "[";
    for (const item of value) key += valueKey(item, jaxprKey) + ",";
    return key + "]";
  }
  if (value instanceof ClosedJaxpr) {
    return value.consts.length ? `o${identity(value)}` : jaxprKey(value.jaxpr);
  }
  if (value instanceof Jaxpr) return jaxprKey(value);
  const prototype = Object.getPrototypeOf(value);
  if (prototype === Object.prototype || prototype === null) {
    return `{${paramsKeyWith(value as Params, jaxprKey)}}`;
  }
  return `o${identity(value as object)}`;
}

function paramsKeyWith(params: Params, jaxprKey: JaxprKey): string {
  let key = "";
  for (const name in params) key += `${name}=${valueKey(params[name], jaxprKey)};`;
  return key;
}

/** Text equal for equal params: data by value, jaxprs by structure, functions and class instances by identity. */
export function paramsKey(params: Params): string {
  return paramsKeyWith(params, structuralKey);
}

const texts = new WeakMap<Jaxpr, string>();

function structuralKey(jaxpr: Jaxpr): string {
  let text = texts.get(jaxpr);
  if (text === undefined) texts.set(jaxpr, text = write(jaxpr));
  return text;
}

function literalKey(value: ScalarValue): string {
  if (typeof value === "object") return `${literalKey(value.re)}+${literalKey(value.im)}j`;
  if (typeof value === "number") return Object.is(value, -0) ? "-0" : `${value}`;
  return `${typeof value}${value}`;
}

function write(jaxpr: Jaxpr): string {
  const numbers = new Map<Var, number>();
  const number = (v: Var): number => {
    let n = numbers.get(v);
    if (n === undefined) numbers.set(v, n = numbers.size);
    return n;
  };
  const atom = (a: Atom): string =>
    a instanceof Literal ? `L${literalKey(a.value)}:${a.aval.id}` : `${number(a)}`;
  const parts: string[] = [];
  for (const v of [...jaxpr.constvars, ...jaxpr.invars]) parts.push(`${number(v)}:${v.aval.id}`);
  for (const eqn of jaxpr.eqns) {
    const inputs = eqn.inputs.map(atom).join(" ");
    const outputs = eqn.outputs.map((v) => `${number(v)}:${v.aval.id}`).join(" ");
    parts.push(`${outputs}=${eqn.primitive.name}{${paramsKey(eqn.params)}}${inputs}`);
  }
  return `(${parts.join("|")}>${jaxpr.outvars.map(atom).join(" ")})`;
}

/** Text equal for structurally equal jaxprs (names of variables aside); null when there is none. */
export function canonicalText(jaxpr: Jaxpr): string | null {
  return structuralKey(jaxpr);
}
