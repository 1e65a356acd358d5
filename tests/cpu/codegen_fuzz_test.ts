/**
 * Random kernels on the CPU and on the reference: expressions of all types over all kinds of accesses, in flat loops,
 * nested loops and reductions.
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
import { checkKernel, data, makeKernel } from "./kernels.ts";

const SEEDS = 300;

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
  "f64",
  "i32",
  "u32",
  "i64",
  "bool",
  "i8",
  "u16",
  "f16",
  "f32",
  "i32",
];
const types: readonly ScalarType[] = ["f32", "f64", "i32", "u32", "i64", "u64", "bool"];

class Generator {
  readonly random: Random;
  readonly params: readonly Param[];
  readonly size: number;
  readonly pool: Expr[] = [];

  constructor(random: Random, params: readonly Param[], size: number) {
    this.random = random;
    this.params = params;
    this.size = size;
  }

  index(i: Expr): Expr {
    const { random, size } = this;
    switch (random.below(7)) {
      case 0:
        return binary("sub", index(size - 1), i);
      case 1:
        return binary("mul", i, index(2));
      case 2:
        return binary("add", binary("mul", i, index(2)), index(1));
      case 3:
        return index(random.below(size));
      case 4:
        return binary("rem", binary("add", binary("mul", i, index(7)), index(3)), index(size));
      case 5:
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
    return constant(type, this.random.below(4));
  }

  node(i: Expr): Expr {
    const { random } = this;
    const type = random.pick(types);
    const x = this.of(type), y = this.of(type);
    switch (random.below(9)) {
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
        return compare(random.pick(["eq", "ne", "lt", "le", "gt", "ge"]), x, y);
      case 5:
        if (type === "bool") return unary("not", x);
        return unary(random.pick(["neg", "abs"]), x);
      case 6:
        return type === "f32" ? narrow(random.pick(["f16", "bf16"]), x) : convert(random.pick(types), x);
      default: {
        if (type === "bool") return binary(random.pick(["and", "or", "xor"]), x, y);
        const common: BinaryOp[] = ["add", "sub", "mul", "min", "max", "div", "rem"];
        const own: BinaryOp[] = type === "f32" || type === "f64"
          ? ["copysign"]
          : ["and", "or", "xor", "shl", "shr"];
        return binary(random.pick([...common, ...own]), x, y);
      }
    }
  }
}

function inputData(random: Random, storage: StorageType, size: number): ReturnType<typeof data> {
  const float = storage === "f32" || storage === "f64";
  return data(
    storage,
    Array.from({ length: size }, () => {
      if (storage === "bool") return random.below(2);
      if (storage === "f16") return random.below(0x7c00) + 0x8000 * random.below(2);
      const value = random.below(41) - 20;
      return float ? random.pick([value, value / 4, value * 1e6, NaN, Infinity, -0]) : value;
    }),
  );
}

Deno.test("random elementwise kernels", () => {
  for (let seed = 1; seed <= SEEDS; seed++) {
    const random = new Random(seed);
    const size = random.pick([1, 3, 4, 6, 9, 16, 19, 35, 64]);
    const inputs = Array.from({ length: 1 + random.below(4) }, () => random.pick(storages));
    const outputs = Array.from({ length: 1 + random.below(3) }, () => random.pick(storages));
    const sizes = [
      ...inputs.map((s) => [s, 2 * size + 2] as const),
      ...outputs.map((s) => [s, size] as const),
    ];
    const kernel = makeKernel(`seed ${seed}`, sizes, (k, ...params) => {
      const generator = new Generator(random, params.slice(0, inputs.length), size);
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
    checkKernel(kernel, values, { results: outputs.length });
  }
});

Deno.test("random reductions inside independent loops", () => {
  for (let seed = 1; seed <= SEEDS; seed++) {
    const random = new Random(7919 * seed);
    const size = random.pick([1, 4, 5, 8, 13, 32]), extent = random.pick([2, 4, 7, 16, 33]);
    const inputs = Array.from({ length: 2 }, () => random.pick(storages));
    const accumulate = random.pick(["i32", "u32", "i64", "f64", "bool"] as const);
    const monoid = accumulate === "bool"
      ? random.pick(["and", "or", "xor"] as const)
      : accumulate === "f64"
      ? random.pick(["min", "max"] as const)
      : random.pick(["add", "mul", "min", "max", "xor"] as const);
    const total = size * extent;
    const sizes = [...inputs.map((s) => [s, 2 * total + 2] as const), [accumulate, size] as const];
    const kernel = makeKernel(`reduce seed ${seed}`, sizes, (k, ...params) => {
      const generator = new Generator(random, params.slice(0, 2), total);
      const outer = random.below(2) === 0;
      const body = (i: Expr): void => {
        const start = constant(accumulate, 1);
        const sum = k.reduce(extent, monoid, start, (r) => {
          const at = outer
            ? binary("add", binary("mul", r, index(size)), i)
            : binary("add", binary("mul", i, index(extent)), r);
          generator.grow(at, 2 + random.below(12));
          return generator.of(accumulate);
        });
        k.store(params[2]!, i, sum);
      };
      if (random.below(2) === 0) k.range(size, body);
      else k.for(0, size, body, { independent: true });
    });
    checkKernel(kernel, inputs.map((storage) => inputData(random, storage, 2 * total + 2)));
  }
});
