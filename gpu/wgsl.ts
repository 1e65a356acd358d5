/**
 * Kernels as WGSL compute shaders.
 *
 * @module
 */
import { NotImplementedError } from "../core/errors.ts";
import type { Expr, Kernel, Param, ScalarType, Stmt, Variable } from "../kernel/ir.ts";
import { constantText, convertText, narrowText, operations, scalarTypes } from "./_wgsl_ops.ts";
import {
  type Binding,
  bindParams,
  type BoundParam,
  dtypeNames,
  gridOf,
  type Shader,
  shaderText,
} from "./shader.ts";

/** Invocations of a workgroup. */
const workgroup = 64;
/** Longer expressions are named. */
const maxInline = 100;
/** Terms of a float sum that are added up before the sum goes into the next level. */
const sumFan = 32;

/** What can be rearranged with its operands, or with its consumers. */
const arithmetic = new Set(["add", "sub", "mul", "div", "madd"]);
const comparison = new Set(["eq", "ne", "lt", "le", "gt", "ge"]);
class Writer {
  readonly lines: string[] = [];
  readonly #kernel: Kernel;
  readonly #bindings: ReadonlyMap<Param, BoundParam>;
  readonly #names = new Map<Variable, string>();
  readonly #counts: Record<string, number> = {};
  #known = new Map<Expr, string>();
  #uses = new Map<Expr, number>();
  #depth = 1;

  constructor(kernel: Kernel, bindings: ReadonlyMap<Param, BoundParam>) {
    this.#kernel = kernel;
    this.#bindings = bindings;
  }

  #line(text: string): void {
    this.lines.push("  ".repeat(this.#depth) + text);
  }

  #fresh(prefix: string): string {
    const n = this.#counts[prefix] = (this.#counts[prefix] ?? -1) + 1;
    return `${prefix}${n}`;
  }

  name(variable: Variable, prefix: string): string {
    let name = this.#names.get(variable);
    if (name === undefined) this.#names.set(variable, name = this.#fresh(prefix));
    return name;
  }

  /** The name of a type; raises for one that does not exist here. */
  #type(type: ScalarType): string {
    const name = scalarTypes[type];
    if (name !== undefined) return name;
    throw new NotImplementedError(
      `${this.#kernel.name} computes in ${
        dtypeNames[type]
      }, which GPUs do not have in WebGPU. Cast its arguments to a 32-bit dtype, or run it on the CPU: ` +
        `devicePut(x, "cpu")`,
    );
  }

  #scoped(body: () => void): void {
    const outer = this.#known;
    this.#known = new Map(outer);
    this.#depth++;
    body();
    this.#depth--;
    this.#known = outer;
  }

  /** The value of an expression: a name, a constant, or an expression in parentheses. */
  #value(e: Expr): string {
    if (e.op === "const") return this.#type(e.type) && constantText(e);
    if (e.op === "var") return this.name(e.attr as Variable, "v");
    const known = this.#known.get(e);
    if (known !== undefined) return known;
    if (e.op === "branch") return this.#branch(e);
    const text = this.#operation(e), several = this.#uses.get(e)! > 1;
    if (!several && text.length <= maxInline) return text;
    const name = this.#fresh("t");
    this.#line(`let ${name} = ${this.#fixed(e, text)};`);
    this.#known.set(e, name);
    return name;
  }

  #branch(e: Expr): string {
    const [condition, yes, no] = e.args as [Expr, Expr, Expr], test = this.#value(condition);
    const name = this.#fresh("t");
    this.#line(`var ${name}: ${this.#type(e.type)};`);
    this.#line(`if (${bare(test)}) {`);
    this.#scoped(() => this.#line(`${name} = ${bare(this.#value(yes))};`));
    this.#line("} else {");
    this.#scoped(() => this.#line(`${name} = ${bare(this.#value(no))};`));
    this.#line("}");
    this.#known.set(e, name);
    return name;
  }

  /** The result of float arithmetic as it was computed, so that nothing can be rearranged with it. */
  #fixed(e: Expr, text: string): string {
    return e.type === "f32" && arithmetic.has(e.op) ? `exact(${bare(text)})` : bare(text);
  }

  /** An operand of float arithmetic or of a float comparison. */
  #operand(consumer: Expr, position: number): string {
    const e = consumer.args[position]!, { op } = consumer;
    const text = this.#value(e);
    if (e.op === "const") {
      // x + 0, x·0: not x and 0 for all x.
      const isZero = e.attr === 0 && arithmetic.has(op) && !(op === "madd" && position === 2);
      return isZero ? `hidden(${bare(text)})` : text;
    }
    if (!arithmetic.has(e.op) || this.#known.has(e)) return text;
    // Horner's rule: products of sums are left alone.
    const factor = op === "mul" || op === "madd" && position < 2;
    return factor && e.op !== "mul" && e.op !== "div" ? text : `exact(${bare(text)})`;
  }

  #operation(e: Expr): string {
    const { op, args } = e, type = args[args.length === 3 && op !== "madd" ? 1 : 0]!.type;
    if (op === "load") return this.#load(e);
    if (op === "select") return this.#select(e);
    this.#type(type);
    this.#type(e.type);
    const exacting = type === "f32" && (arithmetic.has(op) || comparison.has(op) || op === "sqrt");
    const texts = args.map((x, i) => exacting ? this.#operand(e, i) : this.#value(x));
    if (args.every((x) => x.op === "const")) texts[0] = hiddenText(type, texts[0]!);
    const [a] = texts as [string];
    if (op === "convert") return convertText(type, e.type, a);
    if (op === "bitcast") return `bitcast<${scalarTypes[e.type]}>(${bare(a)})`;
    if (op === "narrow") return narrowText(e.attr as Param["storage"], type, a);
    const render = operations[type]?.[op];
    if (render === undefined) throw new Error(`WGSL: no operation ${op} of ${type}`);
    return (type === "f32" ? floatCase(e, texts) : integerCase(e, texts)) ?? render(...texts);
  }

  /** A value that does not change any more. */
  #settled(e: Expr): string {
    const text = this.#value(e);
    if (e.op === "const" || e.op === "var" && !(e.attr as Variable).mutable) return text;
    const name = this.#fresh("t");
    this.#line(`let ${name} = ${bare(text)};`);
    return name;
  }

  #select(e: Expr): string {
    const [condition, yes, no] = e.args as [Expr, Expr, Expr];
    this.#type(e.type);
    let test = this.#value(condition);
    const [x, y] = condition.args;
    const isExtremum = comparison.has(condition.op) && x!.type === "f32" &&
      (x === yes && y === no || x === no && y === yes);
    if (isExtremum && !this.#known.has(condition)) {
      // Left alone it would become a minimum or maximum, which treats NaN otherwise.
      const texts = condition.args.map((arg) => this.#value(arg));
      test = operations.f32![condition.op]!(`hidden(${bare(texts[0]!)})`, texts[1]!);
    }
    return `select(${bare(this.#value(no))}, ${bare(this.#value(yes))}, ${bare(test)})`;
  }

  #element(param: Param, index: Expr): string {
    const { binding, moves, offset } = this.#bindings.get(param)!, at = bare(this.#value(index));
    return moves ? `b${binding}[o${offset} + ${this.#value(index)}]` : `b${binding}[${at}]`;
  }

  #load(e: Expr): string {
    const param = e.attr as Param;
    this.#type(e.type);
    const element = this.#element(param, e.args[0]!);
    return param.storage === "bool" ? `(${element} != 0u)` : element;
  }

  /** Expressions of one statement share values; none survives it, since stores may change what loads give. */
  #statement(exprs: readonly Expr[]): void {
    this.#known = new Map();
    const uses = this.#uses = new Map<Expr, number>(), stack = [...exprs];
    for (let e = stack.pop(); e !== undefined; e = stack.pop()) {
      const n = uses.get(e) ?? 0;
      uses.set(e, n + 1);
      if (n === 0) stack.push(...e.args);
    }
  }

  #block(stmts: readonly Stmt[]): void {
    this.#depth++;
    this.statements(stmts);
    this.#depth--;
    this.#line("}");
  }

  statements(stmts: readonly Stmt[]): void {
    for (const stmt of stmts) this.#write(stmt);
  }

  #write(stmt: Stmt): void {
    switch (stmt.kind) {
      case "let": {
        this.#statement([stmt.value]);
        const { mutable } = stmt.variable, text = this.#fixed(stmt.value, this.#value(stmt.value));
        const name = this.name(stmt.variable, mutable ? "m" : "v");
        return this.#line(`${mutable ? "var" : "let"} ${name} = ${text};`);
      }
      case "assign": {
        this.#statement([stmt.value]);
        const { value, variable } = stmt, text = this.#value(value);
        const accumulates = value.args.some((x) => x.op === "var" && x.attr === variable);
        const name = this.name(variable, "m");
        return this.#line(`${name} = ${accumulates ? bare(text) : this.#fixed(value, text)};`);
      }
      case "store":
        return this.#store(stmt);
      case "for": {
        this.#statement([stmt.lo, stmt.hi]);
        const lo = this.#value(stmt.lo), hi = this.#settled(stmt.hi), i = this.name(stmt.variable, "i");
        this.#line(`for (var ${i} = ${bare(lo)}; ${i} < ${hi}; ${i}++) {`);
        return this.#block(stmt.body);
      }
      case "reduce":
        return this.#reduce(stmt);
      case "while":
        this.#line("loop {");
        this.#depth++;
        this.#statement([stmt.condition]);
        // The condition's negation may not become another comparison, which NaN would fail too.
        this.#line(`if (inverse(${bare(this.#value(stmt.condition))})) { break; }`);
        this.#depth--;
        return this.#block(stmt.body);
      case "if":
        this.#statement([stmt.condition]);
        this.#line(`if (${bare(this.#value(stmt.condition))}) {`);
        if (stmt.else.length === 0) return this.#block(stmt.then);
        this.#depth++;
        this.statements(stmt.then);
        this.#depth--;
        this.#line("} else {");
        this.#block(stmt.else);
    }
  }

  #store({ param, index, value }: Extract<Stmt, { kind: "store" }>): void {
    this.#statement([index, value]);
    const { storage } = param;
    const isNarrow = (value.op === "narrow" && value.attr === storage) ||
      (value.op === "load" && (value.attr as Param).storage === storage);
    const element = this.#element(param, index), text = this.#value(value);
    const stored = isNarrow ? text : narrowText(storage, value.type, text);
    this.#line(`${element} = ${storage === "bool" ? `select(0u, 1u, ${bare(stored)})` : bare(stored)};`);
  }

  /** Float sums add up some terms, then some of those sums, and so on; other reductions run in order. */
  #reduce({ variable, extent, monoid, accumulator, value }: Extract<Stmt, { kind: "reduce" }>): void {
    this.#statement([value]);
    const type = accumulator.type, total = this.name(accumulator, "m"), i = this.name(variable, "i");
    const combine = (a: string, b: string): string => bare(operations[type]![monoid]!(a, b));
    const body = (sum: string, lo: string, hi: string): void => {
      this.#line(`for (var ${i} = ${lo}; ${i} < ${hi}; ${i}++) {`);
      this.#depth++;
      this.#line(`${sum} = ${combine(sum, this.#value(value))};`);
      this.#depth--;
      this.#line("}");
    };
    if (type !== "f32" || monoid !== "add" || extent <= sumFan) return body(total, "0", String(extent));
    const level = (sum: string, lo: string, hi: string, size: number): void => {
      if (size <= sumFan) return body(sum, lo, hi);
      const step = sumFan ** Math.ceil(Math.log(size) / Math.log(sumFan) - 1 - 1e-9);
      const at = this.#fresh("r"), end = this.#fresh("r"), part = this.#fresh("s");
      this.#line(`for (var ${at} = ${lo}; ${at} < ${hi}; ${at} += ${step}) {`);
      this.#depth++;
      this.#line(`let ${end} = min(${at} + ${step}, ${hi});`);
      this.#line(`var ${part} = 0.0f;`);
      level(part, at, end, step);
      this.#line(`${sum} = ${combine(sum, part)};`);
      this.#depth--;
      this.#line("}");
    };
    level(total, "0", String(extent), extent);
  }
}

/** Float operations that need more care for some operands. */
function floatCase({ op, args }: Expr, texts: readonly string[]): string | undefined {
  const [x, y] = args as [Expr, Expr | undefined], [a, b] = texts as [string, string];
  if (y === undefined) return undefined;
  if (x === y && op === "eq") return `(!is_nan(${bare(a)}))`;
  if (x === y && op === "ne") return `is_nan(${bare(a)})`;
  // x - x, x / x and x + (-x) are not 0, 1 and 0 for all x.
  const cancels = x === y || x.op === "neg" && x.args[0] === y || y.op === "neg" && y.args[0] === x;
  if (!cancels || op !== "sub" && op !== "div" && op !== "add") return undefined;
  return operations.f32![op]!(`hidden(${bare(a)})`, b);
}

/** Integer operations that are simpler for some operands. */
function integerCase({ op, type, args }: Expr, texts: readonly string[]): string | undefined {
  const [x, y] = args as [Expr, Expr | undefined], [a, b] = texts as [string, string];
  if (op === "not" && type === "bool" && isIntegerTest(x)) return `(!${a})`;
  if (y?.op !== "const") return undefined;
  const count = Number(y.attr);
  if ((op === "div" || op === "rem") && count > 0) return `(${a} ${op === "div" ? "/" : "%"} ${b})`;
  if ((op === "shl" || op === "shr") && count >= 0 && count < 32) {
    return `(${a} ${op === "shl" ? "<<" : ">>"} ${count}u)`;
  }
  return undefined;
}

/** Whether a boolean was not made by comparing floats, so that its negation is a plain one. */
function isIntegerTest(e: Expr): boolean {
  return e.op === "var" || e.op === "load" || comparison.has(e.op) && e.args[0]!.type !== "f32";
}

/** A constant that the compiler of the shader does not fold, and so does not refuse either. */
function hiddenText(type: ScalarType, text: string): string {
  switch (type) {
    case "f32":
      return `hidden(${bare(text)})`;
    case "bool":
      return `(${text} != (zero != 0u))`;
    default:
      return `(${text} | ${type === "u32" ? "zero" : "i32(zero)"})`;
  }
}

/** Without the parentheses around the whole. */
function bare(text: string): string {
  if (!text.startsWith("(")) return text;
  let depth = 0;
  for (let i = 0; i < text.length; i++) {
    if (text[i] === "(") depth++;
    else if (text[i] === ")" && --depth === 0) return i === text.length - 1 ? text.slice(1, -1) : text;
  }
  return text;
}

/** The compute shader of a kernel: one invocation for each iteration of its range, or a single one. */
export function kernelShader(kernel: Kernel, given: readonly Binding[]): Shader {
  const bound = bindParams(kernel, given), writer = new Writer(kernel, bound.bindings);
  const { range } = kernel, body: string[] = [];
  let groups: [number, number] = [1, 1];
  if (range !== null) {
    groups = gridOf(range.extent, workgroup);
    const i = writer.name(range.variable, "i");
    const number = groups[1] === 1 ? "group.x" : `(group.y * ${groups[0]}u + group.x)`;
    body.push(`  let ${i} = i32(${number} * ${workgroup}u + lane);`);
    if (range.extent !== groups[0] * groups[1] * workgroup) {
      body.push(`  if (${i} >= ${range.extent}) { return; }`);
    }
  }
  writer.statements(kernel.body);
  const builtins = "@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) lane: u32";
  const head = `@compute @workgroup_size(${range === null ? 1 : workgroup})\nfn main(${builtins}) {`;
  const text = shaderText(bound, [], head, [...body, ...writer.lines]);
  return { text, writes: bound.writes, groups, moving: bound.moving };
}
