/**
 * Readable text of programs and kernels.
 *
 * @module
 */
import type { BufferRef, Expr, Kernel, Param, Program, Step, Stmt, Variable } from "./ir.ts";

const infix: Readonly<Record<string, string>> = {
  add: "+",
  sub: "-",
  mul: "*",
  div: "/",
  rem: "%",
  and: "&",
  or: "|",
  xor: "^",
  shl: "<<",
  shr: ">>",
  eq: "==",
  ne: "!=",
  lt: "<",
  le: "<=",
  gt: ">",
  ge: ">=",
};

const indent = "  ";

class KernelPrinter {
  readonly #lines: string[] = [];
  readonly #names = new Map<Variable | Param, string>();
  readonly #counts: Record<string, number> = {};
  #depth = 1;

  constructor(kernel: Kernel) {
    kernel.params.forEach((p, i) => this.#names.set(p, `p${i}`));
  }

  #fresh(prefix: string): string {
    const n = this.#counts[prefix] = (this.#counts[prefix] ?? -1) + 1;
    return `${prefix}${n}`;
  }

  #name(v: Variable | Param, prefix = "v"): string {
    let name = this.#names.get(v);
    if (name === undefined) this.#names.set(v, name = this.#fresh(prefix));
    return name;
  }

  #line(text: string): void {
    this.#lines.push(indent.repeat(this.#depth) + text);
  }

  /** Names the operations that occur more than once in a statement's expressions, then gives their texts. */
  #texts(exprs: readonly Expr[]): string[] {
    const uses = new Map<Expr, number>(), order: Expr[] = [];
    const visit = (e: Expr): void => {
      if (e.op === "const" || e.op === "var") return;
      const n = uses.get(e) ?? 0;
      uses.set(e, n + 1);
      if (n > 0) return;
      e.args.forEach(visit);
      order.push(e);
    };
    exprs.forEach(visit);
    const named = new Map<Expr, string>();
    for (const e of order) {
      if (uses.get(e)! < 2) continue;
      const text = this.#expr(e, named), name = this.#fresh("t");
      this.#line(`${name} = ${text}`);
      named.set(e, name);
    }
    return exprs.map((e) => this.#expr(e, named));
  }

  #expr(e: Expr, named: ReadonlyMap<Expr, string>): string {
    const known = named.get(e);
    if (known !== undefined) return known;
    if (e.op === "const") return constantText(e);
    if (e.op === "var") return this.#name(e.attr as Variable);
    const args = e.args.map((a) => this.#expr(a, named));
    if (e.op === "load") return `${this.#name(e.attr as Param)}[${bare(args[0]!)}]`;
    const op = infix[e.op];
    if (op !== undefined && args.length === 2) return `(${args[0]} ${op} ${args[1]})`;
    const list = args.map(bare).join(", ");
    if (e.op === "convert" || e.op === "bitcast") {
      return `${e.op === "convert" ? "" : "bitcast_"}${e.type}(${list})`;
    }
    return e.op === "narrow" ? `narrow_${e.attr}(${list})` : `${e.op}(${list})`;
  }

  block(stmts: readonly Stmt[]): void {
    this.#depth++;
    for (const stmt of stmts) this.#stmt(stmt);
    this.#depth--;
  }

  #stmt(stmt: Stmt): void {
    switch (stmt.kind) {
      case "let": {
        const [value] = this.#texts([stmt.value]);
        const name = this.#name(stmt.variable, stmt.variable.mutable ? "m" : "v");
        return this.#line(`${stmt.variable.mutable ? "var" : "let"} ${name} = ${bare(value!)}`);
      }
      case "assign": {
        const [value] = this.#texts([stmt.value]);
        return this.#line(`${this.#name(stmt.variable)} = ${bare(value!)}`);
      }
      case "store": {
        const [at, value] = this.#texts([stmt.index, stmt.value]);
        return this.#line(`${this.#name(stmt.param)}[${bare(at!)}] = ${bare(value!)}`);
      }
      case "for": {
        const [lo, hi] = this.#texts([stmt.lo, stmt.hi]);
        const name = this.#name(stmt.variable, "i");
        this.#line(`for ${name} in ${lo}..${hi}${stmt.independent ? " independent" : ""}`);
        return this.block(stmt.body);
      }
      case "reduce": {
        const name = this.#name(stmt.variable, "i"), accumulator = this.#name(stmt.accumulator);
        this.#line(`reduce ${stmt.monoid} ${accumulator}, ${name} in 0..${stmt.extent}`);
        this.#depth++;
        const [value] = this.#texts([stmt.value]);
        this.#line(bare(value!));
        this.#depth--;
        return;
      }
      case "while": {
        const [condition] = this.#texts([stmt.condition]);
        this.#line(`while ${bare(condition!)}`);
        return this.block(stmt.body);
      }
      case "if": {
        const [condition] = this.#texts([stmt.condition]);
        this.#line(`if ${bare(condition!)}`);
        this.block(stmt.then);
        if (stmt.else.length === 0) return;
        this.#line("else");
        this.block(stmt.else);
      }
    }
  }

  text(kernel: Kernel): string {
    const params = kernel.params.map((p, i) => `p${i}: ${p.storage}[${p.size}]`).join(", ");
    if (kernel.range === null) {
      this.#depth = 0;
      this.block(kernel.body);
    } else {
      this.#line(`range ${this.#name(kernel.range.variable, "i")} in 0..${kernel.range.extent}`);
      this.block(kernel.body);
    }
    return [`kernel ${kernel.name}(${params})`, ...this.#lines].join("\n");
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

function constantText(e: Expr): string {
  if (typeof e.attr === "bigint") return `${e.attr}n`;
  if (Object.is(e.attr, -0)) return "-0.0";
  const float = e.type === "f32" || e.type === "f64";
  return float && Number.isInteger(e.attr) ? `${e.attr}.0` : String(e.attr);
}

/** Text of a kernel: parameters, loops and statements. Operations that a statement uses twice are named. */
export function kernelText(kernel: Kernel): string {
  return new KernelPrinter(kernel).text(kernel);
}

function refText(ref: BufferRef): string {
  let at = ref.offset === 0 ? "" : `+${ref.offset}`;
  for (const { counter, stride } of ref.loops) at += `+c${counter}*${stride}`;
  return `b${ref.buffer}${at}`;
}

/** Text of a program: its buffers, its steps in order, then each distinct kernel. */
export function programText(program: Program): string {
  const lines: string[] = [], kernels: Kernel[] = [];
  const list = (numbers: readonly number[]): string => numbers.map((n) => `b${n}`).join(", ");
  lines.push(
    `program (${list(program.inputs)}) -> (${list(program.outputs)}), arena ${program.arenaBytes} bytes`,
  );
  program.buffers.forEach(({ role, storage, bytes, offset }, i) => {
    lines.push(`  b${i}: ${role} ${storage} ${bytes} bytes${role === "temp" ? ` at ${offset}` : ""}`);
  });
  const steps = (body: readonly Step[], depth: number): void => {
    const line = (text: string): void => void lines.push(indent.repeat(depth) + text);
    for (const step of body) {
      switch (step.kind) {
        case "kernel": {
          let number = kernels.indexOf(step.kernel);
          if (number < 0) number = kernels.push(step.kernel) - 1;
          line(`k${number} ${step.kernel.name}(${step.args.map(refText).join(", ")})`);
          break;
        }
        case "copy":
          line(`copy ${refText(step.from)} -> ${refText(step.to)}, ${step.bytes} bytes`);
          break;
        case "loop":
          line(`loop c${step.counter} in 0..${step.count}${step.reverse ? " reverse" : ""}`);
          steps(step.body, depth + 1);
          break;
        case "while":
          line("while");
          steps(step.condition, depth + 1);
          line(`test ${refText(step.predicate)}`);
          steps(step.body, depth + 1);
          break;
        case "switch":
          line(`switch ${refText(step.index)}`);
          step.branches.forEach((branch, i) => {
            line(`case ${i}`);
            steps(branch, depth + 1);
          });
          break;
        case "callback":
          line(
            `callback ${step.callback} (${step.inputs.map(refText).join(", ")}) -> (${
              step.outputs.map(refText).join(", ")
            })`,
          );
      }
    }
  };
  steps(program.steps, 1);
  kernels.forEach((kernel, i) => lines.push(kernelText(kernel).replace(/^kernel/, `k${i}`)));
  return lines.join("\n");
}
