/**
 * The code generator against the reference: every scalar operation on values that are hard for it, in loops of every
 * length up to a few vectors, so that scalar code, whole vectors and surplus lanes all take part.
 */
import {
  binary,
  bitcast,
  branch,
  compare,
  constant,
  convert,
  index,
  load,
  madd,
  narrow,
  select,
  unary,
} from "../../kernel/expr.ts";
import {
  type BinaryOp,
  type CompareOp,
  type Expr,
  loadedType,
  type Monoid,
  type Param,
  type ScalarType,
  storageBytes,
  type StorageType,
} from "../../kernel/ir.ts";
import { assertEquals } from "../assert.ts";
import { compileProgram } from "../../cpu/executable.ts";
import {
  checkKernel,
  type Data,
  data,
  heap,
  kernelProgram,
  makeKernel,
  runExecutable,
  viewAs,
} from "./kernels.ts";

const scalarTypes: readonly ScalarType[] = ["bool", "i32", "u32", "i64", "u64", "f32", "f64"];
const integers: readonly ScalarType[] = ["i32", "u32", "i64", "u64"];
const floats: readonly ScalarType[] = ["f32", "f64"];
const lengths = [1, 2, 3, 4, 5, 7, 8, 15, 16, 17, 31, 33];

function specials(type: StorageType): (number | bigint)[] {
  switch (type) {
    case "bool":
      return [0, 1, 1, 0, 1];
    case "f32":
    case "f64":
      return [
        0,
        -0,
        1,
        -1,
        0.5,
        -0.5,
        1.5,
        -1.5,
        2.5,
        -2.5,
        3.7,
        -3.7,
        Infinity,
        -Infinity,
        NaN,
        1e-40,
        -1e-40,
        1e30,
        -1e30,
        2147483647,
        2147483648,
        -2147483648,
        -2147483904,
        4294967296,
        9.3e18,
        1.9e19,
        -1e19,
        0.1,
        7,
        3,
        8388609,
        255.5,
        65504,
        65520,
        1e-7,
        6e-8,
        3e-8,
        2 ** -149,
      ];
    case "f16":
      return [0, 0x8000, 0x3c00, 0x7c00, 0xfc00, 0x7e00, 1, 0x03ff, 0x0400, 0x7bff, 0xbc00, 0x3555];
    case "bf16":
      return [0, 0x8000, 0x3f80, 0x7f80, 0xff80, 0x7fc0, 1, 0x007f, 0x0080, 0x7f7f, 0xbf80, 0x3eaa];
    case "i64":
      return [
        0n,
        1n,
        -1n,
        2n,
        -7n,
        63n,
        64n,
        65n,
        2n ** 31n,
        -(2n ** 31n),
        2n ** 63n - 1n,
        -(2n ** 63n),
        2n ** 53n + 1n,
        10n,
      ];
    case "u64":
      return [
        0n,
        1n,
        2n ** 64n - 1n,
        2n,
        7n,
        63n,
        64n,
        2n ** 32n,
        2n ** 63n,
        2n ** 63n - 1n,
        2n ** 53n + 1n,
        10n,
      ];
    case "u32":
      return [0, 1, 2 ** 32 - 1, 2, 7, 31, 32, 33, 2 ** 31, 2 ** 31 - 1, 10, 65536, 123456789];
    case "i32":
      return [0, 1, -1, 2, -7, 31, 32, 33, 2 ** 31 - 1, -(2 ** 31), 10, 65536, -123456789, -3];
    default: {
      const bits = 8 * storageBytes[type];
      const low = type.startsWith("i") ? -(2 ** (bits - 1)) : 0;
      return [0, 1, 2, 7, 100, low, low + 2 ** bits - 1, low + 3];
    }
  }
}

/** `length` elements, running through the special values from `start` in steps. */
function sample(type: StorageType, length: number, start = 0, step = 1): Data {
  const values = specials(type);
  return data(type, Array.from({ length }, (_, i) => values[(start + i * step) % values.length]!));
}

/** Checks `f` elementwise on all pairs of special values and on all lengths. */
function checkElementwise(
  label: string,
  types: readonly StorageType[],
  result: StorageType,
  f: (...args: Expr[]) => Expr,
  options: { tolerance?: number } = {},
): void {
  const most = Math.max(...types.map((type) => specials(type).length));
  const whole = types.length === 1 ? most + 3 : most * most + 1;
  for (const length of [...lengths, whole]) {
    const kernel = makeKernel(
      label,
      [...types.map((type) => [type, length] as const), [result, length]],
      (k, ...params) => {
        const inputs = params.slice(0, -1), out = params.at(-1)!;
        k.range(length, (i) => k.store(out, i, f(...inputs.map((param) => load(param, i)))));
      },
    );
    const inputs = types.map((type, i) => {
      const values = specials(type);
      return i === 0 ? sample(type, length, length) : data(
        type,
        Array.from({ length }, (_, at) => values[(Math.floor(at / most) + at * (i - 1)) % values.length]!),
      );
    });
    checkKernel(kernel, inputs, { label: `${label} of ${length}`, ...options });
  }
}

Deno.test("unary operations", () => {
  for (const type of [...integers, ...floats]) {
    for (const op of ["neg", "abs"] as const) {
      checkElementwise(`${op} ${type}`, [type], type, (x) => unary(op, x));
    }
  }
  for (const type of floats) {
    for (const op of ["sqrt", "floor", "ceil", "trunc", "nearest"] as const) {
      checkElementwise(`${op} ${type}`, [type], type, (x) => unary(op, x));
    }
  }
  for (const type of ["bool", ...integers] as const) {
    checkElementwise(`not ${type}`, [type], type, (x) => unary("not", x));
  }
  for (const type of integers) {
    for (const op of ["clz", "popcnt"] as const) {
      checkElementwise(`${op} ${type}`, [type], type, (x) => unary(op, x));
    }
  }
});

Deno.test("binary operations", () => {
  const everywhere: BinaryOp[] = ["add", "sub", "mul", "div", "rem", "min", "max"];
  for (const type of [...integers, ...floats]) {
    for (const op of everywhere) {
      checkElementwise(`${op} ${type}`, [type, type], type, (x, y) => binary(op, x, y));
    }
  }
  for (const type of integers) {
    for (const op of ["and", "or", "xor", "shl", "shr"] as const) {
      checkElementwise(`${op} ${type}`, [type, type], type, (x, y) => binary(op, x, y));
    }
    for (const count of [0, 1, 13, 31, 32, 40, 63, 64, -1]) {
      for (const op of ["shl", "shr"] as const) {
        checkElementwise(
          `${op} ${type} by ${count}`,
          [type],
          type,
          (x) => binary(op, x, constant(type, count)),
        );
      }
    }
    for (const divisor of [0, 1, -1, 3, 7, 64]) {
      for (const op of ["div", "rem"] as const) {
        checkElementwise(
          `${op} ${type} by ${divisor}`,
          [type],
          type,
          (x) => binary(op, x, constant(type, divisor)),
        );
      }
    }
  }
  for (const type of floats) {
    checkElementwise(`copysign ${type}`, [type, type], type, (x, y) => binary("copysign", x, y));
  }
  for (const op of ["and", "or", "xor"] as const) {
    checkElementwise(`${op} bool`, ["bool", "bool"], "bool", (x, y) => binary(op, x, y));
  }
});

Deno.test("comparisons, selection and multiply-add", () => {
  for (const type of scalarTypes) {
    for (const op of ["eq", "ne", "lt", "le", "gt", "ge"] as CompareOp[]) {
      checkElementwise(`${op} ${type}`, [type, type], "bool", (x, y) => compare(op, x, y));
    }
    checkElementwise(`select ${type}`, ["bool", type, type], type, (c, x, y) => select(c, x, y));
    for (const other of ["f32", "f64"] as const) {
      checkElementwise(
        `select ${type} by ${other}`,
        [other, type, type],
        type,
        (c, x, y) => select(compare("lt", c, constant(other, 1)), x, y),
      );
    }
  }
  for (const type of floats) {
    checkElementwise(`madd ${type}`, [type, type], type, (x, y) => madd(x, constant(type, 0.5), y), {
      tolerance: 1e-5,
    });
  }
  checkElementwise("masks of two widths", ["f32", "f64"], "bool", (x, y) =>
    binary(
      "or",
      binary("and", compare("lt", x, constant("f32", 1)), compare("gt", y, constant("f64", 0))),
      unary("not", compare("eq", y, y)),
    ));
});

Deno.test("conversions between all types", () => {
  for (const from of scalarTypes) {
    for (const to of scalarTypes) {
      if (from !== to) checkElementwise(`${from} to ${to}`, [from], to, (x) => convert(to, x));
    }
  }
  for (
    const [a, b] of [["i32", "f32"], ["u32", "f32"], ["i32", "u32"], ["i64", "f64"], ["u64", "f64"], [
      "i64",
      "u64",
    ]] as const
  ) {
    checkElementwise(`bits ${a} to ${b}`, [a], b, (x) => bitcast(b, x));
    checkElementwise(`bits ${b} to ${a}`, [b], a, (x) => bitcast(a, x));
  }
});

Deno.test("narrow storage: loads, stores and rounding", () => {
  for (const storage of ["bool", "i8", "u8", "i16", "u16", "f16", "bf16"] as const) {
    checkElementwise(`copy ${storage}`, [storage], storage, (x) => x);
    checkElementwise(`widen ${storage}`, [storage], loadedType[storage], (x) => x);
    if (storage !== "bool") {
      const wide = loadedType[storage];
      checkElementwise(`narrow ${storage}`, [wide], storage, (x) => narrow(storage, x));
      checkElementwise(`round ${storage}`, [wide], wide, (x) => narrow(storage, x));
    }
  }
});

Deno.test("half precision rounds every pattern to nearest even", () => {
  for (const storage of ["f16", "bf16"] as const) {
    const length = 20011;
    const values = new Float32Array(
      Uint32Array.from({ length }, (_, i) => Math.imul(i + 1, 0x9e3779b1)).buffer,
    );
    const numbers = values.map((x) => Number.isNaN(x) ? NaN : x);
    const kernel = makeKernel(storage, [["f32", length], [storage, length]], (k, x, out) => {
      k.range(length, (i) => k.store(out, i, narrow(storage, load(x, i))));
    });
    checkKernel(kernel, [numbers]);
  }
});

Deno.test("access patterns: reversed, strided, broadcast, transposed, gathered", () => {
  for (const storage of ["f32", "f64", "i8", "u16", "bool", "i64", "f16"] as const) {
    for (const n of [5, 8, 18, 67]) {
      const source = sample(storage, 4 * n);
      const patterns: Record<string, (i: Expr) => Expr> = {
        reversed: (i) => binary("sub", index(n - 1), i),
        even: (i) => binary("mul", i, index(2)),
        odd: (i) => binary("add", binary("mul", i, index(2)), index(1)),
        "odd at an offset": (i) => binary("add", binary("mul", i, index(2)), index(7)),
        third: (i) => binary("add", binary("mul", i, index(3)), index(2)),
        "minus two": (i) => binary("sub", index(2 * n), binary("mul", i, index(2))),
        offset: (i) => binary("add", i, index(n)),
        broadcast: () => index(n),
        "by division": (i) => binary("div", i, index(3)),
        "by remainder": (i) => binary("rem", i, index(5)),
        "by data": (i) => binary("rem", binary("mul", binary("mul", i, i), index(7)), index(n)),
      };
      for (const [name, at] of Object.entries(patterns)) {
        const kernel = makeKernel(name, [[storage, 4 * n], [storage, n]], (k, x, out) => {
          k.range(n, (i) => k.store(out, i, load(x, at(i))));
        });
        checkKernel(kernel, [source], { label: `${name} ${storage} ${n}` });
        if (name.startsWith("by") || name === "broadcast") continue;
        const scatter = makeKernel(name, [[storage, n], [storage, 4 * n]], (k, x, out) => {
          k.range(n, (i) => k.store(out, at(i), load(x, i)));
        });
        checkKernel(scatter, [sample(storage, n)], { label: `store ${name} ${storage} ${n}` });
      }
    }
  }
  const [rows, columns] = [13, 9];
  const transposed = makeKernel(
    "transpose",
    [["f32", rows * columns], ["f32", rows * columns]],
    (k, x, out) => {
      k.range(columns, (j) =>
        k.for(0, rows, (i) => {
          const value = load(x, binary("add", binary("mul", i, index(columns)), j));
          k.store(out, binary("add", binary("mul", j, index(rows)), i), value);
        }, { independent: true }));
    },
  );
  checkKernel(transposed, [Float32Array.from({ length: rows * columns }, (_, i) => i)]);
});

Deno.test("reductions: every monoid, type and length", () => {
  const cases: [ScalarType, Monoid[]][] = [
    ["bool", ["and", "or", "xor"]],
    ...integers.map((
      type,
    ): [ScalarType, Monoid[]] => [type, ["add", "mul", "min", "max", "and", "or", "xor"]]),
    ...floats.map((type): [ScalarType, Monoid[]] => [type, ["add", "mul", "min", "max"]]),
  ];
  for (const [type, monoids] of cases) {
    for (const monoid of monoids) {
      for (const length of [...lengths, 100]) {
        const kernel = makeKernel(monoid, [[type, 3 * length], [type, 3]], (k, x, out) => {
          k.range(3, (row) => {
            const start = constant(type, type === "bool" ? true : 3);
            const at = (r: Expr): Expr => binary("add", binary("mul", row, index(length)), r);
            k.store(out, row, k.reduce(length, monoid, start, (r) => load(x, at(r))));
          });
        });
        const values = type === "f32" || type === "f64"
          ? data(type, Array.from({ length: 3 * length }, (_, i) => ((i * 7) % 13 - 6) / 4 + 2))
          : sample(type, 3 * length);
        const comparison = { tolerance: 1e-5, label: `${monoid} ${type} ${length}` };
        checkKernel(kernel, [values], comparison);
        if (monoid === "min" || monoid === "max") checkKernel(kernel, [sample(type, 3 * length)], comparison);
      }
    }
  }
});

Deno.test("reductions of products, converted values and strided elements", () => {
  for (const length of [6, 64, 101]) {
    const dot = makeKernel("dot", [["f32", length], ["f32", length], ["f32", 1]], (k, x, y, out) => {
      const product = (r: Expr): Expr => binary("mul", load(x, r), load(y, r));
      k.store(out, 0, k.reduce(length, "add", constant("f32", 0), product));
    });
    const x = Float32Array.from({ length }, (_, i) => Math.sin(i)),
      y = Float32Array.from({ length }, (_, i) => i % 5 + 1);
    checkKernel(dot, [x, y], { tolerance: 1e-4 });
    const wide = makeKernel("wide sum", [["f32", length], ["f64", 1]], (k, x, out) => {
      k.store(out, 0, k.reduce(length, "add", constant("f64", 0), (r) => convert("f64", load(x, r))));
    });
    checkKernel(wide, [x], { tolerance: 1e-12 });
    const columns = makeKernel("columns", [["f32", 7 * length], ["f32", 7]], (k, x, out) => {
      k.range(7, (j) => {
        const at = (r: Expr): Expr => binary("add", binary("mul", r, index(7)), j);
        k.store(out, j, k.reduce(length, "max", constant("f32", -Infinity), (r) => load(x, at(r))));
      });
    });
    checkKernel(columns, [Float32Array.from({ length: 7 * length }, (_, i) => Math.sin(3 * i))]);
    const counted = makeKernel("count", [["f64", length], ["i32", 1]], (k, x, out) => {
      const positive = (r: Expr): Expr => convert("i32", compare("gt", load(x, r), constant("f64", 0)));
      k.store(out, 0, k.reduce(length, "add", constant("i32", 0), positive));
    });
    checkKernel(counted, [Float64Array.from(x)]);
    const every = makeKernel("every", [["f64", length], ["bool", 1]], (k, x, out) => {
      const positive = (r: Expr): Expr => compare("gt", load(x, r), constant("f64", -2));
      k.store(out, 0, k.reduce(length, "and", constant("bool", true), positive));
    });
    checkKernel(every, [Float64Array.from(x)]);
  }
});

Deno.test("branches keep loads in bounds", () => {
  for (const n of [3, 8, 21, 64]) {
    for (const storage of ["f32", "f64", "u8"] as const) {
      const padded = makeKernel("pad", [[storage, n], [storage, n + 10]], (k, x, out) => {
        const fill = constant(loadedType[storage], 7);
        k.range(n + 10, (i) => {
          const at = binary("sub", i, index(4));
          const inside = binary("and", compare("ge", at, index(0)), compare("lt", at, index(n)));
          k.store(out, i, branch(inside, load(x, at), fill));
        });
      });
      checkKernel(padded, [sample(storage, n)], { label: `pad ${storage} ${n}` });
      const joined = makeKernel(
        "concatenate",
        [[storage, n], [storage, 5], [storage, 2 * n + 5]],
        (k, x, y, out) => {
          k.range(2 * n + 5, (i) => {
            const second = branch(
              compare("lt", i, index(n + 5)),
              load(y, binary("sub", i, index(n))),
              load(x, binary("sub", i, index(n + 5))),
            );
            k.store(out, i, branch(compare("lt", i, index(n)), load(x, i), second));
          });
        },
      );
      checkKernel(joined, [sample(storage, n), sample(storage, 5, 2)], {
        label: `concatenate ${storage} ${n}`,
      });
    }
    const guarded = makeKernel(
      "guarded gather",
      [["i32", n], ["f64", 4], ["f64", n]],
      (k, at, table, out) => {
        k.range(n, (i) => {
          const position = load(at, i);
          const inside = binary("and", compare("ge", position, index(0)), compare("lt", position, index(4)));
          const value = branch(inside, load(table, position), constant("f64", -1));
          k.store(out, i, binary("add", value, convert("f64", position)));
        });
      },
    );
    checkKernel(guarded, [
      Int32Array.from({ length: n }, (_, i) => (i * 7) % 11 - 3),
      Float64Array.of(1, 2, 3, 4),
    ]);
    const uniform = makeKernel("uniform branch", [["f32", n], ["bool", 1], ["f32", n]], (k, x, flag, out) => {
      k.range(n, (i) => k.store(out, i, branch(load(flag, index(0)), load(x, i), constant("f32", 2))));
    });
    for (const flag of [0, 1]) checkKernel(uniform, [sample("f32", n), Uint8Array.of(flag)]);
  }
});

Deno.test("nested loops: a tile of a matrix product over lanes of an outer loop", () => {
  const [m, n, depth] = [6, 22, 9];
  const kernel = makeKernel(
    "matmul",
    [["f32", m * depth], ["f32", depth * n], ["f32", m * n]],
    (k, a, b, out) => {
      k.range(m / 2, (tile) => {
        const row = binary("mul", tile, index(2));
        k.for(0, n, (j) => {
          const sums = [k.local(constant("f32", 0)), k.local(constant("f32", 0))];
          k.for(0, depth, (p) => {
            const right = load(b, binary("add", binary("mul", p, index(n)), j));
            sums.forEach((sum, r) => {
              const left = load(
                a,
                binary("add", binary("mul", binary("add", row, index(r)), index(depth)), p),
              );
              sum.set(madd(left, right, sum.get()));
            });
          });
          sums.forEach((sum, r) =>
            k.store(out, binary("add", binary("mul", binary("add", row, index(r)), index(n)), j), sum.get())
          );
        }, { independent: true });
      });
    },
  );
  const a = Float32Array.from({ length: m * depth }, (_, i) => (i * 5) % 7 - 3);
  const b = Float32Array.from({ length: depth * n }, (_, i) => (i * 3) % 11 - 5);
  checkKernel(kernel, [a, b]);
});

Deno.test("loops with bounds from data, while, if and mutable locals", () => {
  const n = 40;
  const triangular = makeKernel(
    "triangular",
    [["f32", n * n], ["i32", 1], ["f32", n * n]],
    (k, x, limit, out) => {
      const size = k.let(load(limit, index(0)));
      k.for(0, size, (i) => {
        k.for(i, size, (j) => {
          const at = binary("add", binary("mul", i, index(n)), j);
          k.store(out, at, binary("mul", load(x, at), convert("f32", binary("sub", j, i))));
        }, { independent: true });
      });
    },
  );
  for (const size of [0, 1, 5, 40]) {
    checkKernel(triangular, [Float32Array.from({ length: n * n }, (_, i) => i % 17), Int32Array.of(size)]);
  }
  const collatz = makeKernel("collatz", [["i32", 10], ["i32", 10]], (k, x, out) => {
    k.range(10, (i) => {
      const value = k.local(load(x, i)), steps = k.local(index(0));
      k.while(() => compare("gt", value.get(), index(1)), () => {
        k.if(
          compare("eq", binary("and", value.get(), index(1)), index(0)),
          () => value.set(binary("div", value.get(), index(2))),
          () => value.set(binary("add", binary("mul", value.get(), index(3)), index(1))),
        );
        steps.set(binary("add", steps.get(), index(1)));
      });
      k.store(out, i, steps.get());
    });
  });
  assertEquals([...checkKernel(collatz, [Int32Array.of(1, 2, 3, 6, 7, 27, 97, 0, 9, 11)])[0]!].slice(0, 6), [
    0,
    1,
    7,
    8,
    16,
    111,
  ]);
  const cumulative = makeKernel("cumulative", [["f64", n], ["f64", n]], (k, x, out) => {
    const sum = k.local(constant("f64", 0));
    k.for(0, n, (i) => {
      sum.set(binary("add", sum.get(), load(x, i)));
      k.store(out, i, sum.get());
    });
  });
  checkKernel(cumulative, [Float64Array.from({ length: n }, (_, i) => Math.cos(i))]);
  const insertion = makeKernel("insertion sort", [["f32", n], ["f32", n]], (k, x, out) => {
    k.for(0, n, (i) => k.store(out, i, load(x, i)), { independent: true });
    k.for(1, n, (i) => {
      const value = k.let(load(out, i)), at = k.local(i);
      const above = (): Expr => load(out, binary("sub", at.get(), index(1)));
      k.while(
        () =>
          branch(compare("gt", at.get(), index(0)), compare("gt", above(), value), constant("bool", false)),
        () => {
          k.store(out, at.get(), above());
          at.set(binary("sub", at.get(), index(1)));
        },
      );
      k.store(out, at.get(), value);
    });
  });
  const shuffled = Float32Array.from({ length: n }, (_, i) => (i * 17) % n);
  assertEquals([...checkKernel(insertion, [shuffled])[0]!], [...Array(n).keys()]);
});

Deno.test("expressions thousands of nodes deep, and values shared many times", () => {
  for (const type of ["f32", "f64", "i32"] as const) {
    const n = 9;
    const kernel = makeKernel("deep", [[type, n], [type, n]], (k, x, out) => {
      k.range(n, (i) => {
        let value = load(x, i);
        for (let level = 0; level < 3000; level++) {
          const other = binary("sub", value, constant(type, 1));
          value = level % 3 === 0 ? binary("max", value, other) : binary("add", other, constant(type, 1));
        }
        k.store(out, i, value);
      });
    });
    const input = data(type, [1, 2, 3, 4, 5, 6, 7, 8, 9]);
    const executable = compileProgram(kernelProgram(kernel, 1), { heap });
    const [result] = runExecutable(executable, [new Uint8Array(input.buffer as ArrayBuffer)]);
    assertEquals(viewAs(type, result!), input, "a value plus 1 minus 1, and its maximum with less");
    const doubled = makeKernel("doubled", [[type, n], [type, n]], (k, x, out) => {
      k.range(n, (i) => {
        let value = load(x, i);
        for (let level = 0; level < 40; level++) value = binary("add", value, value);
        k.store(out, i, value);
      });
    });
    checkKernel(doubled, [data(type, [1, 2, 3, 4, 5, 6, 7, 8, 9])]);
  }
});

Deno.test("in-place kernels read before they write, surplus lanes included", () => {
  for (const storage of ["f32", "f64", "i8"] as const) {
    for (const n of lengths) {
      const kernel = makeKernel("increment", [[storage, n], [storage, n]], (k, x, out) => {
        k.for(0, n, (i) => k.store(out, i, load(x, i)), { independent: true });
        k.for(0, n, (i) => {
          const one = constant(loadedType[storage], 1);
          k.store(out, i, narrow(storage, binary("add", load(out, i), one)));
        }, { independent: true });
      });
      checkKernel(kernel, [sample(storage, n)], { label: `in place ${storage} ${n}` });
    }
  }
});

Deno.test("interleaved pairs: complex products, out of place and in place", () => {
  for (const storage of ["f32", "f64", "u32", "u16"] as const) {
    for (const n of lengths) {
      const product = makeKernel(
        "product",
        [[storage, 2 * n], [storage, 2 * n], [storage, 2 * n]],
        (k, x, y, out) => {
          const part = (of: Param, i: Expr, component: number): Expr =>
            load(of, binary("add", binary("mul", i, index(2)), index(component)));
          const multiply = (a: Param, b: Param, i: Expr): void => {
            const [ar, ai, br, bi] = [part(a, i, 0), part(a, i, 1), part(b, i, 0), part(b, i, 1)];
            const re = k.let(binary("sub", binary("mul", ar, br), binary("mul", ai, bi)));
            const im = k.let(binary("add", binary("mul", ar, bi), binary("mul", ai, br)));
            k.store(out, binary("mul", i, index(2)), narrow(storage, re));
            k.store(out, binary("add", binary("mul", i, index(2)), index(1)), narrow(storage, im));
          };
          k.for(0, n, (i) => multiply(x, y, i), { independent: true });
          k.for(0, n, (i) => multiply(out, y, i), { independent: true });
        },
      );
      const numbers = (scale: number): Data =>
        data(storage, Array.from({ length: 2 * n }, (_, i) => (i * scale) % 7));
      checkKernel(product, [numbers(3), numbers(5)], { label: `complex ${storage} ${n}` });
      const chained = makeKernel("chained", [[storage, 2 * n], [storage, 2 * n]], (k, x, out) => {
        k.for(0, n, (i) => {
          const even = binary("mul", i, index(2)), odd = binary("add", even, index(1));
          k.store(out, even, load(x, odd));
          k.store(out, odd, load(out, even));
        }, { independent: true });
      });
      checkKernel(chained, [numbers(3)], { label: `chained ${storage} ${n}` });
    }
  }
});
