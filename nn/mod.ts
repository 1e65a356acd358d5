/**
 * jax.nn: functions of neural networks.
 *
 * @module
 */
export * from "./activations.ts";
export * from "./attention.ts";
export * from "./normalization.ts";
export * from "./rectifiers.ts";
export * from "./scaled_matmul.ts";
export {
  logmeanexp,
  type LogmeanexpOptions,
  logSoftmax,
  logsumexp,
  type LogsumexpOptions,
  softmax,
  type SoftmaxOptions,
} from "./softmax.ts";
export * as initializers from "./initializers.ts";
