/**
 * The gate: format, lint, types, import rules, doc examples. Runs all of them (or those named on the command
 * line), says what is wrong with each, and exits with 1 if anything is.
 *
 *   deno task check
 *   deno task check imports examples
 */
import { root } from "./_files.ts";
import { runExamples } from "./doc_examples.ts";
import { importEdges, problemsOf } from "./imports.ts";

/** A check prints what is wrong and tells whether all is well. */
const checks: Record<string, () => Promise<boolean>> = {
  format: () => deno("fmt", "--check", "--quiet"),
  lint: () => deno("lint", "--quiet"),
  types: () => deno("check", "--quiet", "."),
  imports: async () => {
    const problems = problemsOf(await importEdges());
    for (const problem of problems) console.log(problem);
    return problems.length === 0;
  },
  examples: () => runExamples(),
};

async function deno(...args: string[]): Promise<boolean> {
  const child = new Deno.Command(Deno.execPath(), { args, cwd: root, stdin: "null" }).spawn();
  return (await child.status).success;
}

async function main(names: string[]): Promise<number> {
  const failed: string[] = [];
  for (const name of names.length ? names : Object.keys(checks)) {
    const check = checks[name];
    if (!check) {
      throw new RangeError(`Unknown check "${name}": expected one of ${Object.keys(checks).join(", ")}`);
    }
    const start = performance.now();
    const ok = await check();
    if (!ok) failed.push(name);
    console.log(`${ok ? "ok    " : "FAILED"} ${name} (${((performance.now() - start) / 1000).toFixed(1)} s)`);
  }
  console.log(failed.length ? `check failed: ${failed.join(", ")}` : "all checks passed");
  return failed.length ? 1 : 0;
}

if (import.meta.main) Deno.exit(await main(Deno.args));
