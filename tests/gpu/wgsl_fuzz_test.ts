/**
 * Random kernels on the GPU and on the reference: expressions of all 32-bit types over all kinds of accesses, in flat
 * ranges, loops and reductions, with NaNs, infinities and zeros of both signs among the numbers.
 */
import {
  binary,
  branch,
  compare,
  constant,
  convert,
  index,
  load,
  narrow,
  select,
  unary,
} from "../../kernel/expr.ts";
import {
  type BinaryOp,
  type Expr,
  loadedType,
  type Param,
  type ScalarType,
  type StorageType,
} from "../../kernel/ir.ts";
import { data, makeKernel } from "../cpu/kernels.ts";
import { checkOnGpu } from "./_kernels.ts";
import { gpuTest } from "./_setup.ts";

const seeds = 120;

/** A linear congruential generator. */
class Random {
  #state: number;
  constructor(seed: number) {
    this.#state = Math.imul(seed, 0x9e3779b1) ^ 0x5bd1e995;
  }
  below(n: number): number {
    this.#state = (Math.imul(this.#state, 1664525) + 1013904223) | 0;
    return (this.#state >>> 8) % n;
  }
  pick<T>(items: readonly T[]): T {
    return items[this.below(items.length)]!;
  }
}

const storages: readonly StorageType[] = [
  "f32",
  "i32",
  "u32",
  "bool",
  "i8",
  "u8",
  "i16",
  "u16",
  "f16",
  "bf16",
  "f32",
];
const types: readonly ScalarType[] = ["f32", "i32", "u32", "bool", "f32"];

class Generator {
  readonly random: Random;
  readonly params: readonly Param[];
  readonly size: number;
  readonly pool: Expr[] = [];
  /** Divisions and square roots may differ in the last bit, which discontinuous functions then blow up. */
  readonly exact: boolean;

  constructor(random: Random, params: readonly Param[], size: number, exact: boolean) {
    this.random = random;
    this.params = params;
    this.size = size;
    this.exact = exact;
  }

  index(i: Expr): Expr {
    const { random, size } = this;
    switch (random.below(6)) {
      case 0:
        return binary("sub", index(size - 1), i);
      case 1:
        return binary("add", binary("mul", i, index(2)), index(1));
      case 2:
        return index(random.below(size));
      case 3:
        return binary("rem", binary("add", binary("mul", i, index(7)), index(3)), index(size));
      case 4:
        return binary("add", i, index(random.below(size)));
      default:
        return i;
    }
  }

  grow(i: Expr, steps: number): void {
    for (let step = 0; step < steps; step++) this.pool.push(this.node(i));
  }

  of(type: ScalarType): Expr {
    const found = this.pool.filter((e) => e.type === type);
    if (found.length > 0 && this.random.below(5) > 0) return this.random.pick(found);
    if (this.pool.length > 0 && this.random.below(2) === 0) return convert(type, this.random.pick(this.pool));
    const special = this.random.below(12);
    if (type === "f32" && special < 4) return constant(type, [NaN, Infinity, -0, 0.1][special]!);
    return constant(type, this.random.below(4) - (type === "i32" ? 2 : 0));
  }

  node(i: Expr): Expr {
    const { random } = this, type = random.pick(types);
    const x = this.of(type), y = this.of(type);
    switch (random.below(10)) {
      case 0:
      case 1:
        return load(random.pick(this.params), this.index(i));
      case 2:
        return select(this.of("bool"), x, y);
      case 3: {
        const loaded = load(random.pick(this.params), this.index(i));
        return branch(
          this.of("bool"),
          loaded,
          random.below(2) ? this.of(loaded.type) : constant(loaded.type, 1),
        );
      }
      case 4:
        return type === "bool"
          ? compare(random.pick(["eq", "ne"]), x, y)
          : compare(random.pick(["eq", "ne", "lt", "le", "gt", "ge"]), x, y);
      case 5:
        if (type === "bool") return unary("not", x);
        if (type === "f32") return unary(random.pick(["neg", "abs", "floor", "ceil", "trunc", "nearest"]), x);
        return unary(random.pick(["neg", "abs", "not", "clz", "popcnt"]), x);
      case 6:
        if (type === "f32") return narrow(random.pick(["f16", "bf16"]), x);
        return type === "bool"
          ? convert("f32", x)
          : narrow(random.pick(type === "i32" ? ["i8", "u8", "i16"] : ["u8", "u16"]), x);
      case 7:
        return type === "f32" ? select(compare("lt", x, y), x, y) : convert(
          random.pick(types),
          x,
        );
      default: {
        if (type === "bool") return binary(random.pick(["and", "or", "xor"]), x, y);
        if (type === "f32") {
          const ops: BinaryOp[] = ["add", "sub", "mul", "min", "max", "rem", "copysign"];
          return binary(random.pick(this.exact ? ops : [...ops, "div"]), x, y);
        }
        return binary(
          random.pick(["add", "sub", "mul", "min", "max", "div", "rem", "and", "or", "xor", "shl", "shr"]),
          x,
          y,
        );
      }
    }
  }
}

function inputData(random: Random, storage: StorageType, size: number): ReturnType<typeof data> {
  return data(
    storage,
    Array.from({ length: size }, () => {
      if (storage === "bool") return random.below(2);
      if (storage === "f16") return random.below(0x7e00) + 0x8000 * random.below(2);
      if (storage === "bf16") return random.below(0x7fc0) + 0x8000 * random.below(2);
      const value = random.below(41) - 20;
      if (storage === "f32") {
        return random.pick([value, value / 4, value / 7, value * 1e6, value * 1e38, NaN, Infinity, -0]);
      }
      return random.pick([value, value, value * 1e8]);
    }),
  );
}

gpuTest("random elementwise kernels", async () => {
  for (let seed = 1; seed <= seeds; seed++) {
    const random = new Random(seed), size = random.pick([1, 3, 9, 35, 64, 130]);
    const inputs = Array.from({ length: 1 + random.below(4) }, () => random.pick(storages));
    const outputs = Array.from({ length: 1 + random.below(3) }, () => random.pick(storages));
    const sizes = [
      ...inputs.map((s) => [s, 2 * size + 2] as const),
      ...outputs.map((s) => [s, size] as const),
    ];
    const kernel = makeKernel(`seed ${seed}`, sizes, (k, ...params) => {
      const generator = new Generator(random, params.slice(0, inputs.length), size, true);
      const body = (i: Expr): void => {
        generator.grow(i, 3 + random.below(25));
        params.slice(inputs.length).forEach((out, at) => {
          k.store(out, i, narrow(outputs[at]!, generator.of(loadedType[outputs[at]!])));
        });
      };
      if (random.below(2) === 0) k.range(size, body);
      else k.for(0, size, body, { independent: true });
    });
    const values = inputs.map((storage) => inputData(random, storage, 2 * size + 2));
    await checkOnGpu(kernel, values, { results: outputs.length });
  }
});

gpuTest("random reductions", async () => {
  for (let seed = 1; seed <= seeds; seed++) {
    const random = new Random(7919 * seed),
      size = random.pick([1, 4, 13, 70]),
      extent = random.pick([2, 7, 33, 1100]);
    const inputs = Array.from({ length: 2 }, () => random.pick(storages));
    const type = random.pick(["i32", "u32", "f32", "bool"] as const);
    const monoid = type === "bool"
      ? random.pick(["and", "or", "xor"] as const)
      : type === "f32"
      ? random.pick(["min", "max"] as const)
      : random.pick(["add", "mul", "min", "max", "xor"] as const);
    const total = size * extent;
    const sizes = [...inputs.map((s) => [s, 2 * total + 2] as const), [type, size] as const];
    const kernel = makeKernel(`reduce seed ${seed}`, sizes, (k, ...params) => {
      const generator = new Generator(random, params.slice(0, 2), total, true), outer = random.below(2) === 0;
      k.range(size, (i) => {
        const sum = k.reduce(extent, monoid, constant(type, 1), (r) => {
          const at = outer
            ? binary("add", binary("mul", r, index(size)), i)
            : binary("add", binary("mul", i, index(extent)), r);
          generator.grow(at, 2 + random.below(12));
          return generator.of(type);
        });
        k.store(params[2]!, i, sum);
      });
    });
    await checkOnGpu(kernel, inputs.map((storage) => inputData(random, storage, 2 * total + 2)));
  }
});
