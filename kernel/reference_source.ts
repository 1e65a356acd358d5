/**
 * JavaScript source of a kernel for the reference backend.
 *
 * @module
 */
import type { Expr, Kernel, Param, ScalarType, Stmt, StorageType, Variable } from "./ir.ts";

/** Reads `p[k][i]` as the loaded type. */
function loadSource(storage: StorageType, element: string): string {
  if (storage === "bool") return `${element} !== 0`;
  if (storage === "f16" || storage === "bf16") return `h.${storage}FromBits(${element})`;
  return element;
}

function storeSource(storage: StorageType, value: string): string {
  if (storage === "bool") return `+${value}`;
  if (storage === "f16" || storage === "bf16") return `h.${storage}Bits(${value})`;
  return value;
}

/** Brings the exact result of integer or float arithmetic back into its type. */
function wrap(type: ScalarType, source: string): string {
  switch (type) {
    case "i32":
      return `(${source}) | 0`;
    case "u32":
      return `(${source}) >>> 0`;
    case "i64":
      return `BigInt.asIntN(64, ${source})`;
    case "u64":
      return `BigInt.asUintN(64, ${source})`;
    case "f32":
      return `Math.fround(${source})`;
    default:
      return source;
  }
}

const isBig = (type: ScalarType): boolean => type === "i64" || type === "u64";
const isFloat = (type: ScalarType): boolean => type === "f32" || type === "f64";

function binarySource(op: string, type: ScalarType, a: string, b: string): string {
  const big = isBig(type), zero = big ? "0n" : "0";
  if (type === "bool") {
    if (op === "xor" || op === "sub") return `${a} !== ${b}`;
    return op === "and" || op === "min" || op === "mul" ? `${a} && ${b}` : `${a} || ${b}`;
  }
  switch (op) {
    case "add":
      return wrap(type, `${a} + ${b}`);
    case "sub":
      return wrap(type, `${a} - ${b}`);
    case "mul":
      return wrap(type, type === "i32" || type === "u32" ? `Math.imul(${a}, ${b})` : `${a} * ${b}`);
    case "div":
      if (isFloat(type)) return wrap(type, `${a} / ${b}`);
      return wrap(type, `${b} === ${zero} ? ${big ? "-1n" : "-1"} : ${big ? "" : "Math.trunc"}(${a} / ${b})`);
    case "rem":
      return isFloat(type) ? `${a} % ${b}` : wrap(type, `${b} === ${zero} ? ${a} : ${a} % ${b}`);
    case "min":
    case "max":
      if (!big) return `Math.${op}(${a}, ${b})`;
      return `${a} ${op === "min" ? "<" : ">"} ${b} ? ${a} : ${b}`;
    case "and":
      return wrap(type, `${a} & ${b}`);
    case "or":
      return wrap(type, `${a} | ${b}`);
    case "xor":
      return wrap(type, `${a} ^ ${b}`);
    case "shl":
      return wrap(type, `${b} < ${zero} || ${b} >= ${big ? "64n" : "32"} ? ${zero} : ${a} << ${b}`);
    case "shr": {
      const shift = type === "u32" ? `${a} >>> ${b}` : `${a} >> ${b}`;
      const outside = type === "i32" ? `${a} >> 31` : type === "i64" ? `${a} >> 63n` : zero;
      return wrap(type, `${b} < ${zero} || ${b} >= ${big ? "64n" : "32"} ? ${outside} : ${shift}`);
    }
    case "copysign":
      return `h.copysign(${a}, ${b})`;
    default:
      throw new Error(`reference: no operation ${op}`);
  }
}

function unarySource(e: Expr, x: string): string {
  const type = e.type;
  switch (e.op) {
    case "neg":
      return isFloat(type) ? `-${x}` : wrap(type, `-${x}`);
    case "abs":
      return isFloat(type)
        ? `Math.abs(${x})`
        : wrap(type, `${x} < ${isBig(type) ? "0n" : "0"} ? -${x} : ${x}`);
    case "sqrt":
      return wrap(type, `Math.sqrt(${x})`);
    case "floor":
    case "ceil":
    case "trunc":
      return `Math.${e.op}(${x})`;
    case "nearest":
      return `h.nearest(${x})`;
    case "not":
      return type === "bool" ? `!${x}` : wrap(type, `~${x}`);
    case "clz":
      return isBig(type) ? `h.clzBig(BigInt.asUintN(64, ${x}))` : `Math.clz32(${x})`;
    case "popcnt":
      return isBig(type) ? `h.popcountBig(BigInt.asUintN(64, ${x}))` : `h.popcount(${x})`;
    case "convert":
      return convertSource(e.args[0]!.type, type, x);
    case "bitcast":
      return `h.bitcast("${e.args[0]!.type}", "${type}", ${x})`;
    case "narrow":
      return narrowSource(e.attr as StorageType, x);
    default:
      throw new Error(`reference: no operation ${e.op}`);
  }
}

function convertSource(from: ScalarType, to: ScalarType, x: string): string {
  if (to === "bool") return `${x} !== ${isBig(from) ? "0n" : from === "bool" ? "false" : "0"}`;
  if (isFloat(to)) {
    if (isBig(from)) return to === "f32" ? `h.bigToF32(${x})` : `Number(${x})`;
    return wrap(to, `+${x}`);
  }
  if (isFloat(from)) {
    switch (to) {
      case "i32":
        return `h.saturate(${x}, -2147483648, 2147483647)`;
      case "u32":
        return `h.saturate(${x}, 0, 4294967295)`;
      case "i64":
        return `h.saturateBig(${x}, -9223372036854775808n, 9223372036854775807n)`;
      default:
        return `h.saturateBig(${x}, 0n, 18446744073709551615n)`;
    }
  }
  if (isBig(to)) return wrap(to, isBig(from) ? x : `BigInt(${x})`);
  return isBig(from) ? `Number(BigInt.as${to === "i32" ? "Int" : "Uint"}N(32, ${x}))` : wrap(to, `+${x}`);
}

function narrowSource(storage: StorageType, x: string): string {
  switch (storage) {
    case "i8":
      return `${x} << 24 >> 24`;
    case "i16":
      return `${x} << 16 >> 16`;
    case "u8":
      return `${x} & 255`;
    case "u16":
      return `${x} & 65535`;
    case "f16":
    case "bf16":
      return `h.${storage}FromBits(h.${storage}Bits(${x}))`;
    default:
      return x;
  }
}

const compareOps: Readonly<Record<string, string>> = {
  eq: "===",
  ne: "!==",
  lt: "<",
  le: "<=",
  gt: ">",
  ge: ">=",
};

/** Writes statements; every expression node becomes a constant of the innermost block that needs it. */
class Writer {
  readonly #params: Map<Param, number>;
  readonly lines: string[] = [];
  #known = new Map<Expr, string>();
  #next = 0;

  constructor(params: readonly Param[]) {
    this.#params = new Map(params.map((param, i) => [param, i]));
  }

  #scoped(body: () => void): void {
    const outer = this.#known;
    this.#known = new Map(outer);
    body();
    this.#known = outer;
  }

  /** Name of the value of an expression, computed by lines before. Values live for one statement. */
  #value(e: Expr): string {
    if (e.op === "const") {
      if (typeof e.attr === "bigint") return e.attr < 0n ? `(${e.attr}n)` : `${e.attr}n`;
      if (typeof e.attr === "number" && (e.attr < 0 || Object.is(e.attr, -0))) {
        return Object.is(e.attr, -0) ? "(-0)" : `(${e.attr})`;
      }
      return String(e.attr);
    }
    if (e.op === "var") return `v${(e.attr as Variable).id}`;
    const known = this.#known.get(e);
    if (known !== undefined) return known;
    const name = `t${this.#next++}`;
    if (e.op === "branch") {
      const condition = this.#value(e.args[0]!);
      this.lines.push(`let ${name}; if (${condition}) {`);
      this.#scoped(() => this.lines.push(`${name} = ${this.#value(e.args[1]!)};`));
      this.lines.push("} else {");
      this.#scoped(() => this.lines.push(`${name} = ${this.#value(e.args[2]!)};`));
      this.lines.push("}");
    } else {
      const args = e.args.map((x) => this.#value(x));
      this.lines.push(`const ${name} = ${this.#operation(e, args)};`);
    }
    this.#known.set(e, name);
    return name;
  }

  #operation(e: Expr, args: readonly string[]): string {
    const [a, b, c] = args as [string, string, string];
    if (e.op === "load") {
      const param = e.attr as Param;
      const element = `p[${this.#params.get(param)}][${a}]`;
      return `(h.check(${a}, ${param.size}), ${loadSource(param.storage, element)})`;
    }
    if (e.op in compareOps) return `${a} ${compareOps[e.op]} ${b}`;
    if (e.op === "select") return `${a} ? ${b} : ${c}`;
    if (e.op === "madd") return wrap(e.type, `${a} * ${b} + ${c}`);
    return args.length === 2 ? binarySource(e.op, e.type, a, b) : unarySource(e, a);
  }

  /** Expressions of one statement share values; none survives it, since stores may change what loads give. */
  #statement(write: () => void): void {
    this.#known = new Map();
    write();
  }

  statements(stmts: readonly Stmt[]): void {
    for (const stmt of stmts) this.#statement(() => this.#write(stmt));
  }

  #block(stmts: readonly Stmt[]): void {
    this.statements(stmts);
    this.lines.push("}");
  }

  #write(stmt: Stmt): void {
    switch (stmt.kind) {
      case "let":
        this.lines.push(`let v${stmt.variable.id}; {`);
        this.lines.push(`v${stmt.variable.id} = ${this.#value(stmt.value)}; }`);
        return;
      case "assign":
        this.lines.push("{");
        this.lines.push(`v${stmt.variable.id} = ${this.#value(stmt.value)}; }`);
        return;
      case "store": {
        this.lines.push("{");
        const at = this.#value(stmt.index), value = this.#value(stmt.value);
        this.lines.push(`h.check(${at}, ${stmt.param.size});`);
        this.lines.push(
          `p[${this.#params.get(stmt.param)}][${at}] = ${storeSource(stmt.param.storage, value)}; }`,
        );
        return;
      }
      case "for": {
        const v = `v${stmt.variable.id}`;
        this.lines.push("{");
        const lo = this.#value(stmt.lo), hi = this.#value(stmt.hi);
        this.lines.push(`for (let ${v} = ${lo}; ${v} < ${hi}; ${v}++) {`);
        this.#block(stmt.body);
        this.lines.push("}");
        return;
      }
      case "reduce":
        return this.#reduce(stmt);
      case "while":
        this.lines.push("for (;;) {");
        this.lines.push(`if (!${this.#value(stmt.condition)}) break;`);
        return this.#block(stmt.body);
      case "if":
        this.lines.push("{");
        this.lines.push(`if (${this.#value(stmt.condition)}) {`);
        this.#block(stmt.then);
        this.lines.push("else {");
        this.#block(stmt.else);
        this.lines.push("}");
    }
  }

  /** Float sums keep 16 partial ones, as the vector code does; other reductions run in order. */
  #reduce(stmt: Extract<Stmt, { kind: "reduce" }>): void {
    const v = `v${stmt.variable.id}`, acc = `v${stmt.accumulator.id}`, type = stmt.accumulator.type;
    const partial = stmt.monoid === "add" && isFloat(type);
    const combine = (a: string, b: string): string => binarySource(stmt.monoid, type, a, b);
    this.lines.push(`{ const part = new Float64Array(16);`);
    this.lines.push(`for (let ${v} = 0; ${v} < ${stmt.extent}; ${v}++) {`);
    const value = this.#value(stmt.value);
    this.lines.push(
      partial
        ? `part[${v} & 15] = ${combine(`part[${v} & 15]`, value)}; }`
        : `${acc} = ${combine(acc, value)}; }`,
    );
    if (partial) this.lines.push(`for (const x of part) ${acc} = ${combine(acc, "x")};`);
    this.lines.push("}");
  }
}

/** Source of a function body of `p` (views), `lo` and `hi` (iterations of the range), `h` (helpers). */
export function kernelSource(kernel: Kernel): string {
  const writer = new Writer(kernel.params);
  if (kernel.range) {
    writer.lines.push(
      `for (let v${kernel.range.variable.id} = lo; v${kernel.range.variable.id} < hi; v${kernel.range.variable.id}++) {`,
    );
  }
  writer.statements(kernel.body);
  if (kernel.range) writer.lines.push("}");
  return `"use strict";\n${writer.lines.join("\n")}`;
}
