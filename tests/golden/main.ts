/**
 * Runs golden cases by hand and prints what differs, those in known.ts too.
 *
 *   deno run -A tests/golden/main.ts [--only ID] [--show N] [AREA | FILE.jsonl]...
 *
 * Ends with "N passed, N failed, N skipped" and exits with 1 if anything failed.
 */
import { areas } from "./cases.ts";
import { type Outcome, runFile } from "./golden.ts";

function parse(args: readonly string[]): { only: string; show: number; files: string[] } {
  const rest = [...args];
  const option = (name: string, fallback: string) => {
    const at = rest.indexOf(name);
    return at < 0 ? fallback : rest.splice(at, 2)[1] ?? fallback;
  };
  const only = option("--only", "");
  const show = Number(option("--show", "20"));
  return { only, show, files: rest.map((file) => file.replace(/^.*\//, "").replace(/\.jsonl$/, "")) };
}

const { only, show, files } = parse(Deno.args);
const missing = new Map<string, number>();
const total = { passed: 0, failed: 0, skipped: 0 };
let printed = 0;
for (const area of files.length ? files : areas()) {
  const start = performance.now();
  const outcomes = await runFile(area, { only });
  const count = (status: Outcome["status"]) => outcomes.filter((outcome) => outcome.status === status).length;
  for (const status of ["passed", "failed", "skipped"] as const) total[status] += count(status);
  for (const { id, fn, status, detail } of outcomes) {
    if (status !== "failed") continue;
    const name = /^(\S+) is missing$/.exec(detail)?.[1];
    if (name) missing.set(name, (missing.get(name) ?? 0) + 1);
    else if (printed++ < show) console.log(`${id} ${fn}: ${detail}`);
  }
  const seconds = ((performance.now() - start) / 1000).toFixed(1);
  console.log(
    `${area}: ${count("passed")} passed, ${count("failed")} failed, ${
      count("skipped")
    } skipped (${seconds} s)`,
  );
}
if (missing.size) {
  console.log(`missing: ${[...missing].map(([name, n]) => `${name} (${n})`).join(", ")}`);
}
console.log(`${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`);
Deno.exit(total.failed ? 1 : 0);
