/**
 * Concrete arrays: values on a device, or host scalars that have not been needed there yet.
 *
 * @module
 */
import { JaxArray } from "./array.ts";
import { shaped, type ShapedArray, tuple } from "./avals.ts";
import { type Backend, defaultDevice, type Device, type DeviceBuffer } from "./backend.ts";
import { type DType, typedArrayFor, wordsPerElement } from "./dtypes.ts";
import type { TypedArray } from "./dtypes.ts";
import { RuntimeError } from "./errors.ts";
import { arrayRepr, arrayStr, type ElementSource } from "./format.ts";
import { allocate, type HostArray } from "./host.ts";
import { setInspect } from "./inspect.ts";
import { type Scalar, scalarAt, setScalar } from "./scalar.ts";

/** An array with a value. */
export class ConcreteArray extends JaxArray {
  readonly aval: ShapedArray;
  /** The device it was put on explicitly, which results then stay on; null when it may move. */
  readonly committed: Device | null;
  #device: Device | null;
  #buffer: DeviceBuffer | null;
  #host: TypedArray | null;
  #deleted: "no" | "deleted" | "donated" = "no";

  constructor(
    aval: ShapedArray,
    storage: { buffer: DeviceBuffer; device: Device } | { host: TypedArray },
    committed: Device | null = null,
  ) {
    super();
    this.aval = aval;
    this.committed = committed;
    if ("buffer" in storage) {
      this.#buffer = storage.buffer;
      this.#device = storage.device;
      this.#host = null;
    } else {
      this.#buffer = null;
      this.#device = committed;
      this.#host = storage.host;
    }
  }

  /** Where the value lives. */
  override get device(): Device {
    return this.#device ?? defaultDevice();
  }

  /** The value of a 0-d array when the host has it without asking a device. */
  get literal(): Scalar | undefined {
    if (
      this.#host === null || this.aval.shape.length !== 0 || this.aval.dtype.kind === "key" ||
      this.#deleted !== "no"
    ) return undefined;
    return scalarAt(this.#host, this.aval.dtype, 0);
  }

  /** The element at a position in row-major order. */
  element(i: number): Scalar {
    this.check();
    const { dtype } = this.aval;
    return this.#host ? scalarAt(this.#host, dtype, i) : scalarAt(this.range(i, i + 1), dtype, 0);
  }

  /** Raises when the array's memory was given up. */
  check(): void {
    if (this.#deleted === "no") return;
    throw new RuntimeError(
      `Array has been deleted with shape=${this.aval}.` +
        (this.#deleted === "donated" ? " Its buffer was donated to a jitted function (donateArgnums)." : ""),
    );
  }

  override isDeleted(): boolean {
    return this.#deleted !== "no";
  }

  concrete(): this {
    return this;
  }

  /** Memory of the value on a backend's device, uploaded when it is a host value. */
  bufferOn(device: Device): DeviceBuffer {
    this.check();
    if (this.#buffer === null) {
      const data = this.#host!;
      this.#buffer = device.backend.upload(
        new Uint8Array(data.buffer as ArrayBuffer, data.byteOffset, data.byteLength),
        this.aval.dtype.name,
      );
      this.#device = device;
      if (this.aval.shape.length > 0) this.#host = null;
      return this.#buffer;
    }
    if (this.#device!.backend === device.backend) return this.#buffer;
    const bytes = this.#host
      ? new Uint8Array(this.#host.buffer as ArrayBuffer, this.#host.byteOffset, this.#host.byteLength)
      : this.#device!.backend.read(this.#buffer);
    return device.backend.upload(bytes, this.aval.dtype.name);
  }

  /** Flat data on the host at once; a copy. GPU data that is not on the host raises. */
  override dataSync(): TypedArray {
    this.check();
    if (this.#host) return this.#host.slice() as TypedArray;
    return viewOf(this.#device!.backend.read(this.#buffer!), this.aval.dtype);
  }

  /** Elements [from, to) of the flat data. */
  range(from: number, to: number): TypedArray {
    this.check();
    const words = wordsPerElement(this.aval.dtype);
    if (this.#host) return this.#host.slice(from * words, to * words) as TypedArray;
    const bytes = words * typedArrayFor(this.aval.dtype).BYTES_PER_ELEMENT;
    return viewOf(this.#device!.backend.readRange(this.#buffer!, from * bytes, to * bytes), this.aval.dtype);
  }

  /** Flat data on the host; waits for the device. */
  override async data(): Promise<TypedArray> {
    this.check();
    if (this.#host) return this.#host.slice() as TypedArray;
    return viewOf(await this.#device!.backend.readAsync(this.#buffer!), this.aval.dtype);
  }

  /** Resolves to this array once its value is computed. */
  override async blockUntilReady(): Promise<this> {
    this.check();
    if (this.#buffer) await this.#device!.backend.ready(this.#buffer);
    return this;
  }

  /** Frees the memory; later use is an error. */
  override delete(): void {
    this.#giveUp("deleted");
  }

  /** Marks the array as given to a program, which now owns its buffer. */
  donate(): void {
    if (this.#deleted === "no") {
      this.#deleted = "donated";
      this.#buffer = null;
      this.#host = null;
    }
  }

  #giveUp(how: "deleted"): void {
    if (this.#deleted !== "no") return;
    this.#deleted = how;
    this.#buffer?.free();
    this.#buffer = null;
    this.#host = null;
  }

  /** The same value with another aval of equal layout (weak type). */
  withAval(aval: ShapedArray): ConcreteArray {
    this.check();
    if (this.#buffer) {
      return new ConcreteArray(aval, { buffer: this.#buffer, device: this.#device! }, this.committed);
    }
    return new ConcreteArray(aval, { host: this.#host! }, this.committed);
  }

  /** The same value, committed to a device (null: to none). */
  putOn(device: Device | null): ConcreteArray {
    this.check();
    if (device === this.committed) return this;
    if (this.#buffer === null) return new ConcreteArray(this.aval, { host: this.#host! }, device);
    const home = this.#device!, target = device ?? home;
    if (target.backend === home.backend) {
      return new ConcreteArray(this.aval, { buffer: this.#buffer, device: target }, device);
    }
    return new ConcreteArray(this.aval, { buffer: this.bufferOn(target), device: target }, device);
  }

  /** NumPy's text. */
  toString(): string {
    if (!this.#isAtHand()) return this.#elsewhere();
    return arrayStr(this.#elements());
  }

  /** JAX's text, which says the dtype. */
  repr(): string {
    if (this.#deleted !== "no") return `Array(${this.aval}, deleted)`;
    if (!this.#isAtHand()) return this.#elsewhere();
    return arrayRepr(this.#elements());
  }

  #isAtHand(): boolean {
    if (this.#buffer === null || this.#host !== null) return true;
    const { backend } = this.#device!;
    return backend.canRead === undefined || backend.canRead(this.#buffer);
  }

  /** What is shown of values that have not come from their device yet. */
  #elsewhere(): string {
    return `Array(${this.aval}, on ${this.#device}: await x.data() to see the values)`;
  }

  /** Whether the host can read the value at once. */
  #isReadable(): boolean {
    return this.#host !== null || this.device.platform === "cpu";
  }

  /** The elements for printing: of a large array only those that are shown are read. */
  #elements(): ElementSource {
    const { shape, dtype, weakType, size } = this.aval;
    const isKey = dtype.kind === "key", words = isKey ? wordsPerElement(dtype) : 1;
    if (size * words <= 4096) {
      const data = this.dataSync();
      return { shape, dtype, weakType, at: (i) => isKey ? data[i]! : scalarAt(data, dtype, i) };
    }
    const at = (i: number): Scalar => {
      const element = Math.floor(i / words), part = this.range(element, element + 1);
      return isKey ? part[i % words]! : scalarAt(part, dtype, 0);
    };
    return { shape, dtype, weakType, at };
  }

  /** Rows of a concrete array are read on the host, many at a time. */
  protected override *rows(): IterableIterator<JaxArray> {
    if (!this.#isReadable()) {
      yield* super.rows();
      return;
    }
    const { shape, dtype, weakType } = this.aval, [count = 0, ...rest] = shape;
    const size = rest.reduce((a, b) => a * b, 1);
    const words = size * wordsPerElement(dtype), step = Math.max(1, Math.floor(4096 / Math.max(1, words)));
    for (let from = 0; from < count; from += step) {
      const to = Math.min(from + step, count), part = this.range(from * size, to * size);
      for (let i = 0; i < to - from; i++) {
        const data = part.slice(i * words, (i + 1) * words) as TypedArray;
        yield fromHost({ shape: rest, dtype, weakType, data }, this.committed);
      }
    }
  }
}

setInspect(ConcreteArray.prototype, (x) => x.repr());

/** Bytes as the host type of a dtype. */
export function viewOf(bytes: Uint8Array, dtype: DType): TypedArray {
  const type = typedArrayFor(dtype);
  const aligned = bytes.byteOffset % type.BYTES_PER_ELEMENT === 0 ? bytes : bytes.slice();
  return new type(
    aligned.buffer as ArrayBuffer,
    aligned.byteOffset,
    aligned.byteLength / type.BYTES_PER_ELEMENT,
  );
}

/** A concrete array of host data (taken over, not copied). */
export function fromHost(host: HostArray, device: Device | null = null): ConcreteArray {
  return new ConcreteArray(shaped(host.shape, host.dtype, host.weakType), { host: host.data }, device);
}

const cached = new Map<ShapedArray, Map<unknown, ConcreteArray>>();
const cacheLimit = 256;

/** A 0-d array of a host scalar; small ones that recur are shared. */
export function scalarArray(value: Scalar, dtype: DType, weakType = false): ConcreteArray {
  const aval = shaped([], dtype, weakType);
  const key = typeof value === "object" ? null : Object.is(value, -0) ? "-0" : value;
  let known = cached.get(aval);
  if (key !== null && known) {
    const found = known.get(key);
    if (found && !found.isDeleted()) return found;
  }
  const data = allocate(dtype, 1);
  setScalar(data, dtype, 0, value);
  const made = new ConcreteArray(aval, { host: data });
  if (key !== null) {
    if (!known) cached.set(aval, known = new Map());
    if (known.size >= cacheLimit) known.clear();
    known.set(key, made);
  }
  return made;
}

/** An uninitialised text of what an array is, for messages: `float32[2,3]`. */
export function describe(x: unknown): string {
  if (x instanceof JaxArray) return x.aval.toString();
  if (Array.isArray(x)) return `an array of ${x.length} items`;
  if (x === null) return "null";
  if (typeof x === "string") return JSON.stringify(x);
  return typeof x === "object"
    ? `an object of class ${x.constructor?.name ?? "Object"}`
    : typeof x === "function"
    ? `function ${x.name || "(anonymous)"}`
    : `${typeof x} ${String(x)}`;
}

/** Backends of two arrays that were committed to different devices. */
export function commonDevice(args: readonly JaxArray[], what: string): Device {
  let device: Device | null = null, soft: Device | null = null;
  for (const x of args) {
    if (!(x instanceof ConcreteArray)) continue;
    if (x.committed) {
      if (device && device.backend !== x.committed.backend) {
        throw new RuntimeError(
          `Received incompatible devices for jitted computation. Got an argument of ${what} with shape ${x.aval} on ` +
            `${x.committed} and another on ${device}. Move one with devicePut(x, device)`,
        );
      }
      device = x.committed;
    } else if (x.literal === undefined && x.aval.size > 0) {
      // What cannot be read at once stays where it is; the rest goes there.
      const { device: home } = x;
      if (soft === null || home.backend.canRead && !soft.backend.canRead) soft = home;
    }
  }
  return device ?? soft ?? defaultDevice();
}

/** Text of a shape for messages. */
export function shapeText(shape: readonly number[]): string {
  return tuple(shape);
}

export type { Backend };
