/**
 * What all compute shaders share: bindings, offsets of moving parameters, and the frame around their statements.
 *
 * @module
 */
import { NotImplementedError } from "../core/errors.ts";
import type { Kernel, Param, ScalarType } from "../kernel/ir.ts";
import { statements } from "../kernel/walk.ts";
import { functionsFor, storedTypes } from "./_wgsl_ops.ts";

/** Where a kernel's parameters are bound. */
export interface Binding {
  /** The number of the binding; parameters in one buffer share it. */
  readonly binding: number;
  /** Element offsets of the parameter are given with each call. */
  readonly moves: boolean;
}

/** A compute shader and how it is called. */
export interface Shader {
  readonly text: string;
  /** Whether each binding is written to. */
  readonly writes: readonly boolean[];
  /** Workgroups along x and y. */
  readonly groups: readonly [number, number];
  /** Parameters whose offsets come in the uniform buffer that follows the other bindings, four bytes each. */
  readonly moving: readonly number[];
}

/** Workgroups that one dimension of a dispatch can have. */
const maxGroups = 65535;
/** Types that WebGPU does not have. */
export const dtypeNames: Readonly<Partial<Record<ScalarType, string>>> = {
  f64: "float64",
  i64: "int64",
  u64: "uint64",
};

/** Workgroups for so many invocations. */
export function gridOf(invocations: number, size: number): [x: number, y: number] {
  const groups = Math.ceil(invocations / size);
  return [Math.min(groups, maxGroups), Math.ceil(groups / maxGroups)];
}

/** Declarations of storage bindings and of the offsets. */
export function declarations(
  types: readonly string[],
  writes: readonly boolean[],
  moving: number,
): string[] {
  const lines = types.map((type, i) =>
    `@group(0) @binding(${i}) var<storage, ${writes[i] ? "read_write" : "read"}> b${i}: array<${type}>;`
  );
  if (moving > 0) {
    const vectors = Math.ceil(moving / 4);
    lines.push(`@group(0) @binding(${types.length}) var<uniform> offsets: array<vec4<i32>, ${vectors}>;`);
  }
  return lines;
}

/** The name of the offset of moving parameter number `i`, and its declaration. */
export function offsetDeclaration(i: number): string {
  return `let o${i} = offsets[${i >> 2}].${"xyzw"[i & 3]};`;
}

/** A bound parameter, with its number among those that move, or -1. */
export interface BoundParam extends Binding {
  readonly offset: number;
}

/** How the parameters of a kernel are bound: which bindings there are, and which are written to. */
export interface BoundParams {
  readonly bindings: ReadonlyMap<Param, BoundParam>;
  readonly types: readonly string[];
  readonly writes: readonly boolean[];
  readonly moving: readonly number[];
}

/** Gathers what the parameters of a kernel need. */
export function bindParams(kernel: Kernel, given: readonly Binding[]): BoundParams {
  const bindings = new Map<Param, BoundParam>();
  const types: string[] = [], writes: boolean[] = [], moving: number[] = [];
  kernel.params.forEach((param, i) => {
    const { binding, moves } = given[i]!, type = storedTypes[param.storage];
    if (type === undefined) {
      throw new NotImplementedError(
        `${kernel.name} needs memory of ${
          dtypeNames[param.storage as ScalarType]
        }, which GPUs do not have in ` +
          `WebGPU. Cast its arguments to a 32-bit dtype, or run it on the CPU: devicePut(x, "cpu")`,
      );
    }
    if (types[binding] !== undefined && types[binding] !== type) {
      throw new Error(`WGSL: ${kernel.name} uses one buffer as ${types[binding]} and as ${type}`);
    }
    types[binding] = type;
    writes[binding] ??= false;
    bindings.set(param, { binding, moves, offset: moves ? moving.push(i) - 1 : -1 });
  });
  for (const stmt of statements(kernel.body)) {
    if (stmt.kind === "store") writes[bindings.get(stmt.param)!.binding] = true;
  }
  return { bindings, types, writes, moving };
}

/** A shader's text from its parts. `zero` is a zero that is known at run time only. */
export function shaderText(
  bound: BoundParams,
  globals: readonly string[],
  head: string,
  body: string[],
): string {
  const main = [head, ...bound.moving.map((_, i) => `  ${offsetDeclaration(i)}`), ...body, "}"].join("\n");
  const called = functionsFor(main), usesZero = [main, ...called].some((text) => /\bzero\b/.test(text));
  const text = usesZero ? main.replace("{\n", "{\n  zero = group.z;\n") : main;
  return [
    ...declarations(bound.types, bound.writes, bound.moving.length),
    ...globals,
    ...usesZero ? ["var<private> zero: u32;"] : [],
    ...called,
    text,
    "",
  ].join("\n");
}
