/**
 * Functions of `jax.numpy` that count elements by value.
 *
 * @module
 */
import {
  bool_,
  defaultInt,
  type DType,
  int32,
  isInexact,
  isInteger,
  JaxArray,
  keywords,
  namedJit,
  NotImplementedError,
  promoteDType,
  raw,
  sameShape,
  staticInteger,
  toIndexArray,
  toInexact,
  tuple,
  ValueError,
} from "../core/mod.ts";
import { flat, type OrOptions } from "./_arguments.ts";
import { product } from "./_axes.ts";
import { known } from "./_concrete.ts";
import { type ArrayLike, className, isHostScalar, promoteDTypes, toArray, toArrays } from "./_convert.ts";
import { maxKind, minKind, reduceArray, sumOf } from "./_reduction.ts";
import { search } from "./_search.ts";
import { asarray } from "./arrays.ts";
import { where as select } from "./_where.ts";
import { linspace } from "./ranges.ts";
