/**
 * What the lowering knows of the machine that a program is for.
 *
 * @module
 */

/** Limits and habits of a backend. */
export interface Target {
  /** Arrays that one kernel may read and write together. */
  readonly maxArrays: number;
  /** Has 64-bit scalars: long float32 sums then accumulate in float64. */
  readonly wide: boolean;
  /**
   * `few` threads: an iteration of a kernel's range is worth a thread's while and walks along memory. `many`: it
   * computes one element, and neighbouring iterations touch neighbouring elements.
   */
  readonly threads: "few" | "many";
}

/** A processor with some cores and vector units. */
export const defaultTarget: Target = { maxArrays: 48, wide: true, threads: "few" };
