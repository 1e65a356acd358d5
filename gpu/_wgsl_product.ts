/**
 * Matrix products in WGSL: tiles of both operands go through workgroup memory, and each invocation keeps 4 by 4 results;
 * products of few results share the sum of each one among a workgroup.
 *
 * @module
 */
import { type Kernel, loadedType, type MatrixProduct, type Param } from "../kernel/ir.ts";
import { narrowText, scalarTypes } from "./_wgsl_ops.ts";
import { type Binding, bindParams, type BoundParams, gridOf, type Shader, shaderText } from "./shader.ts";

/** Rows and columns of a tile, and inner indices that are taken at once. */
const side = 64;
const depth = 16;
/** Fewer rows or columns than this leave most of a tile empty. */
const leastSide = 16;
/** Invocations that share a sum, and sums that are worth it. */
const team = 64;
const leastInner = 128;
const fewResults = 2048;

/** The shader of a kernel that computes a matrix product; null where the kernel's own loops serve as well. */
export function productShader(kernel: Kernel, given: readonly Binding[]): Shader | null {
  const { product } = kernel;
  if (product === undefined) return null;
  const type = loadedType[product.out.storage];
  const plain = type !== "bool" && scalarTypes[type] !== undefined &&
    loadedType[product.lhs.storage] === type && loadedType[product.rhs.storage] === type;
  if (!plain) return null;
  const { batch, rows, columns, inner } = product, results = batch * rows * columns;
  if (rows >= leastSide && columns >= leastSide) return tiled(kernel, product, given);
  const isContiguous = !product.transposeLhs && (product.transposeRhs || columns === 1);
  if (inner >= leastInner && (isContiguous || results < fewResults)) return shared(kernel, product, given);
  return null;
}

/** Text of the elements of the operands, and of the arithmetic. */
class ProductText {
  readonly product: MatrixProduct;
  readonly type: string;
  readonly #bound: BoundParams;

  constructor(product: MatrixProduct, bound: BoundParams) {
    this.product = product;
    this.#bound = bound;
    this.type = scalarTypes[loadedType[product.out.storage]]!;
  }

  #element(param: Param, at: string): string {
    const { binding, moves, offset } = this.#bound.bindings.get(param)!;
    return `b${binding}[${moves ? `o${offset} + ` : ""}${at}]`;
  }

  lhs(b: string, i: string, k: string): string {
    const { lhs, rows, inner, transposeLhs } = this.product;
    return this.#element(
      lhs,
      transposeLhs
        ? `(${b} * ${inner} + ${k}) * ${rows} + ${i}`
        : `(${b} * ${rows} + ${i}) * ${inner} + ${k}`,
    );
  }

  rhs(b: string, k: string, j: string): string {
    const { rhs, columns, inner, transposeRhs } = this.product;
    return this.#element(
      rhs,
      transposeRhs
        ? `(${b} * ${columns} + ${j}) * ${inner} + ${k}`
        : `(${b} * ${inner} + ${k}) * ${columns} + ${j}`,
    );
  }

  store(b: string, i: string, j: string, value: string): string {
    const { out, rows, columns } = this.product, type = loadedType[out.storage];
    const at = this.#element(out, `(${b} * ${rows} + ${i}) * ${columns} + ${j}`);
    return `${at} = ${narrowText(out.storage, type, value)};`;
  }

  add(a: string, b: string, sum: string): string {
    return this.type === "f32" ? `fma(${a}, ${b}, ${sum})` : `${sum} + ${a} * ${b}`;
  }
}

const builtins = "@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) lane: u32";

/** The number of the workgroup; those beyond the last return. */
function groupNumber(name: string, grid: readonly [number, number], count: number): string[] {
  if (grid[1] === 1) return [`  let ${name} = i32(group.x);`];
  return [`  let ${name} = i32(group.y * ${grid[0]}u + group.x);`, `  if (${name} >= ${count}) { return; }`];
}

function tiled(kernel: Kernel, product: MatrixProduct, given: readonly Binding[]): Shader {
  const bound = bindParams(kernel, given), text = new ProductText(product, bound), { type } = text;
  const { batch, rows, columns, inner, transposeLhs, transposeRhs } = product;
  const down = Math.ceil(rows / side), across = Math.ceil(columns / side), count = batch * down * across;
  const grid = gridOf(count, 1), quarter = [0, 1, 2, 3];
  // Neighbouring invocations read neighbouring elements.
  const alongInner = [`at % ${depth}`, `at / ${depth}`], alongSide = [`at / ${side}`, `at % ${side}`];
  const [leftK, leftI] = transposeLhs ? alongSide : alongInner;
  const [rightK, rightJ] = transposeRhs ? alongInner : alongSide;
  const rowBounds = rows % side === 0 ? "" : ` && row0 + i < ${rows}`;
  const columnBounds = columns % side === 0 ? "" : ` && column0 + j < ${columns}`;
  const body = [
    ...groupNumber("tile", grid, count),
    `  let batch = tile / ${down * across};`,
    `  let row0 = (tile / ${across}) % ${down} * ${side};`,
    `  let column0 = tile % ${across} * ${side};`,
    `  let own = i32(lane);`,
    `  let r = own / ${side / 4} * 4;`,
    `  let c = own % ${side / 4} * 4;`,
    ...quarter.map((q) => `  var s${q} = vec4<${type}>();`),
    `  for (var k0 = 0; k0 < ${inner}; k0 += ${depth}) {`,
    `    for (var n = 0; n < ${side * depth}; n += 256) {`,
    `      let at = n + own;`,
    `      {`,
    `        let k = ${leftK};`,
    `        let i = ${leftI};`,
    `        var x = ${type}();`,
    `        if (k0 + k < ${inner}${rowBounds}) { x = ${text.lhs("batch", "(row0 + i)", "(k0 + k)")}; }`,
    `        left[k * ${side} + i] = x;`,
    `      }`,
    `      {`,
    `        let k = ${rightK};`,
    `        let j = ${rightJ};`,
    `        var x = ${type}();`,
    `        if (k0 + k < ${inner}${columnBounds}) { x = ${
      text.rhs("batch", "(k0 + k)", "(column0 + j)")
    }; }`,
    `        right[k * ${side} + j] = x;`,
    `      }`,
    `    }`,
    `    workgroupBarrier();`,
    `    for (var k = 0; k < ${depth}; k++) {`,
    `      let a = k * ${side} + r;`,
    `      let b = k * ${side} + c;`,
    `      let x = vec4<${type}>(right[b], right[b + 1], right[b + 2], right[b + 3]);`,
    ...quarter.map((q) => `      s${q} = ${text.add(`vec4<${type}>(left[a + ${q}])`, "x", `s${q}`)};`),
    `    }`,
    `    workgroupBarrier();`,
    `  }`,
    ...quarter.flatMap((q) => {
      const store = quarter.map((p) => {
        const line = text.store("batch", `(row0 + r + ${q})`, `column0 + c + ${p}`, `s${q}[${p}]`);
        return columns % side === 0 ? line : `if (column0 + c + ${p} < ${columns}) { ${line} }`;
      });
      if (rows % side === 0) return store.map((line) => `  ${line}`);
      return [`  if (row0 + r + ${q} < ${rows}) {`, ...store.map((line) => `    ${line}`), "  }"];
    }),
  ];
  const globals = ["left", "right"].map((name) => `var<workgroup> ${name}: array<${type}, ${side * depth}>;`);
  const head = `@compute @workgroup_size(256)\nfn main(${builtins}) {`;
  return {
    text: shaderText(bound, globals, head, body),
    writes: bound.writes,
    groups: grid,
    moving: bound.moving,
  };
}

/** One workgroup for each result. */
function shared(kernel: Kernel, product: MatrixProduct, given: readonly Binding[]): Shader {
  const bound = bindParams(kernel, given), text = new ProductText(product, bound), { type } = text;
  const { batch, rows, columns, inner } = product, count = batch * rows * columns;
  const grid = gridOf(count, 1);
  const body = [
    ...groupNumber("at", grid, count),
    `  let j = at % ${columns};`,
    `  let i = at / ${columns} % ${rows};`,
    `  let batch = at / ${rows * columns};`,
    `  var sum = ${type}();`,
    `  for (var k = i32(lane); k < ${inner}; k += ${team}) {`,
    `    sum = ${text.add(text.lhs("batch", "i", "k"), text.rhs("batch", "k", "j"), "sum")};`,
    `  }`,
    `  parts[lane] = sum;`,
    `  workgroupBarrier();`,
    `  for (var half = ${team / 2}u; half > 0u; half = half >> 1u) {`,
    `    if (lane < half) { parts[lane] += parts[lane + half]; }`,
    `    workgroupBarrier();`,
    `  }`,
    `  if (lane == 0u) { ${text.store("batch", "i", "j", "parts[0]")} }`,
  ];
  const head = `@compute @workgroup_size(${team})\nfn main(${builtins}) {`;
  return {
    text: shaderText(bound, [`var<workgroup> parts: array<${type}, ${team}>;`], head, body),
    writes: bound.writes,
    groups: grid,
    moving: bound.moving,
  };
}
