/**
 * Measures the rows of `rows.ts` and prints a table of medians.
 *
 *     deno task bench [--only TEXT] [--json FILE] [--jax PYTHON]
 *
 * `--jax` adds a column from a Python that has JAX: its runs and jaxlet's alternate row by row.
 */
import { Bench } from "tinybench";
import { type Row, rows } from "./rows.ts";

interface Figure {
  readonly name: string;
  readonly unit: string;
  readonly jaxlet: number;
  readonly jax: number | null;
}

function option(name: string): string | undefined {
  const at = Deno.args.indexOf(`--${name}`);
  return at < 0 ? undefined : Deno.args[at + 1];
}

/** Median milliseconds of one run. */
async function measure(row: Row): Promise<number> {
  const run = row.jaxlet();
  const bench = new Bench({ time: 500, iterations: 5, warmupTime: 100, warmupIterations: 2 });
  bench.add(row.name, () => {
    run();
  });
  await bench.run();
  const { result } = bench.tasks[0]! as { result?: { latency?: { p50?: number } } };
  const median = result?.latency?.p50;
  if (median === undefined) throw new Error(`${row.name} could not be measured`);
  return median;
}

/** Median milliseconds of the same in JAX. */
async function measureJax(python: string, { python: [setup, run] }: Row): Promise<number> {
  const script = [
    "import time, statistics, jax, jax.numpy as jnp",
    "u = lambda shape: jax.random.uniform(jax.random.key(0), shape)",
    setup,
    `jax.block_until_ready(${run}); jax.block_until_ready(${run})`,
    "times = []; end = time.perf_counter() + 0.5",
    "while time.perf_counter() < end or len(times) < 5:",
    "  t = time.perf_counter()",
    `  jax.block_until_ready(${run})`,
    "  times.append(time.perf_counter() - t)",
    "print(statistics.median(times) * 1000)",
  ].join("\n");
  const { stdout, stderr, success } = await new Deno.Command(python, { args: ["-c", script] }).output();
  if (!success) throw new Error(new TextDecoder().decode(stderr));
  return Number(new TextDecoder().decode(stdout));
}

const only = option("only") ?? "", python = option("jax"), json = option("json");
const figures: Figure[] = [];
const shown = (x: number): string => x >= 100 ? x.toFixed(0) : x.toPrecision(3);
console.log(`| work | unit | jaxlet |${python ? " JAX (CPU) |" : ""}\n|---|---|---|${python ? "---|" : ""}`);
for (const row of rows.filter(({ name }) => name.includes(only))) {
  const jaxlet = row.figure(await measure(row));
  const jax = python ? row.figure(await measureJax(python, row)) : null;
  figures.push({ name: row.name, unit: row.unit, jaxlet, jax });
  console.log(`| ${row.name} | ${row.unit} | ${shown(jaxlet)} |${jax === null ? "" : ` ${shown(jax)} |`}`);
}
if (json) Deno.writeTextFileSync(json, JSON.stringify(figures, null, 2) + "\n");
