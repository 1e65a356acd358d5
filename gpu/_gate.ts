/**
 * The shaders that open and close the slots of steps that run under a condition.
 *
 * @module
 */
import type { StorageType } from "../kernel/ir.ts";
import { storedTypes } from "./_wgsl_ops.ts";
import { declarations, type Shader } from "./shader.ts";

const lanes = 64;

/**
 * A gate. Its bindings: the buffer of the condition, the entries (slot, branch, workgroups along x and y), the slots;
 * its uniforms: where the condition lies, the first entry and their number, the number of branches, and, plus one, the
 * numbers of the slots that tell whether a loop goes on and whether the gate itself runs.
 *
 * - `switch` opens the entries of the branch that the condition, clamped, names;
 * - `start` opens all of branch 0: a loop begins;
 * - `test` closes all when the condition is false, for good.
 */
export function gateShader(mode: "switch" | "start" | "test", storage: StorageType): Shader {
  const type = storedTypes[storage]!;
  const chosen = {
    switch: "u32(clamp(i32(b0[source]), 0, branches - 1))",
    start: "0u",
    test: `select(1u, 0u, b2[3 * alive] != 0u && b0[source] != ${type}())`,
  }[mode];
  const setup = {
    switch: ["let source = offsets[0].x;", "let branches = offsets[0].w;", "let own = offsets[1].y - 1;"],
    start: ["let own = offsets[1].y - 1;"],
    test: ["let source = offsets[0].x;", "let alive = offsets[1].x - 1;"],
  }[mode];
  const order = mode === "test"
    ? ["storageBarrier();", "workgroupBarrier();"]
    : ["if (own >= 0 && b2[3 * own] == 0u) { return; }"];
  const text = [
    ...declarations([type, "vec4<u32>", "u32"], [false, false, true], 6),
    `@compute @workgroup_size(${lanes})`,
    "fn main(@builtin(local_invocation_index) lane: u32) {",
    "  let first = offsets[0].y;",
    "  let count = offsets[0].z;",
    ...[...setup, `let chosen = ${chosen};`, ...order].map((line) => `  ${line}`),
    `  for (var i = i32(lane); i < count; i += ${lanes}) {`,
    "    let entry = b1[first + i];",
    "    let at = 3u * entry.x;",
    "    let open = entry.y == chosen;",
    "    b2[at] = select(0u, entry.z, open);",
    "    b2[at + 1u] = select(0u, entry.w, open);",
    "    b2[at + 2u] = select(0u, 1u, open);",
    "  }",
    "}",
    "",
  ];
  return { text: text.join("\n"), writes: [false, false, true], groups: [1, 1], moving: [0] };
}
