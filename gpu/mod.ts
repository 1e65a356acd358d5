/**
 * The GPU backend: `init` finds a GPU and registers it. Importing this module does not touch WebGPU.
 *
 * @module
 */
export { init, type InitOptions } from "./init.ts";
