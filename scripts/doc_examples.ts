/**
 * Runs the examples in doc comments: every ```` ```ts ```` block after an `@example` tag, each as a module of its
 * own, all of them in one process. An example asserts what it shows.
 *
 * In an example `@jaxlet/jaxlet` is this repository's `mod.ts`, `@jaxlet/jaxlet/numpy` its `numpy/mod.ts`, and a
 * relative import is relative to the file that has the comment. A block marked ```` ```ts ignore ```` is not run.
 */
import { libraryFiles, root } from "./_files.ts";

/** A code block of a doc comment. */
export interface Example {
  file: string;
  /** Line of the block's first line of code, from 1. */
  line: number;
  code: string;
}

const fence = "```";

/** The examples in the doc comments of a source text. */
export function examplesOf(file: string, source: string): Example[] {
  const examples: Example[] = [];
  for (const comment of source.matchAll(/\/\*\*[\s\S]*?\*\//g)) {
    const lines = comment[0].split("\n").map((line) => line.replace(/^\s*\* ?/, ""));
    const firstLine = source.slice(0, comment.index).split("\n").length;
    let inExample = false;
    for (let i = 0; i < lines.length; i++) {
      const line = lines[i]!;
      if (/^@\w/.test(line)) inExample = line.startsWith("@example");
      if (!inExample || !new RegExp(`^${fence}(ts|typescript)\\s*$`).test(line)) continue;
      const end = lines.findIndex((other, j) => j > i && other.startsWith(fence));
      const code = lines.slice(i + 1, end < 0 ? undefined : end).join("\n");
      examples.push({ file, line: firstLine + i + 1, code });
      i = end < 0 ? lines.length : end;
    }
  }
  return examples;
}

/** The example as a module that may stand anywhere: relative imports are made absolute. */
function moduleText({ file, code }: Example): string {
  const base = new URL(file, root);
  const absolute = code.replace(
    /(\bfrom\s*|\bimport\s*\(?\s*)"(\.\.?\/[^"]*)"/g,
    (_, before: string, specifier: string) => `${before}"${new URL(specifier, base).href}"`,
  );
  return `${absolute}\nexport {};\n`;
}

/** The driver that imports each example in turn and reports those that fail; 64-bit types are off for each. */
const driver = `
import * as jaxlet from "@jaxlet/jaxlet";
import examples from "./examples.json" with { type: "json" };
const log = console.log;
let failed = 0;
console.assert = (condition, ...message) => {
  if (!condition) throw new Error("assertion failed" + (message.length ? ": " + message.join(" ") : ""));
};
for (const { where, module } of examples) {
  jaxlet.config.update("jax_enable_x64", false);
  console.log = console.warn = () => {};
  let problem: unknown = null;
  try {
    await import(module);
  } catch (error) {
    problem = error;
  }
  console.log = log;
  if (problem === null) continue;
  failed++;
  log(where + ": " + (problem instanceof Error ? problem.name + ": " + problem.message : String(problem)));
}
log(examples.length + " examples, " + failed + " failed");
Deno.exit(failed ? 1 : 0);
`;

/** Type-checks and runs all examples; true if every one passes. */
export async function runExamples(files: readonly string[] = libraryFiles()): Promise<boolean> {
  const examples = files.flatMap((file) => examplesOf(file, Deno.readTextFileSync(new URL(file, root))));
  const silent = examples.filter(({ code }) => !/\bassert|\bthrow\b/.test(code));
  for (const { file, line } of silent) console.log(`${file}:${line}: the example asserts nothing`);
  const folder = await Deno.makeTempDir();
  try {
    await Deno.writeTextFile(`${folder}/deno.json`, JSON.stringify(await temporaryConfig()));
    // The names lead from a message of the compiler to the comment.
    const modules = examples.map(({ file, line }) =>
      `./${file.replace(/\.ts$/, "").replaceAll("/", ".")}_line_${line}.ts`
    );
    for (const [i, example] of examples.entries()) {
      await Deno.writeTextFile(`${folder}/${modules[i]}`, moduleText(example));
    }
    const list = examples.map(({ file, line }, i) => ({ where: `${file}:${line}`, module: modules[i] }));
    await Deno.writeTextFile(`${folder}/examples.json`, JSON.stringify(list));
    await Deno.writeTextFile(`${folder}/main.ts`, driver);
    const checked = await deno(folder, ["check", "--quiet", ...modules]);
    const ran = await deno(folder, ["run", "-A", "--no-check", "main.ts"]);
    return checked && ran && silent.length === 0;
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** The repository's compiler options as far as they are not about library code, and its exports as an import map. */
async function temporaryConfig(): Promise<unknown> {
  const config = JSON.parse(await Deno.readTextFile(new URL("deno.json", root)));
  const exports = Object.entries(config.exports as Record<string, string>);
  const imports = exports.map(([name, path]) => [config.name + name.slice(1), new URL(path, root).href]);
  const compilerOptions = { ...config.compilerOptions };
  for (const strictness of ["isolatedDeclarations", "erasableSyntaxOnly", "noUncheckedIndexedAccess"]) {
    delete compilerOptions[strictness];
  }
  return { compilerOptions, imports: Object.fromEntries(imports), lock: false };
}

async function deno(cwd: string, args: string[]): Promise<boolean> {
  const { success } = await new Deno.Command(Deno.execPath(), { args, cwd, stdin: "null" }).spawn().status;
  return success;
}
