/**
 * Values that must be known when a program is traced, and what the host computes from them.
 *
 * @module
 */
import {
  type ConcreteArray,
  ConcretizationTypeError,
  type DType,
  fromHost,
  int32,
  JaxArray,
  type TypedArray,
  typedArrayFor,
} from "../core/mod.ts";

/**
 * The array with the value of one that may be traced.
 *
 * @param why what to do when it is not known, for the message
 * @throws {ConcretizationTypeError} when it is not
 */
export function known(x: JaxArray, why: string): JaxArray {
  const value = x.concrete();
  if (value !== null) return value;
  throw new ConcretizationTypeError(
    `Abstract tracer value encountered where concrete value is expected: traced array with shape ${x.aval}\n${why}`,
  );
}

/** Whether the value is known now. */
export function isKnown(x: unknown): boolean {
  return !(x instanceof JaxArray) || x.concrete() !== null;
}

/** For each element, 1 if it is not zero. */
export function nonzeroFlags(x: JaxArray): Uint8Array {
  const data = x.dataSync(), flags = new Uint8Array(x.size), { dtype } = x;
  if (dtype.kind === "complex") {
    for (let i = 0; i < flags.length; i++) {
      if (data[2 * i] !== 0 || data[2 * i + 1] !== 0) flags[i] = 1;
    }
  } else if (dtype.kind === "float" && data instanceof Uint16Array) {
    for (let i = 0; i < flags.length; i++) if ((data[i]! & 0x7fff) !== 0) flags[i] = 1;
  } else {
    // Loose, so that 0n counts as zero.
    for (let i = 0; i < flags.length; i++) if (data[i] != 0) flags[i] = 1;
  }
  return flags;
}

/** Flat indices of the true elements of a mask whose value is known. */
export function knownPositions(mask: JaxArray): number[] {
  const set = nonzeroFlags(mask), positions: number[] = [];
  for (let i = 0; i < set.length; i++) if (set[i]) positions.push(i);
  return positions;
}

/** The integers of an array whose value is known, as JS numbers. */
export function integersOf(x: JaxArray): number[] {
  return Array.from(x.dataSync() as Int32Array, Number);
}

/** An array of integers that the host has. */
export function integerArray(
  values: readonly number[] | Int32Array,
  shape: readonly number[] = [values.length],
  dtype: DType = int32,
): ConcreteArray {
  const data = dtype.bits === 64
    ? BigInt64Array.from(values as number[], BigInt)
    : (typedArrayFor(dtype) as unknown as { from(x: Iterable<number>): TypedArray }).from(values);
  return fromHost({ shape: [...shape], dtype, weakType: false, data });
}
