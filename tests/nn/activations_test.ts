import { errors, grad, makeJaxpr, nn, numpy as np, vmap } from "../../mod.ts";
import { assertEquals, assertThrows } from "../assert.ts";
import { array, random, type Row, testRows } from "../ops/_harness.ts";

const { max, min, exp, log1p, sqrt, tanh, abs, PI } = Math;
const softplus = (x: number): number => max(x, 0) + log1p(exp(-abs(x)));
const sigmoid = (x: number): number => 1 / (1 + exp(-x));
const lambda = 1.0507009873554805, alpha = 1.6732632423543772;

/** Away from the places where pieces meet. */
const points = array([-7.3, -2.6, -0.7, -0.2, 0.3, 0.9, 1.4, 2.8, 6.5]);
const rtol = 1e-5, atol = 1e-6;

interface Activation extends Omit<Row, "expected"> {
  readonly expected?: ((...xs: number[]) => number) | readonly number[];
}

const rows: Activation[] = [
  { name: "relu", f: nn.relu, operands: [points], expected: (x) => max(x, 0) },
  { name: "relu6", f: nn.relu6, operands: [points], expected: (x) => min(max(x, 0), 6) },
  { name: "leaky relu", f: (x) => nn.leakyRelu(x), operands: [points], expected: (x) => x < 0 ? x / 100 : x },
  {
    name: "leaky relu with slopes",
    f: (x, slope) => nn.leakyRelu(x, slope),
    operands: [points, random([9])],
    expected: (x, slope) => x < 0 ? slope * x : x,
  },
  {
    name: "elu",
    f: (x, a) => nn.elu(x, a),
    operands: [points, array(0.7)],
    expected: (x, a) => x > 0 ? x : a * (exp(x) - 1),
  },
  {
    name: "celu",
    f: (x, a) => nn.celu(x, { alpha: a }),
    operands: [points, array(1.5)],
    expected: (x, a) => x > 0 ? x : a * (exp(x / a) - 1),
  },
  {
    name: "selu",
    f: nn.selu,
    operands: [points],
    expected: (x) => lambda * (x > 0 ? x : alpha * (exp(x) - 1)),
  },
  { name: "hard tanh", f: nn.hardTanh, operands: [points], expected: (x) => max(-1, min(1, x)) },
  { name: "hard sigmoid", f: nn.hardSigmoid, operands: [points], expected: (x) => min(max(x + 3, 0), 6) / 6 },
  { name: "hard silu", f: nn.hardSilu, operands: [points], expected: (x) => x * min(max(x + 3, 0), 6) / 6 },
  { name: "identity", f: nn.identity, operands: [points], expected: (x) => x },
  { name: "sigmoid", f: nn.sigmoid, operands: [points], expected: sigmoid },
  { name: "silu", f: nn.silu, operands: [points], expected: (x) => x * sigmoid(x) },
  { name: "log sigmoid", f: nn.logSigmoid, operands: [points], expected: (x) => -softplus(-x) },
  { name: "softplus", f: nn.softplus, operands: [points], expected: softplus },
  { name: "soft sign", f: nn.softSign, operands: [points], expected: (x) => x / (1 + abs(x)) },
  { name: "mish", f: nn.mish, operands: [points], expected: (x) => x * tanh(softplus(x)) },
  {
    name: "sparse plus",
    f: nn.sparsePlus,
    operands: [points],
    expected: (x) => x < -1 ? 0 : x > 1 ? x : (x + 1) ** 2 / 4,
  },
  {
    name: "sparse sigmoid",
    f: nn.sparseSigmoid,
    operands: [points],
    expected: (x) => max(0, min(1, (x + 1) / 2)),
  },
  {
    name: "squareplus",
    f: (x, b) => nn.squareplus(x, b),
    operands: [points, array(2.5)],
    expected: (x, b) => (x + sqrt(x * x + b)) / 2,
  },
  {
    name: "gelu",
    f: (x) => nn.gelu(x),
    operands: [points],
    expected: (x) => x / 2 * (1 + tanh(sqrt(2 / PI) * (x + 0.044715 * x ** 3))),
  },
  {
    name: "exact gelu",
    f: (x) => nn.gelu(x, false),
    operands: [array([-1, 0, 1, 2])],
    expected: [-0.15865525, 0, 0.8413447, 1.9544997],
  },
  {
    name: "log1mexp",
    f: nn.log1mexp,
    operands: [array([0.01, 0.3, 0.69, 0.7, 2, 9])],
    expected: (x) => Math.log(-Math.expm1(-x)),
  },
  {
    name: "glu",
    f: (x) => nn.glu(x, { axis: 0 }),
    operands: [random([4, 3])],
  },
];
testRows("activations", rows.map((row) => ({ rtol, atol, ...row })));

Deno.test("nn: dtypes of activations", () => {
  const ints = np.array([-1n, 2n]), half = np.array([-1, 2], "float16");
  assertEquals(nn.relu(ints).dtype.name, "int32");
  assertEquals(nn.hardTanh(ints).dtype.name, "int32");
  assertEquals(String(nn.leakyRelu(ints, 2)), "[-2  2]");
  for (const f of [nn.relu6, nn.elu, nn.celu, nn.selu, nn.softplus, nn.gelu, nn.hardSilu]) {
    assertEquals((f as (x: np.Array) => np.Array)(ints).dtype.name, "float32", f.name);
    assertEquals((f as (x: np.Array) => np.Array)(half).dtype.name, "float16", f.name);
  }
  assertThrows(() => nn.sigmoid(ints), TypeError, "logistic does not accept dtype int32");
});

Deno.test("nn: derivatives where pieces meet", () => {
  const slopes = (f: (x: np.Array) => np.Array, at: number[]): unknown =>
    vmap(grad(f))(np.array(at)).toArray();
  assertEquals(slopes(nn.relu, [-0, 0, NaN]), [0, 0, 0]);
  assertEquals(slopes(nn.relu6, [0, 6]), [0, 0]);
  // The branch that is not taken must not spoil the derivative of the one that is.
  assertEquals(slopes((x) => nn.elu(x), [1000, 0]), [1, 1]);
  assertEquals(slopes(nn.softplus, [-1000, 0, 1000]), [0, 0.5, 1]);
});

Deno.test("nn: relu is a custom_jvp_call of a jit in jaxprs", () => {
  assertEquals(
    String(makeJaxpr(nn.relu)(np.zeros([4]))),
    `{ lambda ; a:f32[4]. let
    b:f32[4] = custom_jvp_call[
      name=relu
      call_jaxpr={ lambda ; c:f32[4]. let
          d:f32[4] = jit[
            name=relu
            jaxpr={ lambda ; c:f32[4]. let d:f32[4] = max c 0.0:f32[] in (d,) }
          ] c
        in (d,) }
      jvp=jvp
      symbolic_zeros=False
    ] a
  in (b,) }`,
  );
});

Deno.test("nn: errors of activations", () => {
  assertThrows(() => nn.glu(np.ones([3])), errors.AssertionError, "axis size must be divisible by 2");
  assertThrows(() => nn.glu(np.ones([4]), 1), RangeError, "axis 1 is out of range");
  assertThrows(() => nn.relu([1, 2] as never), TypeError, "relu requires ndarray or scalar arguments");
  assertThrows(() => nn.elu(1, { alph: 1 } as never), TypeError, 'did you mean "alpha"?');
});
