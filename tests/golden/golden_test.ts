import { assert } from "../assert.ts";
import { areas } from "./cases.ts";
import { runFile } from "./golden.ts";
import { known, minimum } from "./known.ts";

/** How many differing cases a failure shows. */
const shown = 40;

const seen = new Set<string>();

for (const area of areas()) {
  Deno.test(`golden: ${area}`, async () => {
    const outcomes = await runFile(area);
    for (const { id } of outcomes) seen.add(id);
    const failed = outcomes.filter(({ status }) => status === "failed");
    const passed = outcomes.filter(({ status }) => status === "passed");
    const least = minimum[area];
    if (least !== undefined) {
      assert(passed.length >= least, `${passed.length} cases pass, which used to be ${least}`);
      return;
    }
    const problems = [
      ...failed.filter(({ id }) => !(id in known)).map(({ id, fn, detail }) => `${id} ${fn}: ${detail}`),
      ...passed.filter(({ id }) => id in known).map(({ id }) =>
        `${id}: passes, so that known.ts need not list it`
      ),
    ];
    const rest = problems.length > shown ? [`... and ${problems.length - shown} more`] : [];
    assert(
      problems.length === 0,
      [`${problems.length} of ${outcomes.length} cases`, ...problems.slice(0, shown), ...rest].join("\n"),
    );
  });
}

Deno.test("golden: every id in known.ts exists", () => {
  const gone = Object.keys(known).filter((id) => !seen.has(id));
  assert(seen.size === 0 || gone.length === 0, `no such cases: ${gone.join(", ")}`);
});
