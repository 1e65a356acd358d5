/**
 * Gives the kernel compiler a way to trace the primitives that are defined by others.
 *
 * @module
 */
import { setDecomposer } from "../kernel/mod.ts";
import { ClosedJaxpr } from "./jaxpr.ts";
import { stage } from "./staging.ts";

setDecomposer((fn, avals) => {
  const { jaxpr, consts } = stage(fn, avals);
  return new ClosedJaxpr(jaxpr, consts);
}, (array) => {
  const { buffer, byteOffset, byteLength } = array.dataSync();
  return new Uint8Array(buffer as ArrayBuffer, byteOffset, byteLength);
});
