// 64-bit precision, when float32 is not enough.
import { config, numpy as np } from "../mod.ts";

config.update("jax_enable_x64", true); // before arrays are made
console.log(String(np.array([1, 2]).dtype)); // float64 (the default is float32)
