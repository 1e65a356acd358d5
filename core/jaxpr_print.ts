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

class Printer {
  #names = new Map<Var, string>();
  #count = 0;
  #used: Set<Var>;

  constructor(jaxpr: Jaxpr) {
    this.#used = usedVars(jaxpr);
  }

  #fresh(): string {
    let n = this.#count++, name = "";
    do {
      name = String.fromCharCode(97 + n % 26) + name;
      n = Math.floor(n / 26) - 1;
    } while (n >= 0);
    return name;
  }

  name(v: Var): string {
    let name = this.#names.get(v);
    if (name === undefined) this.#names.set(v, name = this.#fresh());
    return name;
  }

  #binder(v: Var): string {
    return `${this.#used.has(v) ? this.name(v) : "_"}:${v.aval.short()}`;
  }

  #atom(a: Atom): string {
    return a instanceof Literal
      ? `${literalText(a.value, a.aval.dtype.kind)}:${a.aval.short()}`
      : this.name(a);
  }

  jaxpr(jaxpr: Jaxpr): Doc {
    const consts = jaxpr.constvars.map((v) => `${this.name(v)}:${v.aval.short()}`).join(" ");
    const inputs = jaxpr.invars.map((v) => `${this.name(v)}:${v.aval.short()}`).join(" ");
    const head = `{ lambda ${consts}; ${inputs}. let`;
    const eqns = jaxpr.eqns.map((eqn) => this.#eqn(eqn));
    const outs = jaxpr.outvars.map((a) => this.#atom(a));
    const tail = `in (${outs.join(", ")}${outs.length === 1 ? "," : ""}) }`;
    if (eqns.length === 0) return `${head}  ${tail}`;
    return group([head, nest(4, [space, join(semicolon, eqns)]), nest(2, [space, tail])]);
  }

  #eqn(eqn: Eqn): Doc {
    const outs = eqn.outputs.map((v) => this.#binder(v)).join(" ");
    const { printParams } = eqn.primitive.rules;
    const params: Record<string, unknown> = printParams
      ? printParams(eqn.params, eqn.inputs.map((a) => a.aval))
      : eqn.params;
    const names = Object.keys(params);
    names.sort((a, b) =>
      eqn.primitive === P.jit && (a === "name" || b === "name") ? (a === "name" ? -1 : 1) : a < b ? -1 : 1
    );
    const inputs = eqn.inputs.map((a) => this.#atom(a)).join(" ");
    const shown = names.map((k): Doc => [`${snake(k)}=`, this.#value(params[k], eqn)]);
    const list: Doc = shown.length ? ["[", nest(2, [nothing, join(space, shown)]), nothing, "]"] : "";
    return [outs ? `${outs} = ` : "", eqn.primitive.name, group(list), ` ${inputs}`];
  }

  #value(value: unknown, eqn: Eqn): Doc {
    if (value instanceof ClosedJaxpr) return this.#inner(value.jaxpr, eqn);
    if (value instanceof Jaxpr) {
      for (const v of usedVars(value)) this.#used.add(v);
      return this.#inner(value, eqn);
    }
    if (Array.isArray(value) && value.length && value.every((x) => x instanceof ClosedJaxpr)) {
      return group([
        "(",
        nest(2, [nothing, join(space, value.map((x) => this.jaxpr((x as ClosedJaxpr).jaxpr)))]),
        nothing,
        ")",
      ]);
    }
    return paramText(value);
  }

  /** The jaxpr of a call: its variables take the names of the values at the call. */
  #inner(jaxpr: Jaxpr, eqn: Eqn): Doc {
    if (eqn.primitive !== P.jit) return this.jaxpr(jaxpr);
    // Each call shows the jaxpr anew, also where the same one was shown before.
    for (const v of allVars(jaxpr)) this.#names.delete(v);
    jaxpr.invars.forEach((v, i) => {
      const outer = eqn.inputs[i];
      if (outer instanceof Var) this.#names.set(v, this.name(outer));
      else this.name(v);
    });
    jaxpr.outvars.forEach((a, i) => {
      const outer = eqn.outputs[i]!;
      if (a instanceof Var && !this.#names.has(a) && this.#used.has(outer)) {
        this.#names.set(a, this.name(outer));
      }
    });
    return this.jaxpr(jaxpr);
  }
}

function allVars(jaxpr: Jaxpr): Var[] {
  return [...jaxpr.constvars, ...jaxpr.invars, ...jaxpr.eqns.flatMap((eqn) => [...eqn.outputs])];
}

/** Every variable that something reads, at any depth. */
function usedVars(jaxpr: Jaxpr): Set<Var> {
  const used = new Set<Var>(), seen = new Set<Jaxpr>();
  const visit = (j: Jaxpr): void => {
    if (seen.has(j)) return;
    seen.add(j);
    for (const a of j.outvars) if (a instanceof Var) used.add(a);
    for (const eqn of j.eqns) {
      for (const a of eqn.inputs) if (a instanceof Var) used.add(a);
      eqn.primitive.rules.subJaxprs?.(eqn.params).forEach(visit);
    }
  };
  visit(jaxpr);
  return used;
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
  return layout(new Printer(jaxpr).jaxpr(jaxpr), width);
}

setJaxprPrinter((jaxpr) => jaxprText(jaxpr));
