import { assert, assertThrows } from "../assert.ts";
import { call, type Case, checkCase, checkResult, readLines } from "./_cases.ts";

const cases = readLines<Case>("samplers.jsonl");

for (const [fn, group] of Object.entries(Object.groupBy(cases, (c) => c.fn))) {
  Deno.test(`${fn} gives JAX's values, dtypes and errors`, () => {
    for (const c of group!) checkCase(c);
  });
}

Deno.test("reference values of random, also of the original stream", () => {
  for (const c of readLines<Case>("reference.jsonl")) checkCase(c);
});

Deno.test("a wrong value, dtype, weak type or shape of a case is noticed", () => {
  const c = cases.find((x) =>
    x.fn === "jax.random.normal" && x.out?.dtype === "float32" && x.out.shape.length === 2
  )!;
  const got = call(c);
  checkResult(c, got);
  const { out } = c, wrong = (change: object): Case => ({ ...c, out: { ...out, ...change } });
  const data = out.data.map((x: number, i: number) => i === 3 ? x + 1e-3 : x);
  for (const bad of [{ data }, { dtype: "float64" }, { weak: true }, { shape: [out.data.length] }]) {
    assertThrows(() => checkResult(wrong(bad), got));
  }
  const integers = cases.find((x) => x.fn === "jax.random.randint" && x.out?.data.length > 2)!;
  const shifted = { ...integers.out, data: integers.out.data.map((x: number | string) => Number(x) + 1) };
  assertThrows(() => checkResult({ ...integers, out: shifted }, call(integers)));
  assert(cases.length > 500 && new Set(cases.map((x) => x.fn)).size > 40, "most of the cases are missing");
});
