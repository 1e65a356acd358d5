/**
 * jaxlet: JAX for scripts and the terminal.
 *
 * @module
 */
import "./cpu/mod.ts";

export { init, type InitOptions } from "./gpu/mod.ts";
export * as numpy from "./numpy/mod.ts";
export * as lax from "./lax/mod.ts";
export * as nn from "./nn/mod.ts";
export * as ops from "./ops/mod.ts";
export * as image from "./image/mod.ts";
export * as random from "./random/mod.ts";
export * as extend from "./random/extend.ts";
export * as scipy from "./scipy/mod.ts";
export * as tree from "./tree/mod.ts";
export * as treeUtil from "./tree/tree_util.ts";
export {
  blockUntilReady,
  checkingLeaks,
  checkpoint,
  checkpoint as remat,
  checkpointPolicies,
  clearCaches,
  closureConvert,
  config,
  customGradient,
  customJvp,
  customVjp,
  debug,
  debugInfs,
  debugKeyReuse,
  debugNans,
  defaultBackend,
  defaultMatmulPrecision,
  defaultPrngImpl,
  Device,
  deviceCount,
  deviceGet,
  devicePut,
  devices,
  disableJit,
  ds,
  dtypes,
  enableChecks,
  enableX64,
  errors,
  evalShape,
  grad,
  hessian,
  jacfwd,
  jacrev,
  jacrev as jacobian,
  JaxArray as Array,
  jit,
  jvp,
  linearize,
  linearTranspose,
  logCompiles,
  makeJaxpr,
  namedCall,
  numpyDtypePromotion,
  numpyRankPromotion,
  pureCallback,
  ShapeDtypeStruct,
  slice,
  threefryPartitionable,
  typeOf as typeof,
  valueAndGrad,
  vjp,
  vmap,
  withConfig,
} from "./core/mod.ts";
export * as customBatching from "./core/custom_batching.ts";
export * as flattenUtil from "./tree/flatten_util.ts";
