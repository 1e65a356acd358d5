/**
 * jax.random: keys, and samplers that are functions of a key.
 *
 * A key is made from a seed and used once: for more numbers it is split. The same key always gives the same numbers,
 * those that JAX gives (threefry2x32).
 *
 * @example
 * ```ts
 * import { random } from "@jaxlet/jaxlet";
 * const [a, b] = random.split(random.key(0));
 * const x = random.normal(a!, [2, 3]), y = random.uniform(b!, [3]);
 * if (String(x.shape) !== "2,3" || y.min().item() < 0) throw new Error();
 * ```
 *
 * @module
 */
export type {
  KeyLike,
  ParameterizedOptions,
  ParameterizedRest,
  SampleOptions,
  SampleRest,
  Shape,
} from "./_sampler.ts";
export { binomial, multinomial, type MultinomialOptions } from "./binomial.ts";
export {
  cauchy,
  exponential,
  gumbel,
  type GumbelMode,
  type GumbelOptions,
  laplace,
  logistic,
  pareto,
  rayleigh,
  triangular,
  weibullMin,
} from "./continuous.ts";
export {
  bernoulli,
  type BernoulliOptions,
  categorical,
  type CategoricalOptions,
  geometric,
  rademacher,
  randint,
} from "./discrete.ts";
export {
  beta,
  chisquare,
  dirichlet,
  f,
  gamma,
  type GammaOptions,
  type GammaRest,
  generalizedNormal,
  loggamma,
  randomGammaP,
  t,
} from "./gamma.ts";
export {
  clone,
  foldIn,
  key,
  keyData,
  keyDtype,
  keyImpl,
  type KeyOptions,
  PRNGKey,
  split,
  wrapKeyData,
} from "./keys.ts";
export {
  doubleSidedMaxwell,
  lognormal,
  type LognormalOptions,
  maxwell,
  normal,
  truncatedNormal,
  wald,
} from "./normal.ts";
export { choice, type ChoiceOptions, permutation, type PermutationOptions } from "./permutation.ts";
export { poisson } from "./poisson.ts";
export { bits, uniform, type UniformOptions } from "./uniform.ts";
export {
  ball,
  type BallOptions,
  type CovarianceMethod,
  multivariateNormal,
  type MultivariateNormalOptions,
  orthogonal,
  type OrthogonalOptions,
} from "./vectors.ts";
