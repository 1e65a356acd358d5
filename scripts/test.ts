/**
 * Runs the tests with `deno test` and ends with the one line `N passed, N failed, N skipped`.
 * Arguments go to `deno test`: paths, `--filter NAME`, `--parallel`, ... Exits with 1 if anything failed.
 *
 *   deno task test
 *   deno task test tests/golden --filter numpy
 *
 * Types are checked by `deno task check`, not here.
 */

/** Counts of one `deno test` run. */
export interface Counts {
  passed: number;
  failed: number;
  skipped: number;
}

/** The counts in the last summary line of the output of `deno test`, or null if there is none. */
export function parseSummary(output: string): Counts | null {
  // deno-lint-ignore no-control-regex
  const plain = output.replace(/\x1b\[[0-9;]*m/g, "");
  const lines = plain.match(/^(?:ok|FAILED) \| \d+ passed.*$/gm);
  const last = lines?.at(-1);
  if (last === undefined) return null;
  const count = (word: string) => Number(new RegExp(`(\\d+) ${word}`).exec(last)?.[1] ?? 0);
  return { passed: count("passed"), failed: count("failed"), skipped: count("ignored") };
}

async function main(args: string[]): Promise<number> {
  const child = new Deno.Command(Deno.execPath(), {
    args: ["test", "-A", "--no-check", ...args],
    cwd: new URL("..", import.meta.url),
    env: Deno.stdout.isTerminal() ? {} : { NO_COLOR: "1" },
    stdin: "null",
    stdout: "piped",
    stderr: "inherit",
  }).spawn();
  const decoder = new TextDecoder();
  let output = "";
  for await (const chunk of child.stdout) {
    Deno.stdout.writeSync(chunk);
    // The summary is at the end: a bounded tail of the output holds it.
    output = (output + decoder.decode(chunk, { stream: true })).slice(-20_000);
  }
  const { success } = await child.status;
  const counts = parseSummary(output) ?? { passed: 0, failed: 0, skipped: 0 };
  // A run that ends badly without a failing test (a crash, no test module found) is a failure too.
  if (!success && counts.failed === 0) counts.failed = 1;
  console.log(`${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`);
  return counts.failed ? 1 : 0;
}

if (import.meta.main) Deno.exit(await main(Deno.args));
