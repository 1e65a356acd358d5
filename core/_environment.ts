/**
 * Environment variables, in every host.
 *
 * @module
 */

/** The environment of Node, Bun or Deno; a browser has none. */
interface Host {
  readonly Deno?: {
    readonly permissions: {
      querySync(query: { name: "env"; variable: string }): { readonly state: string };
    };
    readonly env: { get(variable: string): string | undefined };
  };
  readonly process?: { readonly env?: Readonly<Record<string, string | undefined>> };
}

/** An environment variable; undefined where it is not set, or where reading it would ask for a permission. */
export function readVariable(variable: string): string | undefined {
  const { Deno, process } = globalThis as Host;
  if (Deno === undefined) return process?.env?.[variable];
  const { state } = Deno.permissions.querySync({ name: "env", variable });
  return state === "granted" ? Deno.env.get(variable) : undefined;
}
