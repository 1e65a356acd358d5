import "/tmp/jx/el_backend.ts";
import "../../core/ops/mod.ts";
import "../../core/dispatch.ts";
import "../../core/ops/reduce.ts";
