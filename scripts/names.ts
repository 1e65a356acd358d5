/** How JAX's Python names read here (see README: a name in snake_case is camelCase). */

/** The camelCase form of a Python name; leading and trailing underscores go: `ix_` is `ix`. */
export function camelCase(name: string): string {
  return name.replace(/^_+|_+$/g, "").replace(
    /_+([a-zA-Z0-9])/g,
    (_, letter: string) => letter.toUpperCase(),
  );
}

/** The value at a dotted Python name below `root`, in camelCase or spelled as in Python; undefined if there is none. */
export function lookUp(root: unknown, dotted: string): unknown {
  let at = root;
  for (const part of dotted.split(".")) {
    if (at === null || at === undefined) return undefined;
    const members = Object(at) as Record<string, unknown>;
    at = members[camelCase(part)] ?? members[part];
  }
  return at;
}

/** Python's operator methods of arrays, by the method that stands for each. */
export const operatorMethods: Readonly<Record<string, string>> = {
  add: "add",
  sub: "sub",
  mul: "mul",
  truediv: "div",
  floordiv: "floorDivide",
  mod: "mod",
  pow: "pow",
  matmul: "matmul",
  divmod: "divmod",
  eq: "eq",
  ne: "ne",
  lt: "lt",
  le: "le",
  gt: "gt",
  ge: "ge",
  and: "and",
  or: "or",
  xor: "xor",
  lshift: "lshift",
  rshift: "rshift",
  neg: "neg",
  abs: "abs",
  invert: "invert",
  round: "round",
};

/** Reflected operators (`2 - x`) have no method: they are functions of `np`, by these names. */
export const reflectedFunctions: Readonly<Record<string, string>> = {
  add: "add",
  sub: "subtract",
  mul: "multiply",
  truediv: "divide",
  floordiv: "floorDivide",
  mod: "mod",
  pow: "power",
  matmul: "matmul",
  divmod: "divmod",
  and: "bitwiseAnd",
  or: "bitwiseOr",
  xor: "bitwiseXor",
  lshift: "leftShift",
  rshift: "rightShift",
};
