import { examplesOf } from "../scripts/doc_examples.ts";
import { cyclesOf, type Edge, problemsOf } from "../scripts/imports.ts";
import { camelCase, lookUp } from "../scripts/names.ts";
import { parseSummary } from "../scripts/test.ts";
import { assertEquals } from "./assert.ts";

const edge = (from: string, to: string, dynamic = false): Edge => ({ from, to, dynamic });

Deno.test("the summary of deno test is read, colours or not", () => {
  const output =
    "x ... ok (1ms)\n\n\x1b[31mFAILED\x1b[0m | 12 passed (3 steps) | 1 failed | 2 ignored \x1b[38m(8ms)\n";
  assertEquals(parseSummary(output), { passed: 12, failed: 1, skipped: 2 });
  assertEquals(parseSummary("ok | 5 passed | 0 failed (1s)"), { passed: 5, failed: 0, skipped: 0 });
  assertEquals(parseSummary("error: No test modules found"), null);
});

Deno.test("import cycles are found", () => {
  assertEquals(cyclesOf([edge("a", "b"), edge("b", "c"), edge("c", "b")]), [["b", "c", "b"]]);
  assertEquals(cyclesOf([edge("a", "b"), edge("a", "c"), edge("b", "d"), edge("c", "d")]), []);
});

Deno.test("the layers of imports hold", () => {
  const problem = (from: string, to: string) => problemsOf([edge(from, to)])[0]?.replace(/^.*: /, "");
  assertEquals(problem("core/jit.ts", "cpu/mod.ts"), "core/ may import only kernel");
  assertEquals(problem("lax/a.ts", "core/trace.ts"), undefined);
  assertEquals(problem("core/a.ts", "core/ops/_b.ts"), "a file named _x.ts is private to its own folder");
  assertEquals(problem("core/ops/a.ts", "core/_b.ts"), undefined);
  assertEquals(problem("core/ops/a.ts", "kernel/expr.ts"), undefined);
  assertEquals(problem("lax/a.ts", "core/mod.ts"), undefined);
  assertEquals(problem("mod.ts", "numpy/mod.ts"), undefined);
  assertEquals(problem("tests/a.ts", "core/trace.ts"), undefined);
});

Deno.test("a lazy import closes no cycle, but keeps to the layers", () => {
  assertEquals(problemsOf([edge("lax/a.ts", "lax/b.ts"), edge("lax/b.ts", "lax/a.ts", true)]), []);
  assertEquals(problemsOf([edge("core/a.ts", "gpu/mod.ts", true)]).length, 1);
});

Deno.test("examples of doc comments are found with their lines", () => {
  const source = [
    "const x = 1;",
    "/**",
    " * Adds.",
    " *",
    " * ```ts",
    " * notAnExample();",
    " * ```",
    " * @example Two numbers",
    " * ```ts",
    " * add(1, 2);",
    " *   indented();",
    " * ```",
    " * @returns nothing",
    " */",
  ].join("\n");
  assertEquals(examplesOf("a.ts", source), [{ file: "a.ts", line: 10, code: "add(1, 2);\n  indented();" }]);
});

Deno.test("Python's names are camelCase here", () => {
  assertEquals(["fori_loop", "ix_", "log1p", "is_tree_node", "mT"].map(camelCase), [
    "foriLoop",
    "ix",
    "log1p",
    "isTreeNode",
    "mT",
  ]);
  assertEquals(lookUp({ treeUtil: { treeMap: 1 } }, "tree_util.tree_map"), 1);
  assertEquals(lookUp({}, "numpy.add"), undefined);
});
