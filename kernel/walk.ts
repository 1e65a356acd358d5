/**
 * Walks over kernels and steps.
 *
 * @module
 */
import { type BufferRef, type Expr, Param, type Step, type Stmt } from "./ir.ts";

/** The parameters that statements load from or store to. */
export function usedParams(body: readonly Stmt[]): Set<Param> {
  const params = new Set<Param>(), seen = new Set<Expr>();
  const visit = (root: Expr): void => {
    const stack = [root];
    for (let e = stack.pop(); e !== undefined; e = stack.pop()) {
      if (e.args.length === 0 || seen.has(e)) continue;
      seen.add(e);
      if (e.op === "load" && e.attr instanceof Param) params.add(e.attr);
      stack.push(...e.args);
    }
  };
  for (const stmt of statements(body)) {
    if (stmt.kind === "store") params.add(stmt.param);
    for (const e of expressionsOf(stmt)) visit(e);
  }
  return params;
}

/** All statements, nested ones too, outer before inner. */
export function* statements(body: readonly Stmt[]): Generator<Stmt> {
  for (const stmt of body) {
    yield stmt;
    if (stmt.kind === "for" || stmt.kind === "while") yield* statements(stmt.body);
    else if (stmt.kind === "if") {
      yield* statements(stmt.then);
      yield* statements(stmt.else);
    }
  }
}

/** Expressions that a statement evaluates itself. */
export function expressionsOf(stmt: Stmt): readonly Expr[] {
  switch (stmt.kind) {
    case "let":
    case "assign":
    case "reduce":
      return [stmt.value];
    case "store":
      return [stmt.index, stmt.value];
    case "for":
      return [stmt.lo, stmt.hi];
    case "while":
    case "if":
      return [stmt.condition];
  }
}

/** Lists of steps inside a step. */
export function innerSteps(step: Step): readonly (readonly Step[])[] {
  switch (step.kind) {
    case "loop":
      return [step.body];
    case "while":
      return [step.condition, step.body];
    case "switch":
      return step.branches;
    default:
      return [];
  }
}

/** Places that a step itself refers to; those of inner steps are not among them. */
export function refsOf(step: Step): readonly BufferRef[] {
  switch (step.kind) {
    case "kernel":
      return step.args;
    case "copy":
      return [step.from, step.to];
    case "while":
      return [step.predicate];
    case "switch":
      return [step.index];
    case "callback":
      return [...step.inputs, ...step.outputs];
    case "loop":
      return [];
  }
}

/** Steps with every reference replaced. */
export function mapRefs(steps: readonly Step[], map: (ref: BufferRef) => BufferRef): Step[] {
  return steps.map((step): Step => {
    switch (step.kind) {
      case "kernel":
        return { ...step, args: step.args.map(map) };
      case "copy":
        return { ...step, from: map(step.from), to: map(step.to) };
      case "loop":
        return { ...step, body: mapRefs(step.body, map) };
      case "while":
        return {
          ...step,
          condition: mapRefs(step.condition, map),
          predicate: map(step.predicate),
          body: mapRefs(step.body, map),
        };
      case "switch":
        return { ...step, index: map(step.index), branches: step.branches.map((b) => mapRefs(b, map)) };
      case "callback":
        return { ...step, inputs: step.inputs.map(map), outputs: step.outputs.map(map) };
    }
  });
}
