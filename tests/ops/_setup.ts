/** Defines the primitives and a device to run them on, for tests that import core alone. */
import "../../core/ops/mod.ts";
import "../../core/decomposition.ts";
import "../../core/dispatch.ts";
import "./_reference_backend.ts";
