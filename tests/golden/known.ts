/**
 * What is known to differ from the golden cases, and why. The list cannot rot: a case listed here that passes is a
 * failure of the golden test, and so is an id that does not exist.
 */

/** Cases that differ for a reason that stands: id → reason. */
export const known: Readonly<Record<string, string>> = {
  "tree.eq/0": "JavaScript has one kind of array, so (1, 2) and [1, 2] have the same structure",
};

/** Areas that are being filled: how many of their cases pass at least. All cases of other areas must pass. */
export const minimum: Readonly<Record<string, number>> = {};
