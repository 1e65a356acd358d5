/**
 * Defines the primitives and a device to run them on, for tests that import core alone: the CPU, or the JavaScript
 * reference evaluator with JAXLET_TEST_DEVICE=reference.
 */
import "../../core/ops/mod.ts";
import "../../core/decomposition.ts";
import "../../core/dispatch.ts";

if (Deno.env.get("JAXLET_TEST_DEVICE") === "reference") await import("./_reference_backend.ts");
else await import("../../cpu/backend.ts");
