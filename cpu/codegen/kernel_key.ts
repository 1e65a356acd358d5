/**
 * Structural keys of kernels: equal for kernels that compute the same from their parameters.
 *
 * @module
 */
import { type Expr, type Kernel, Param, type Stmt, Variable } from "../../kernel/ir.ts";
import { allOperands, postorder } from "./analysis.ts";

/** A text that identifies a kernel up to the identity of its parameters, variables and nodes. */
export function kernelKey(kernel: Kernel): string {
  const writer = new KeyWriter(kernel);
  writer.statements(kernel.body);
  return writer.parts.join(";");
}

/** A short text that is equal for equal kernels; others may share it. */
export function kernelSignature({ params, range, body }: Kernel): string {
  const storages = params.map((param) => `${param.storage}${param.size}`).join();
  return `${storages};${range?.extent ?? ""};${body.map((stmt) => stmt.kind).join()}`;
}

class KeyWriter {
  readonly parts: string[] = [];
  readonly #params = new Map<Param, number>();
  readonly #variables = new Map<Variable, number>();
  readonly #nodes = new Map<Expr, number>();

  constructor(kernel: Kernel) {
    kernel.params.forEach((param, i) => this.#params.set(param, i));
    this.parts.push(kernel.params.map((param) => `${param.storage}${param.size}`).join());
    if (kernel.range !== null) {
      this.parts.push(`range ${this.#variable(kernel.range.variable)} ${kernel.range.extent}`);
    }
  }

  #variable(variable: Variable): string {
    let number = this.#variables.get(variable);
    if (number === undefined) this.#variables.set(variable, number = this.#variables.size);
    return `${variable.type}.${variable.extent}.${number}`;
  }

  #expr(root: Expr): number {
    for (const node of postorder([root], allOperands, (e) => this.#nodes.has(e))) {
      const operands = node.args.map((arg) => this.#nodes.get(arg)).join();
      this.parts.push(`${node.op} ${node.type} ${this.#attr(node)} ${operands}`);
      this.#nodes.set(node, this.#nodes.size);
    }
    return this.#nodes.get(root)!;
  }

  #attr({ attr }: Expr): string {
    if (attr instanceof Variable) return this.#variable(attr);
    if (attr instanceof Param) return `p${this.#params.get(attr)}`;
    return Object.is(attr, -0) ? "-0" : String(attr);
  }

  statements(stmts: readonly Stmt[]): void {
    for (const stmt of stmts) {
      switch (stmt.kind) {
        case "let":
        case "assign":
          this.parts.push(`${stmt.kind} ${this.#expr(stmt.value)} ${this.#variable(stmt.variable)}`);
          break;
        case "store":
          this.parts.push(
            `store ${this.#params.get(stmt.param)} ${this.#expr(stmt.index)} ${this.#expr(stmt.value)}`,
          );
          break;
        case "for":
          this.parts.push(
            `for ${this.#expr(stmt.lo)} ${this.#expr(stmt.hi)} ${
              this.#variable(stmt.variable)
            } ${stmt.independent} {`,
          );
          this.statements(stmt.body);
          this.parts.push("}");
          break;
        case "reduce":
          this.parts.push(
            `reduce ${this.#variable(stmt.variable)} ${stmt.extent} ${stmt.monoid} ${
              this.#variable(stmt.accumulator)
            } ${this.#expr(stmt.value)}`,
          );
          break;
        case "while":
          this.parts.push(`while ${this.#expr(stmt.condition)} {`);
          this.statements(stmt.body);
          this.parts.push("}");
          break;
        case "if":
          this.parts.push(`if ${this.#expr(stmt.condition)} {`);
          this.statements(stmt.then);
          this.parts.push("} {");
          this.statements(stmt.else);
          this.parts.push("}");
      }
    }
  }
}
