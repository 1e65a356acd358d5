/**
 * Configuration: JAX's `jax.config`, and the functions that change a setting while a function runs.
 *
 * @module
 */

export { readVariable } from "./_environment.ts";
import { readVariable } from "./_environment.ts";
import { AttributeError, suggest, ValueError } from "./errors.ts";

/** The settings, with JAX's keys. */
export interface ConfigValues {
  /** 64-bit types are available, and literals have them. */
  jax_enable_x64: boolean;
  /** Raise FloatingPointError when a computation gives a NaN. */
  jax_debug_nans: boolean;
  /** Raise FloatingPointError when a computation gives an infinity. */
  jax_debug_infs: boolean;
  /** `jit` runs its function op by op, without tracing. */
  jax_disable_jit: boolean;
  /** `"strict"` allows no implicit promotion between dtypes of arrays. */
  jax_numpy_dtype_promotion: "standard" | "strict";
  /** Whether `jax.numpy` may broadcast arrays of different rank. */
  jax_numpy_rank_promotion: "allow" | "warn" | "raise";
  /** The precision of matrix products that do not ask for one. */
  jax_default_matmul_precision: MatmulPrecision | null;
  /** Raise when a tracer outlives its transformation. */
  jax_check_tracer_leaks: boolean;
  /** Raise KeyReuseError when a key is used twice. */
  jax_debug_key_reuse: boolean;
  /** Internal consistency checks, as type checks of jaxprs. */
  jax_enable_checks: boolean;
  /** Log each compilation. */
  jax_log_compiles: boolean;
  /** Threefry bits do not depend on how an array is divided; false gives the older stream. */
  jax_threefry_partitionable: boolean;
  /** The PRNG implementation of keys that do not name one. */
  jax_default_prng_impl: "threefry2x32" | "rbg" | "unsafe_rbg";
  /** Added to the seed of every key. */
  jax_random_seed_offset: number;
  /** The platforms to use, in order, separated by commas: `"cpu"`, `"gpu,cpu"`; null for the best one. */
  jax_platforms: string | null;
  /** The device that new arrays are put on: a device, a platform's name, or null. */
  jax_default_device: object | string | null;
}

/** The names of the settings. */
export type ConfigKey = keyof ConfigValues;

/** The values of `jax_default_matmul_precision`. */
export type MatmulPrecision = "default" | "high" | "highest" | "bfloat16" | "tensorfloat32" | "float32";

/** The settings in the form that the library reads, for code that runs often. Only `config` changes them. */
export interface Flags {
  x64: boolean;
  debugNans: boolean;
  debugInfs: boolean;
  disableJit: boolean;
  promotion: ConfigValues["jax_numpy_dtype_promotion"];
  rankPromotion: ConfigValues["jax_numpy_rank_promotion"];
  matmulPrecision: ConfigValues["jax_default_matmul_precision"];
  checkTracerLeaks: boolean;
  debugKeyReuse: boolean;
  enableChecks: boolean;
  logCompiles: boolean;
  threefryPartitionable: boolean;
  defaultPrngImpl: ConfigValues["jax_default_prng_impl"];
  randomSeedOffset: number;
  platforms: string | null;
  defaultDevice: object | string | null;
  /** Stands for all settings together, and differs where they differ; a part of the key of compiled programs. */
  epoch: number;
}

/** The present settings. */
export const flags: Flags = {
  x64: false,
  debugNans: false,
  debugInfs: false,
  disableJit: false,
  promotion: "standard",
  rankPromotion: "allow",
  matmulPrecision: null,
  checkTracerLeaks: false,
  debugKeyReuse: false,
  enableChecks: false,
  logCompiles: false,
  threefryPartitionable: true,
  defaultPrngImpl: "threefry2x32",
  randomSeedOffset: 0,
  platforms: null,
  defaultDevice: null,
  epoch: 0,
};

/** What a setting accepts: its kind, or the list of its values (null among them where JAX has None). */
type Accepts = "boolean" | "integer" | "string or null" | "device" | readonly (string | null)[];

const PRECISIONS = ["default", "high", "highest", "bfloat16", "tensorfloat32", "float32"] as const;

const STATES: {
  readonly [K in ConfigKey]: readonly [flag: Exclude<keyof Flags, "epoch">, accepts: Accepts];
} = {
  jax_enable_x64: ["x64", "boolean"],
  jax_debug_nans: ["debugNans", "boolean"],
  jax_debug_infs: ["debugInfs", "boolean"],
  jax_disable_jit: ["disableJit", "boolean"],
  jax_numpy_dtype_promotion: ["promotion", ["standard", "strict"]],
  jax_numpy_rank_promotion: ["rankPromotion", ["allow", "warn", "raise"]],
  jax_default_matmul_precision: ["matmulPrecision", [null, ...PRECISIONS]],
  jax_check_tracer_leaks: ["checkTracerLeaks", "boolean"],
  jax_debug_key_reuse: ["debugKeyReuse", "boolean"],
  jax_enable_checks: ["enableChecks", "boolean"],
  jax_log_compiles: ["logCompiles", "boolean"],
  jax_threefry_partitionable: ["threefryPartitionable", "boolean"],
  jax_default_prng_impl: ["defaultPrngImpl", ["threefry2x32", "rbg", "unsafe_rbg"]],
  jax_random_seed_offset: ["randomSeedOffset", "integer"],
  jax_platforms: ["platforms", "string or null"],
  jax_default_device: ["defaultDevice", "device"],
};

const KEYS = Object.keys(STATES) as ConfigKey[];

function checkKey(key: string): ConfigKey {
  if (Object.hasOwn(STATES, key)) return key as ConfigKey;
  const camel = key.replace(/[A-Z]/g, (c) => `_${c.toLowerCase()}`).replace(/^(?!jax_)/, "jax_");
  const hint = Object.hasOwn(STATES, camel) ? `; did you mean "${camel}"?` : suggest(key, KEYS);
  throw new AttributeError(`Unrecognized config option: ${key}${hint} (options: ${KEYS.join(", ")})`);
}

/** Whether `value` is one that the setting accepts, and the text of what it accepts. */
function check(accepts: Accepts, value: unknown): readonly [ok: boolean, wanted: string] {
  switch (accepts) {
    case "boolean":
      return [typeof value === "boolean", "true or false"];
    case "integer":
      return [Number.isSafeInteger(value), "an integer"];
    case "string or null":
      return [value === null || typeof value === "string", "a string or null"];
    case "device":
      return [
        value === null || typeof value === "string" || typeof value === "object",
        "a device, a string or null",
      ];
    default:
      return [
        accepts.some((allowed) => allowed === value),
        `one of ${accepts.map((allowed) => JSON.stringify(allowed)).join(", ")}`,
      ];
  }
}

function validate(key: ConfigKey, value: unknown, source = `new ${key} value`): void {
  const [, accepts] = STATES[key];
  const [ok, wanted] = check(accepts, value);
  if (ok) return;
  const got = typeof value === "string" ? JSON.stringify(value) : String(value);
  const hint = typeof value === "string" && typeof accepts === "object"
    ? suggest(value, accepts.filter((allowed) => allowed !== null))
    : "";
  throw new ValueError(`${source} must be ${wanted}, got ${got} of type ${typeof value}${hint}`);
}

function assign(key: ConfigKey, value: unknown): void {
  const flag = STATES[key][0];
  if (flags[flag] === value) return;
  (flags as unknown as Record<string, unknown>)[flag] = value;
  flags.epoch = epochOf();
}

const epochs = new Map<string, number>();
const objectIds = new WeakMap<object, number>();
let objectCount = 0;

/** The number of the present settings, the same as before when they are as before. */
function epochOf(): number {
  const text = JSON.stringify(KEYS.map((key) => {
    const value = flags[STATES[key][0]];
    if (typeof value !== "object" || value === null) return value;
    if (!objectIds.has(value)) objectIds.set(value, objectCount++);
    return [objectIds.get(value)];
  }));
  const epoch = epochs.get(text) ?? epochs.size;
  epochs.set(text, epoch);
  return epoch;
}

flags.epoch = epochOf();

/** The value that the text of an environment variable stands for. */
function parseVariable(variable: string, accepts: Accepts, text: string): unknown {
  if (accepts === "integer") return text.trim() === "" ? NaN : Number(text);
  if (accepts !== "boolean") return text;
  const word = text.toLowerCase();
  if (["y", "yes", "t", "true", "on", "1"].includes(word)) return true;
  if (["n", "no", "f", "false", "off", "0"].includes(word)) return false;
  throw new ValueError(
    `invalid truth value ${JSON.stringify(text)} for environment ${JSON.stringify(variable)}`,
  );
}

/** Takes the settings from the environment. `JAXLET_PLATFORM` stands for `JAX_PLATFORMS` where that is not set. */
function readEnvironment(): void {
  for (const key of KEYS) {
    let variable = key.toUpperCase();
    let text = readVariable(variable);
    if (key === "jax_platforms" && !text) {
      variable = "JAXLET_PLATFORM";
      text = readVariable(variable);
    }
    if (!text) continue;
    const value = parseVariable(variable, STATES[key][1], text);
    validate(key, value, `environment variable ${variable}`);
    assign(key, value);
  }
}

/** The methods of {@linkcode config}. */
export interface ConfigMethods {
  /**
   * Changes a setting.
   *
   * @throws {AttributeError} When there is no such setting.
   * @throws {ValueError} When the setting does not accept the value.
   */
  update<K extends ConfigKey>(key: K, value: ConfigValues[K]): void;
  /**
   * Reads a setting.
   *
   * @throws {AttributeError} When there is no such setting.
   */
  read<K extends ConfigKey>(key: K): ConfigValues[K];
  /** All settings, as they are now. */
  readonly values: ConfigValues;
}

/** `jax.config`: its methods, and each setting as a property. */
export type Config = ConfigMethods & Readonly<ConfigValues>;

function makeConfig(): Config {
  const methods: ConfigMethods = {
    update(key, value) {
      validate(checkKey(key), value);
      assign(key, value);
    },
    read<K extends ConfigKey>(key: K): ConfigValues[K] {
      return flags[STATES[checkKey(key)][0]] as ConfigValues[K];
    },
    get values(): ConfigValues {
      return Object.fromEntries(KEYS.map((key) => [key, flags[STATES[key][0]]])) as unknown as ConfigValues;
    },
  };
  for (const key of KEYS) {
    Object.defineProperty(methods, key, { get: () => flags[STATES[key][0]], enumerable: true });
  }
  return Object.freeze(methods) as Config;
}

/**
 * The configuration. Each setting is also read from the environment variable of its name in capitals
 * (`JAX_ENABLE_X64=1`), where the environment may be read without asking.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { config } from "./config.ts";
 *
 * config.update("jax_enable_x64", true);
 * assert(config.jax_enable_x64);
 * config.update("jax_enable_x64", false);
 * ```
 */
export const config: Config = makeConfig();

readEnvironment();

/**
 * Runs a function under other settings, and puts the old ones back when it returns or throws.
 *
 * @typeParam R What the function returns.
 * @param overrides Settings, by JAX's keys.
 * @param fn What to run, at once. It must not be async: its settings would hold for everything else that runs while
 * it waits.
 * @returns What `fn` returns.
 * @throws {AttributeError} When there is no such setting.
 * @throws {ValueError} When a setting does not accept its value.
 * @throws {TypeError} When `fn` is async.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { config, withConfig } from "./config.ts";
 *
 * const inside = withConfig({ jax_enable_x64: true }, () => config.jax_enable_x64);
 * assert(inside && !config.jax_enable_x64);
 * ```
 */
export function withConfig<R>(overrides: Partial<ConfigValues>, fn: () => R): R {
  return runWith("withConfig", overrides, fn);
}

function runWith<R>(name: string, overrides: Partial<ConfigValues>, fn: () => R): R {
  if (typeof fn !== "function") throw new TypeError(`${name}: wanted a function to run, got ${typeof fn}`);
  const keys = Object.keys(overrides).map(checkKey);
  for (const key of keys) validate(key, overrides[key]);
  const before = keys.map((key) => flags[STATES[key][0]]);
  for (const key of keys) assign(key, overrides[key]);
  let result: R;
  try {
    result = fn();
  } finally {
    keys.forEach((key, i) => assign(key, before[i]));
  }
  if (result instanceof Promise) {
    result.catch(() => {});
    throw new TypeError(
      `${name}: the function is async, so its settings would not hold after its first await; ` +
        "pass a function that returns at once, or use config.update",
    );
  }
  return result;
}

/** A function that runs another under one setting: `name(value, fn)`. */
export interface SettingRunner<V> {
  <R>(value: V, fn: () => R): R;
}

/** A function that runs another under a boolean setting: `name(value, fn)`, or `name(fn)` for true. */
export interface SwitchRunner extends SettingRunner<boolean> {
  <R>(fn: () => R): R;
}

function setting<K extends ConfigKey>(name: string, key: K): SettingRunner<ConfigValues[K]> {
  return <R>(value: ConfigValues[K], fn: () => R): R => runWith(name, { [key]: value }, fn);
}

function settingSwitch(name: string, key: ConfigKey): SwitchRunner {
  return <R>(value: boolean | (() => R), fn?: () => R): R =>
    typeof value === "function" && fn === undefined
      ? runWith(name, { [key]: true }, value)
      : runWith(name, { [key]: value }, fn as () => R);
}

/**
 * Runs a function with (or without) 64-bit types.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { config, enableX64 } from "./config.ts";
 *
 * assert(enableX64(() => config.jax_enable_x64));
 * assert(!enableX64(false, () => config.jax_enable_x64));
 * ```
 */
export const enableX64: SwitchRunner = settingSwitch("enableX64", "jax_enable_x64");
/** Runs a function so that a NaN in a result raises FloatingPointError. */
export const debugNans: SwitchRunner = settingSwitch("debugNans", "jax_debug_nans");
/** Runs a function so that an infinity in a result raises FloatingPointError. */
export const debugInfs: SwitchRunner = settingSwitch("debugInfs", "jax_debug_infs");
/** Runs a function with `jit` off: jitted functions run op by op. */
export const disableJit: SwitchRunner = settingSwitch("disableJit", "jax_disable_jit");
/** Runs a function so that a tracer that outlives its transformation is an error. */
export const checkTracerLeaks: SwitchRunner = settingSwitch("checkTracerLeaks", "jax_check_tracer_leaks");
/** Runs a function so that using a random key twice is an error. */
export const debugKeyReuse: SwitchRunner = settingSwitch("debugKeyReuse", "jax_debug_key_reuse");
/** Runs a function with internal consistency checks. */
export const enableChecks: SwitchRunner = settingSwitch("enableChecks", "jax_enable_checks");
/** Runs a function so that each compilation is logged. */
export const logCompiles: SwitchRunner = settingSwitch("logCompiles", "jax_log_compiles");
/** Runs a function with the partitionable (or the older) stream of threefry. */
export const threefryPartitionable: SwitchRunner = settingSwitch(
  "threefryPartitionable",
  "jax_threefry_partitionable",
);
/** Runs a function under `"standard"` or `"strict"` dtype promotion. */
export const numpyDtypePromotion: SettingRunner<ConfigValues["jax_numpy_dtype_promotion"]> = setting(
  "numpyDtypePromotion",
  "jax_numpy_dtype_promotion",
);
/** Runs a function under `"allow"`, `"warn"` or `"raise"` for broadcasting arrays of different rank. */
export const numpyRankPromotion: SettingRunner<ConfigValues["jax_numpy_rank_promotion"]> = setting(
  "numpyRankPromotion",
  "jax_numpy_rank_promotion",
);
/** Runs a function with another precision for matrix products that do not ask for one. */
export const defaultMatmulPrecision: SettingRunner<ConfigValues["jax_default_matmul_precision"]> = setting(
  "defaultMatmulPrecision",
  "jax_default_matmul_precision",
);
/** Runs a function with another device for new arrays. */
export const defaultDevice: SettingRunner<ConfigValues["jax_default_device"]> = setting(
  "defaultDevice",
  "jax_default_device",
);
/** Runs a function with another PRNG implementation for new keys. */
export const defaultPrngImpl: SettingRunner<ConfigValues["jax_default_prng_impl"]> = setting(
  "defaultPrngImpl",
  "jax_default_prng_impl",
);
/** Runs a function so that a tracer that outlives its transformation is an error: `checkTracerLeaks(true, fn)`. */
export function checkingLeaks<R>(fn: () => R): R {
  return runWith("checkingLeaks", { jax_check_tracer_leaks: true }, fn);
}
