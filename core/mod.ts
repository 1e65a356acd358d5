/**
 * The core: arrays, dtypes, primitives with their rules, jaxprs and the transformations over them.
 *
 * @module
 */
import "./decomposition.ts";
import "./jaxpr_print.ts";
import "./ops/mod.ts";

export * from "./argument.ts";
export * from "./array.ts";
export * from "./avals.ts";
export {
  type Backend,
  backendOf,
  type Compiled,
  type CompiledStats,
  defaultDevice,
  Device,
  type DeviceBuffer,
  devices,
  registerBackend,
  setDefaultDevice,
} from "./backend.ts";
export { batchFlat, matchDim, moveAxis, spread, toFront } from "./batching.ts";
export * from "./broadcasting.ts";
export * from "./callbacks.ts";
export * from "./checkpoint.ts";
export { commonDevice, ConcreteArray, describe, fromHost, scalarArray } from "./concrete.ts";
export {
  checkingLeaks,
  config,
  type ConfigKey,
  type ConfigValues,
  debugInfs,
  debugKeyReuse,
  debugNans,
  defaultMatmulPrecision,
  defaultPrngImpl,
  disableJit,
  enableChecks,
  enableX64,
  flags,
  logCompiles,
  type MatmulPrecision,
  numpyDtypePromotion,
  numpyRankPromotion,
  threefryPartitionable,
  withConfig,
} from "./config.ts";
export * as settings from "./config.ts";
export * from "./convert.ts";
export * from "./custom_derivatives.ts";
export * from "./differentiate.ts";
export * from "./grad.ts";
export { compileJaxpr, evalTrace, runJaxpr } from "./dispatch.ts";
export * from "./dtypes.ts";
export * as dtypes from "./dtypes_api.ts";
export * from "./errors.ts";
export * as errors from "./errors.ts";
export {
  array2string,
  type ElementSource,
  type Formatters,
  getPrintoptions,
  type PrintOptions,
  setPrintoptions,
  type TextLayout,
} from "./format.ts";
export * from "./host.ts";
export * from "./indexing.ts";
export { setInspect } from "./inspect.ts";
export * from "./introspect.ts";
export * from "./jacobian.ts";
export { type Atom, ClosedJaxpr, type Eqn, Jaxpr, Literal, type ScalarValue, Var } from "./jaxpr.ts";
export { jaxprText } from "./jaxpr_print.ts";
export * from "./jit.ts";
export { instantiate, jvpFlat } from "./jvp.ts";
export { LruMap } from "./lru.ts";
export * from "./named_call.ts";
export * from "./named_jit.ts";
export * from "./placement.ts";
export {
  type AxisData,
  type BatchDim,
  type Params,
  Primitive,
  primitive,
  primitives,
  type Rules,
  type Tangent,
  UndefinedPrimal,
  Zero,
} from "./primitive.ts";
export { P } from "./prims.ts";
export * as pytree from "./pytree.ts";
export { randomBits, randomGamma, randomSplit } from "./ops/random.ts";
export { randomUniform } from "./ops/random_uniform.ts";
export type { GeneratorName } from "./ops/rng_bit_generator.ts";
export { flatten, type Leaf, PyTreeDef, unflatten, type WithLeaves } from "./pytree.ts";
export * as raw from "./raw.ts";
export { evalClosed, evalJaxpr, stage, stageHoisted } from "./staging.ts";
export * from "./static.ts";
export {
  axisEnvironment,
  axisSize,
  bind,
  bind1,
  current,
  leakedTracer,
  Trace,
  Tracer,
  withAxis,
  withTrace,
} from "./trace.ts";
export * from "./vmap.ts";
