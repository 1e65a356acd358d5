/**
 * Random orders, and samples of the elements of an array.
 *
 * @module
 */
import {
  type ArrayLike,
  bind,
  canonicalAxis,
  canonicalShape,
  defaultInt,
  isInteger,
  JaxArray,
  keywords,
  P,
  raw,
  staticInteger,
  toArray,
  tuple,
  ValueError,
} from "../core/mod.ts";
import { randomBits } from "../core/ops/random.ts";
import { type Key1, type KeyLike, parameters, sampler, type Shape, singleKey, sizeOf, splitTwo } from "./_sampler.ts";
import { type GumbelMode, gumbelCore, gumbelMode } from "./continuous.ts";
import { randint } from "./discrete.ts";
import { uniform01 } from "./uniform.ts";
