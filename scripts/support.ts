/**
 * Writes docs/SUPPORT.md: which names of JAX's public modules exist here, module by module. The names come from
 * scripts/jax_api.json (names and parameters of JAX 0.11), what exists from the modules themselves.
 *
 *   deno task support            writes the file
 *   deno task support --check    exits with 1 if the file is not what would be written
 */
import * as jaxlet from "../mod.ts";
import { root } from "./_files.ts";
import jaxApi from "./jax_api.json" with { type: "json" };
import { lookUp, operatorMethods, reflectedFunctions } from "./names.ts";

/** Modules of JAX that are Python's own machinery and have no counterpart in a JavaScript library. */
const leftOut: Readonly<Record<string, string>> = {
  "jax.config": "settings are keys of `config.update`, not names",
  "jax.extend.core": "internals",
  "jax.extend.core.primitives": "internals",
  "jax.extend.linear_util": "internals",
  "jax.extend.random": "internals",
  "jax.core": "internals",
  "jax.ffi": "calls of native code",
  "jax.dlpack": "exchange with other Python libraries",
};

/** Array protocols of Python that the language itself gives or JavaScript does not have. */
const pythonProtocol =
  /^__(array|array_namespace|bool|buffer|complex|dlpack|float|index|int|len|numpy_dtype|pos|release_buffer|reversed|setitem)__$/;

/** JAX exposes its primitives as `lax.add_p`; here they are internal. */
const primitive = /_p$/;

interface ModuleSupport {
  module: string;
  present: string[];
  missing: string[];
}

function support(module: string, names: readonly string[]): ModuleSupport {
  const exists = existence(module);
  const relevant = names.filter((name) => !pythonProtocol.test(name) && !primitive.test(name));
  return { module, present: relevant.filter(exists), missing: relevant.filter((name) => !exists(name)) };
}

/** The test whether a name of the module exists here. */
function existence(module: string): (name: string) => boolean {
  if (module === "jax.Array") return arrayMember;
  if (module === "array.at") {
    const reference = jaxlet.numpy.zeros([1]).at(0);
    return (name) => lookUp(reference, name) !== undefined;
  }
  const home = module === "jax" ? jaxlet : lookUp(jaxlet, module.slice("jax.".length));
  return (name) => lookUp(home, name) !== undefined;
}

function arrayMember(name: string): boolean {
  const array = jaxlet.numpy.zeros([1, 1]);
  const [, reflected = "", operator = name] = /^__(r(?!ound|shift))?(\w+)__$/.exec(name) ?? [];
  if (name === "__getitem__") return lookUp(array, "get") !== undefined;
  if (name === "__iter__") return Symbol.iterator in array;
  if (name === "tolist") return lookUp(array, "toArray") !== undefined;
  if (reflected) return lookUp(jaxlet.numpy, reflectedFunctions[operator] ?? operator) !== undefined;
  return lookUp(array, operatorMethods[operator] ?? operator) !== undefined;
}

function render(modules: readonly ModuleSupport[]): string {
  const total = modules.reduce((sum, m) => sum + m.present.length + m.missing.length, 0);
  const present = modules.reduce((sum, m) => sum + m.present.length, 0);
  const anchor = (module: string) => module.toLowerCase().replaceAll(".", "");
  const lines = [
    "# What is supported",
    "",
    "Written by `deno task support` from the code. Names are JAX's; here they are in camelCase.",
    "",
    `${present} of ${total} names exist.`,
    "",
    "| module | names | here | missing |",
    "| --- | --- | --- | --- |",
    ...modules.map((m) =>
      `| [${m.module}](#${anchor(m.module)}) | ${
        m.present.length + m.missing.length
      } | ${m.present.length} | ` +
      `${m.missing.length} |`
    ),
    "",
    "Not listed: " + Object.entries(leftOut).map(([module, why]) => `\`${module}\` (${why})`).join(", ") +
    ".",
  ];
  const list = (names: readonly string[]) => names.map((name) => `\`${name}\``).join(", ");
  for (const { module, present, missing } of modules) {
    lines.push("", `## ${module}`);
    if (present.length) lines.push("", `Here: ${list(present)}.`);
    if (missing.length) lines.push("", `Missing: ${list(missing)}.`);
  }
  return lines.join("\n") + "\n";
}

if (import.meta.main) {
  const api: Record<string, Record<string, string>> = jaxApi;
  const modules = Object.keys(api).filter((module) => !(module in leftOut));
  const text = render(modules.map((module) => support(module, Object.keys(api[module]!).sort())));
  const file = new URL("docs/SUPPORT.md", root);
  if (Deno.args.includes("--check")) {
    const current = await Deno.readTextFile(file).catch(() => "");
    if (current !== text) {
      console.log("docs/SUPPORT.md is out of date: run `deno task support`");
      Deno.exit(1);
    }
  } else {
    await Deno.mkdir(new URL("docs/", root), { recursive: true });
    await Deno.writeTextFile(file, text);
    console.log(/^\d+ of .*$/m.exec(text)![0]);
  }
}
