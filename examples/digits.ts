// Trains a small neural network on handwritten digits: grad + jit + a pytree of parameters, with Adam.
import { jit, nn, numpy as np, random, tree, valueAndGrad } from "../mod.ts";
import { loadDigits } from "./_digits_data.ts";

interface Layer {
  w: np.Array;
  b: np.Array;
}
type Params = Layer[];
interface State {
  params: Params;
  mean: Params;
  square: Params;
  step: np.Array;
}

const sizes = [64, 256, 128, 10];
const batch = 128, epochs = 40, held = 360;

const { images, labels, count } = await loadDigits();
const order = random.permutation(random.key(1), count);
const x = np.array(images).reshape([count, 64]).get(order), y = np.array(labels).get(order);
const trainX = x.get(`${held}:`),
  trainY = y.get(`${held}:`),
  testX = x.get(`:${held}`),
  testY = y.get(`:${held}`);

function initialise(key: np.Array): Params {
  return sizes.slice(1).map((n, i) => {
    const m = sizes[i]!;
    const w = random.normal(random.foldIn(key, i), [m, n]).mul(Math.sqrt(2 / m));
    return { w, b: np.zeros([n]) };
  });
}

function logits(params: Params, x: np.Array): np.Array {
  return params.reduce((h, { w, b }, i) => {
    const z = h.matmul(w).add(b);
    return i < params.length - 1 ? nn.relu(z) : z;
  }, x);
}

function loss(params: Params, x: np.Array, y: np.Array): np.Array {
  const logp = nn.logSoftmax(logits(params, x));
  return np.mean(np.takeAlongAxis(logp, y.get(":", null), 1)).neg();
}

const zeros = (params: Params): Params => tree.map((p: np.Array) => np.zerosLike(p), params) as Params;

/** One step of Adam (Kingma and Ba, 2015). */
const update = jit((state: State, x: np.Array, y: np.Array): [State, np.Array] => {
  const [value, grads] = valueAndGrad(loss)(state.params, x, y) as [np.Array, Params];
  const step = state.step.add(1);
  const mean = tree.map(
    (m: np.Array, g: np.Array) => m.mul(0.9).add(g.mul(0.1)),
    state.mean,
    grads,
  ) as Params;
  const square = tree.map(
    (v: np.Array, g: np.Array) => v.mul(0.999).add(g.mul(g).mul(0.001)),
    state.square,
    grads,
  ) as Params;
  const rate = np.sqrt(np.subtract(1, np.power(0.999, step))).div(np.subtract(1, np.power(0.9, step))).mul(
    2e-3,
  );
  const params = tree.map(
    (p: np.Array, m: np.Array, v: np.Array) => p.sub(m.mul(rate).div(np.sqrt(v).add(1e-8))),
    state.params,
    mean,
    square,
  ) as Params;
  return [{ params, mean, square, step }, value];
});

const accuracy = jit((params: Params, x: np.Array, y: np.Array) =>
  np.mean(np.argmax(logits(params, x), { axis: 1 }).eq(y))
);

function progress(done: number, total: number, text: string): void {
  if (!Deno.stderr.isTerminal()) return;
  const filled = Math.round(30 * done / total);
  const line = `\r[${"█".repeat(filled)}${"░".repeat(30 - filled)}] ${done}/${total}  ${text}`;
  Deno.stderr.writeSync(new TextEncoder().encode(done === total ? `${line}\n` : line));
}

const started = performance.now();
const params = initialise(random.key(0));
let state: State = { params, mean: zeros(params), square: zeros(params), step: np.float32(0) };
const train = count - held, batches = Math.floor(train / batch);
for (let epoch = 0; epoch < epochs; epoch++) {
  const shuffled = random.permutation(random.foldIn(random.key(2), epoch), train);
  let value = np.float32(0);
  for (let i = 0; i < batches; i++) {
    const rows = shuffled.get(`${i * batch}:${(i + 1) * batch}`);
    [state, value] = update(state, trainX.get(rows), trainY.get(rows));
  }
  progress(epoch + 1, epochs, `loss ${value.item().toFixed(4)}`);
}
const score = accuracy(state.params, testX, testY).item() as number;
const seconds = (performance.now() - started) / 1000;
console.log(
  `accuracy on ${held} held-out digits: ${(100 * score).toFixed(1)}% after ${epochs} epochs, ${
    seconds.toFixed(1)
  } s`,
);
if (score < 0.97) throw new Error(`expected at least 97%, got ${(100 * score).toFixed(1)}%`);
