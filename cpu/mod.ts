/**
 * The CPU backend: importing it registers the device.
 *
 * @module
 */
export { cpuCollector } from "./backend.ts";
