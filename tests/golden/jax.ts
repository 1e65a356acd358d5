/**
 * The library as the golden cases see it: a namespace whose members are found by name at run time. Types cannot
 * follow that, so this is the one place where they end.
 */
import * as jaxlet from "../../mod.ts";
import { lookUp } from "../../scripts/names.ts";

// deno-lint-ignore no-explicit-any
export type Any = any;

/** The library. */
export const jax: Any = jaxlet;

/** Raised where a case needs a name that does not exist. */
export class Missing extends Error {
  override name = "Missing";
}

/** Raised where a case has no meaning in JavaScript; the message is the reason. */
export class Skipped extends Error {
  override name = "Skipped";
}

/** The member with the full Python name `jax.a.b`; raises {@linkcode Missing} if there is none. */
export function member(name: string): Any {
  const found = lookUp(jax, name.replace(/^jax\./, ""));
  if (found === undefined) throw new Missing(name);
  return found;
}
