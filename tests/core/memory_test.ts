/** Memory stays bounded in synchronous loops, without a word from the user. Each case runs in a process of its own. */
import { assert, assertEquals } from "../assert.ts";

const library = new URL("../../mod.ts", import.meta.url).href;

/** Runs a script that may use the library as `jax`, and gives what it prints. */
async function run(script: string): Promise<string> {
  const source = `import * as jax from ${JSON.stringify(library)};\nconst { numpy: np } = jax;\n${script}`;
  const file = await Deno.makeTempFile({ suffix: ".ts" });
  try {
    await Deno.writeTextFile(file, source);
    const { stdout, stderr, success } = await new Deno.Command(Deno.execPath(), {
      args: ["run", "-A", "--no-check", file],
    }).output();
    assert(success, new TextDecoder().decode(stderr));
    return new TextDecoder().decode(stdout).trim();
  } finally {
    await Deno.remove(file);
  }
}

/** Resident megabytes, the largest of samples that the script takes, and its result. */
async function resident(body: string): Promise<{ megabytes: number; result: string }> {
  const text = await run(`
    let most = 0;
    const sample = () => { most = Math.max(most, Deno.memoryUsage().rss / 1e6); };
    const result = (() => { ${body} })();
    sample();
    console.log(JSON.stringify({ megabytes: most, result: String(result) }));
  `);
  return JSON.parse(text);
}

const limit = 1500;

Deno.test("20,000 steps of a jitted update of 4 MB of parameters", async () => {
  const { megabytes, result } = await resident(`
    const step = jax.jit((p) => ({ w: p.w.mul(0.5).add(0.5), n: p.n.add(1) }));
    let p = { w: np.ones([1_000_000]), n: np.float32(0) };
    for (let i = 0; i < 20_000; i++) {
      p = step(p);
      if (i % 500 === 0) sample();
    }
    return p.n;
  `);
  assertEquals(result, "20000.0");
  assert(megabytes < limit, `${megabytes.toFixed(0)} MB resident`);
});

Deno.test("1,000,000 eager operations on small arrays", async () => {
  const { megabytes, result } = await resident(`
    let x = np.zeros([10]);
    for (let i = 0; i < 1_000_000; i++) {
      x = x.add(1);
      if (i % 20_000 === 0) sample();
    }
    return x.get(0).item();
  `);
  assertEquals(result, "1000000");
  assert(megabytes < limit, `${megabytes.toFixed(0)} MB resident`);
});

Deno.test("2,000 eager operations on arrays of 8 MB", async () => {
  const { megabytes, result } = await resident(`
    let x = np.zeros([2_000_000]);
    for (let i = 0; i < 2_000; i++) {
      x = x.add(1);
      if (i % 50 === 0) sample();
    }
    return x.get(1);
  `);
  assertEquals(result, "2000.0");
  assert(megabytes < limit, `${megabytes.toFixed(0)} MB resident`);
});

Deno.test("a script that used timers and promises exits by itself", async () => {
  const text = await run(`
    const x = np.arange(4);
    await x.blockUntilReady();
    await x.data();
    setTimeout(() => console.log("late", String(x)), 10);
    console.log("early");
  `);
  assertEquals(text, "early\nlate [0 1 2 3]");
});

Deno.test("donated arrays are given up, and deleted ones say so", async () => {
  const text = await run(`
    const f = jax.jit((x) => x.add(1), { donateArgnums: [0] });
    const x = np.ones([3]);
    console.log(String(f(x)), x.isDeleted());
    try { x.add(1); } catch (error) { console.log(error.name, error.message.split(".")[0]); }
    const y = np.ones([2]);
    y.delete();
    try { y.sum(); } catch (error) { console.log(error.name, error.message.split(".")[0]); }
  `);
  assertEquals(
    text,
    "[2. 2. 2.] true\nRuntimeError Array has been deleted with shape=float32[3]\n" +
      "RuntimeError Array has been deleted with shape=float32[2]",
  );
});
