/** What the files of this folder have in common. */
import type { Any } from "../golden/jax.ts";

/**
 * A golden case's Python program, written in TypeScript: gets the library and the case's arguments. Programs are
 * not typed, because many give wrong arguments on purpose, which types would refuse.
 */
export type Program = (jax: Any, ...args: Any[]) => unknown;

/** Programs by the name of their case. */
export type Programs = Readonly<Record<string, Program>>;
