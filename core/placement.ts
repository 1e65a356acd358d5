/**
 * Where arrays are: moving trees of them between devices and the host.
 *
 * @module
 */
import { leafArray } from "./argument.ts";
import { JaxArray } from "./array.ts";
import { backendOf, defaultDevice, Device, devices } from "./backend.ts";
import { ConcreteArray, describe, fromHost } from "./concrete.ts";
import { checkOptions } from "./errors.ts";
import { flatten, unflatten, type WithLeaves } from "./pytree.ts";

/** A device as a caller names it: itself, a platform for its first one, or null for none. */
function deviceOf(device: unknown): Device | null {
  if (device === null || device === undefined) return null;
  if (device instanceof Device) return device;
  if (typeof device === "string") return backendOf(device).devices[0]!;
  throw new TypeError(
    `devicePut: device must be a Device, the name of a platform or null, got ${describe(device)}`,
  );
}

/** Options of {@linkcode devicePut}. */
export interface DevicePutOptions {
  readonly device?: Device | string | null;
  /** Where the value is: it makes no difference. */
  readonly src?: Device | null;
  /** Whether the argument may be given up: it is copied only if it must be. */
  readonly donate?: boolean;
  readonly mayAlias?: boolean | null;
}

/**
 * A tree with its leaves as arrays on a device, where they stay: functions of them run there.
 *
 * @param x An array, number or tree of these.
 * @param device The device, or the name of its platform; without one, leaves become arrays where they are.
 *
 * @example
 * ```ts
 * import { devicePut, devices, numpy as np } from "@jaxlet/jaxlet";
 * const x = devicePut(np.arange(3), devices()[0]);
 * if (x.device !== devices()[0]) throw new Error();
 * ```
 */
export function devicePut<T>(
  x: T,
  device?: Device | string | null | DevicePutOptions,
  options: DevicePutOptions = {},
): WithLeaves<T, JaxArray> {
  const isOptions = typeof device === "object" && device !== null && !(device instanceof Device);
  const given = isOptions
    ? device as DevicePutOptions
    : { device: device as Device | string | null, ...options };
  checkOptions("device_put", given, ["device", "src", "donate", "mayAlias"]);
  const target = deviceOf(given.device), [leaves, treedef] = flatten(x);
  const moved = leaves.map((leaf) => {
    const array = leafArray(leaf);
    if (array === null) {
      throw new TypeError(`Argument '${describe(leaf)}' of devicePut is not a valid JAX type`);
    }
    if (!(array instanceof ConcreteArray) || target === null) return array;
    target.backend.checkDType(array.dtype.name);
    const there = array.putOn(target);
    there.bufferOn(target);
    return there;
  });
  return unflatten(treedef, moved) as WithLeaves<T, JaxArray>;
}

/**
 * The same tree with its arrays on the CPU, readable at once. Other leaves are passed through.
 *
 * @example
 * ```ts
 * import { deviceGet, numpy as np } from "@jaxlet/jaxlet";
 * const { a } = await deviceGet({ a: np.arange(3) });
 * if (String(a.toArray()) !== "0,1,2") throw new Error();
 * ```
 */
export async function deviceGet<T>(x: T): Promise<T> {
  const [leaves, treedef] = flatten(x);
  const read = await Promise.all(leaves.map(async (leaf) => {
    const array = leaf instanceof JaxArray ? leaf.concrete() : null;
    if (!(array instanceof ConcreteArray)) return leaf;
    if (array.device.platform === "cpu") return array;
    const { shape, dtype, weakType } = array.aval;
    return fromHost({ shape: [...shape], dtype, weakType, data: await array.data() });
  }));
  return unflatten(treedef, read) as T;
}

/** Resolves to a tree once all of its arrays are computed. */
export async function blockUntilReady<T>(x: T): Promise<T> {
  await Promise.all(flatten(x)[0].map((leaf) => leaf instanceof JaxArray ? leaf.blockUntilReady() : leaf));
  return x;
}

/** The platform of the default device: `"cpu"` or `"gpu"`. */
export function defaultBackend(): string {
  return defaultDevice().platform;
}

/** How many devices a platform has; by default the one in use. */
export function deviceCount(platform?: string): number {
  return devices(platform).length;
}
