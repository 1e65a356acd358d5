/**
 * Runs golden cases against the library and says which differ. One process runs all areas: the library is loaded
 * once, and compiled programs are shared between cases.
 */
import { programs, skippedPrograms } from "../programs/mod.ts";
import { type Case, readCases } from "./cases.ts";
import { evaluate } from "./calls.ts";
import { bigInts } from "./known.ts";
import { difference } from "./compare.ts";
import { type Any, jax, Missing, Skipped } from "./jax.ts";
import { asBigInt, decode } from "./values.ts";

/** What became of one case. */
export interface Outcome {
  id: string;
  fn: string;
  status: "passed" | "failed" | "skipped";
  /** What is different, or why the case is skipped. */
  detail: string;
}

/** Which cases to run. */
export interface Selection {
  /** Only cases whose id contains this. */
  only?: string;
  /** Cases that are not run, with the reason. */
  skip?: Readonly<Record<string, string>>;
}

/** Runs the cases of an area; a case that compares a jaxpr's text too gives a second outcome, `ID:jaxpr`. */
export async function runFile(area: string, { only = "", skip = {} }: Selection = {}): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  for (const read of readCases(area)) {
    const c = bigInts.includes(read.id) ? { ...read, args: read.args.map(asBigInt) } : read;
    if (!c.id.includes(only)) continue;
    const record = (id: string, status: Outcome["status"], detail = "") =>
      outcomes.push({ id, fn: c.of ? `${c.fn} of ${c.of}` : c.fn, status, detail });
    const settle = async (id: string, run: () => Promise<string | null>) => {
      const reason = skip[id];
      if (reason !== undefined) return record(id, "skipped", reason);
      try {
        const problem = await underConfig(c, run);
        record(id, problem === null ? "passed" : "failed", problem ?? "");
      } catch (error) {
        if (!(error instanceof Skipped)) throw error;
        record(id, "skipped", error.message);
      }
    };
    await settle(c.id, () => caseProblem(c));
    if (c.jaxpr !== undefined && programs[c.name!]) await settle(`${c.id}:jaxpr`, () => jaxprProblem(c));
  }
  return outcomes;
}

/** What is wrong with the case's result, or null. */
async function caseProblem(c: Case): Promise<string | null> {
  let got: Any;
  try {
    got = await (c.fn === "program" ? programOf(c)(...c.args.map(decode)) : evaluate(c));
    // Compared here, because an asynchronous result raises when it is read.
    if (c.raises === undefined) return await difference(got, c.out ?? null, c);
    await jax.blockUntilReady?.(got);
  } catch (error) {
    if (error instanceof Skipped) throw error;
    if (error instanceof Missing) return `${error.message} is missing`;
    return errorProblem(error, c.raises);
  }
  return `wanted ${c.raises}, got a result`;
}

/** The text of the program's jaxpr compared with JAX's. */
async function jaxprProblem(c: Case): Promise<string | null> {
  try {
    const text = String(await jax.makeJaxpr(programOf(c))(...c.args.map(decode)));
    const want = c.jaxpr!;
    if (plain(text) === plain(want)) return null;
    // NumPy's integers show as np.int64(1): without that, the lines break elsewhere.
    if (want.includes("np.int64") && oneLine(text) === oneLine(want)) return null;
    return `jaxpr differs\n--- wanted\n${want}\n--- got\n${text}\n---`;
  } catch (error) {
    return errorProblem(error, undefined);
  }
}

function plain(jaxpr: string): string {
  return jaxpr.replace(/[ \t]+$/gm, "");
}

function oneLine(jaxpr: string): string {
  return jaxpr.replace(/np\.int64\((-?\d+)\)/g, "$1").replace(/\s+/g, " ").replace(
    /([[(]) | ([\])])/g,
    "$1$2",
  );
}

function programOf(c: Case): (...args: Any[]) => Any {
  const name = c.name!;
  const program = programs[name];
  if (!program) throw new Skipped(skippedPrograms[name] ?? `tests/programs has no program ${name}`);
  return (...args) => program(jax, ...args);
}

/** Python's classes that have another name here. */
const classNames: Readonly<Record<string, string>> = { NameError: "UnboundAxisError" };

/** Messages of the engine itself: a slip of the library, not an error that it raises. */
const engineMessage =
  /is not a function|is not iterable|of undefined|of null|Cannot convert|is not a constructor/;

function errorProblem(error: unknown, raises: string | undefined): string | null {
  const { name, message } = error instanceof Error ? error : new Error(String(error));
  const got = `${name}: ${message.split("\n")[0]}`;
  if (raises === undefined) return got;
  if (engineMessage.test(message)) return `wanted ${raises}, got ${got}`;
  return name === (classNames[raises] ?? raises) ? null : `wanted ${raises}, got ${got}`;
}

/** Runs with the settings of the case, and puts them back. */
async function underConfig<T>(c: Case, run: () => Promise<T>): Promise<T> {
  const settings: [string, Any][] = Object.entries(c.config?.dict ?? {}).map((
    [key, value],
  ) => [key, decode(value)]);
  const before = settings.map(([key]) => jax.config.read(key));
  jax.config.update("jax_enable_x64", c.x64);
  for (const [key, value] of settings) jax.config.update(key, value);
  try {
    return await run();
  } finally {
    jax.config.update("jax_enable_x64", false);
    for (const [i, [key]] of settings.entries()) jax.config.update(key, before[i]);
  }
}
