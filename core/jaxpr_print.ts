/**
 * Text of jaxprs, as JAX prints them: at most 80 columns where it can, variables named in order of appearance.
 *
 * @module
 */
import { isDType } from "./dtypes.ts";
import {
  type Atom,
  ClosedJaxpr,
  type Eqn,
  Jaxpr,
  Literal,
  type ScalarValue,
  setJaxprPrinter,
  Var,
} from "./jaxpr.ts";
import { P } from "./prims.ts";

/** A document of the layout algorithm (Wadler, "A prettier printer", 2003): text, breaks, nesting and groups. */
type Doc =
  | string
  | { readonly kind: "line"; readonly flat: string }
  | { readonly kind: "nest"; readonly by: number; readonly doc: Doc }
  | { readonly kind: "group"; readonly doc: Doc }
  | readonly Doc[];

const space: Doc = { kind: "line", flat: " " };
const semicolon: Doc = { kind: "line", flat: "; " };
const nothing: Doc = { kind: "line", flat: "" };
const nest = (by: number, doc: Doc): Doc => ({ kind: "nest", by, doc });
const group = (doc: Doc): Doc => ({ kind: "group", doc });

function join(separator: Doc, docs: readonly Doc[]): Doc {
  return docs.flatMap((d, i) => i ? [separator, d] : [d]);
}

function isSequence(doc: Doc): doc is readonly Doc[] {
  return Array.isArray(doc);
}

/** Width of a document on one line, or more than `limit` once it is known not to fit. */
function flatWidth(doc: Doc, limit: number): number {
  let width = 0;
  const stack: Doc[] = [doc];
  while (stack.length && width <= limit) {
    const d = stack.pop()!;
    if (typeof d === "string") width += d.length;
    else if (isSequence(d)) { for (let i = d.length - 1; i >= 0; i--) stack.push(d[i]!); }
    else if (d.kind === "line") width += d.flat.length;
    else stack.push(d.doc);
  }
  return width;
}

function layout(doc: Doc, width: number): string {
  let out = "", column = 0;
  const stack: { doc: Doc; indent: number; flat: boolean }[] = [{ doc, indent: 0, flat: false }];
  while (stack.length) {
    const { doc: d, indent, flat } = stack.pop()!;
    if (typeof d === "string") {
      out += d;
      column += d.length;
    } else if (isSequence(d)) {
      for (let i = d.length - 1; i >= 0; i--) stack.push({ doc: d[i]!, indent, flat });
    } else if (d.kind === "line") {
      if (flat) {
        out += d.flat;
        column += d.flat.length;
      } else {
        out += "\n" + " ".repeat(indent);
        column = indent;
      }
    } else if (d.kind === "nest") {
      stack.push({ doc: d.doc, indent: indent + d.by, flat });
    } else {
      stack.push({ doc: d.doc, indent, flat: flat || flatWidth(d.doc, width - column) <= width - column });
    }
  }
  return out;
}

/** Python's text of a float. */
export function pythonFloat(x: number): string {
  if (Number.isNaN(x)) return "nan";
  if (!Number.isFinite(x)) return x < 0 ? "-inf" : "inf";
  if (Object.is(x, -0)) return "-0.0";
  const magnitude = Math.abs(x);
  if (magnitude !== 0 && (magnitude < 1e-4 || magnitude >= 1e16)) {
    const [mantissa, exponent] = x.toExponential().split("e") as [string, string];
    const sign = exponent.startsWith("-") ? "-" : "+";
    return `${mantissa}e${sign}${exponent.replace(/^[+-]/, "").padStart(2, "0")}`;
  }
  const text = String(x);
  return /[.e]/.test(text) ? text : `${text}.0`;
}

/** Python's text of a complex number: `0j`, `(1+2j)`. */
function pythonComplex({ re, im }: { readonly re: number; readonly im: number }): string {
  const short = (x: number): string => pythonFloat(x).replace(/\.0$/, "");
  if (Object.is(re, 0)) return `${short(im)}j`;
  return `(${short(re)}${im < 0 || Object.is(im, -0) ? "" : "+"}${short(im)}j)`;
}

function literalText(value: ScalarValue, kind: string): string {
  if (typeof value === "boolean") return value ? "True" : "False";
  if (typeof value === "object") return pythonComplex(value);
  if (typeof value === "number" && kind === "float") return pythonFloat(value);
  return String(value);
}

/** A name by number, as JAX counts: a to z, then ba, bb, ... */
function nameOf(n: number): string {
  let name = "";
  do {
    name = String.fromCharCode(97 + n % 26) + name;
    n = Math.floor(n / 26);
  } while (n > 0);
  return name;
}

/** Atoms side by side; one that reaches over the edge starts a new line. */
function row(texts: readonly string[], separator = ""): Doc {
  return nest(2, group(join([separator, group(space)], texts)));
}

/** Prints one jaxpr and all jaxprs in it, with names that are unique over the whole text. */
class Printer {
  #names = new Map<Var, string>();
  #count = 0;
  /** Jaxprs that stand in front of the text, and go by their name in it. */
  #shared: Map<Jaxpr, string>;

  constructor(jaxpr: Jaxpr) {
    this.#shared = sharedJaxprs(jaxpr);
    const used = new Set<Atom>(jaxpr.outvars.concat(jaxpr.eqns.flatMap((eqn) => [...eqn.inputs])));
    for (const v of jaxpr.eqns.flatMap((eqn) => eqn.outputs)) if (!used.has(v)) this.#names.set(v, "_");
  }

  /** The shared jaxprs, then the jaxpr itself. */
  document(jaxpr: Jaxpr): Doc {
    const front = [...this.#shared].map((
      [shared, name],
    ): Doc => [`let ${name} = `, this.#body(shared), " in", space]);
    return [front, this.#body(jaxpr)];
  }

  #name(v: Var): string {
    let name = this.#names.get(v);
    if (name === undefined) {
      const taken = [...this.#shared.values()];
      do name = nameOf(this.#count++); while (taken.includes(name));
      this.#names.set(v, name);
    }
    return name;
  }

  #binder(v: Var): string {
    return `${this.#name(v)}:${v.aval.short()}`;
  }

  #atom(a: Atom): string {
    return a instanceof Literal
      ? `${literalText(a.value, a.aval.dtype.kind)}:${a.aval.short()}`
      : this.#name(a);
  }

  #jaxpr(jaxpr: Jaxpr): Doc {
    return this.#shared.get(jaxpr) ?? this.#body(jaxpr);
  }

  #body(jaxpr: Jaxpr): Doc {
    const consts = row(jaxpr.constvars.map((v) => this.#binder(v)));
    const inputs = row(jaxpr.invars.map((v) => this.#binder(v)));
    const eqns = jaxpr.eqns.map((eqn) => this.#eqn(eqn));
    const outs = jaxpr.outvars.map((a) => this.#atom(a));
    return group([
      ["{ lambda ", consts, "; ", inputs, ". let"],
      nest(4, [space, join(semicolon, eqns)]),
      nest(2, [space, "in (", row(outs, ","), outs.length === 1 ? ",)" : ")"]),
      " }",
    ]);
  }

  #eqn(eqn: Eqn): Doc {
    const { printParams } = eqn.primitive.rules;
    const params: Record<string, unknown> = printParams
      ? printParams(eqn.params, eqn.inputs.map((a) => a.aval))
      : eqn.params;
    const names = Object.keys(params);
    // The name of a called function comes first.
    names.sort((a, b) => a === "name" || (b !== "name" && a < b) ? -1 : 1);
    if (eqn.primitive === P.jit) this.#nameAlike(eqn);
    const outs = eqn.outputs.map((v) => this.#binder(v));
    const shown = names.map((k): Doc => [`${snake(k)}=`, this.#value(params[k])]);
    const list: Doc = shown.length ? group(["[", nest(2, [nothing, join(space, shown)]), nothing, "]"]) : "";
    const inputs = eqn.inputs.map((a) => this.#atom(a));
    return [outs.length ? [row(outs), " = "] : "", eqn.primitive.name, list, " ", row(inputs)];
  }

  #value(value: unknown): Doc {
    if (value instanceof ClosedJaxpr) return this.#jaxpr(value.jaxpr);
    if (value instanceof Jaxpr) return this.#jaxpr(value);
    if (Array.isArray(value) && value.length && value.every((x) => x instanceof ClosedJaxpr)) {
      const jaxprs = value.map((x) => this.#jaxpr((x as ClosedJaxpr).jaxpr));
      return group(["(", nest(2, [nothing, join(space, jaxprs)]), nothing, ")"]);
    }
    return paramText(value);
  }

  /** Gives the variables of a called jaxpr the names of the values at its only call. */
  #nameAlike(eqn: Eqn): void {
    const { jaxpr } = (eqn.params as { readonly jaxpr: ClosedJaxpr }).jaxpr;
    if (this.#shared.has(jaxpr)) return;
    const alike = (inner: readonly Atom[], outer: readonly Atom[]): void => {
      const taken = new Set<Var>();
      inner.forEach((v, i) => {
        const like = outer[i];
        if (!(v instanceof Var) || this.#names.has(v) || !(like instanceof Var) || taken.has(like)) return;
        taken.add(like);
        this.#names.set(v, this.#name(like));
      });
    };
    alike(jaxpr.invars, eqn.inputs);
    alike(jaxpr.outvars, eqn.outputs);
  }
}

/** Jaxprs that occur more than once, and those of more than ten equations, each with a unique name. */
function sharedJaxprs(top: Jaxpr): Map<Jaxpr, string> {
  const counts = new Map<Jaxpr, number>(), names = new Map<Jaxpr, string>();
  const queue = [top];
  for (let jaxpr = queue.shift(); jaxpr; jaxpr = queue.shift()) {
    const count = counts.get(jaxpr) ?? 0;
    counts.set(jaxpr, count + (jaxpr !== top && jaxpr.eqns.length > 10 ? 2 : 1));
    // What is in a jaxpr that was met before is as often in the text as that jaxpr's name: once more does not matter.
    if (count > 1) continue;
    for (const { primitive, params } of jaxpr.eqns) {
      const { name } = params as { readonly name?: unknown };
      for (const inner of primitive.rules.subJaxprs?.(params) ?? []) {
        queue.push(inner);
        if (typeof name === "string" && !names.has(inner)) {
          names.set(inner, name.replace(/^[<>]+|[<>]+$/g, ""));
        }
      }
    }
  }
  const shared = new Map<Jaxpr, string>(), taken = new Map<string, number>();
  for (const [jaxpr, count] of counts) {
    if (count === 1) continue;
    const name = names.get(jaxpr) ?? "jaxpr";
    const before = taken.get(name) ?? 0;
    taken.set(name, before + 1);
    shared.set(jaxpr, before ? `${name}${before}` : name);
  }
  return shared;
}

function snake(name: string): string {
  return name.replace(/[A-Z]/g, (c) => `_${c.toLowerCase()}`);
}

/** Python's text of a parameter. */
export function paramText(value: unknown): string {
  if (value === null || value === undefined) return "None";
  if (isDType(value)) return value.name;
  switch (typeof value) {
    case "boolean":
      return value ? "True" : "False";
    case "number":
      return Number.isInteger(value) ? String(value) : pythonFloat(value);
    case "function":
      return value.name || "<lambda>";
    default:
      break;
  }
  if (Array.isArray(value)) {
    const items = value.map(paramText);
    return items.length === 1 ? `(${items[0]},)` : `(${items.join(", ")})`;
  }
  const prototype = typeof value === "object" ? Object.getPrototypeOf(value) : null;
  if (prototype === Object.prototype) {
    return `{${Object.entries(value as object).map(([k, v]) => `${snake(k)}: ${paramText(v)}`).join(", ")}}`;
  }
  return String(value);
}

/** The text of a jaxpr. */
export function jaxprText(jaxpr: Jaxpr, width = 80): string {
  return layout(new Printer(jaxpr).document(jaxpr), width);
}

setJaxprPrinter((jaxpr) => jaxprText(jaxpr));
