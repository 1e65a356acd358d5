/**
 * What core needs of a device: memory and compiled programs. Backends register themselves.
 *
 * @module
 */
import { RuntimeError } from "./errors.ts";
import { flags } from "./config.ts";
import { setInspect } from "./inspect.ts";
import type { Jaxpr } from "./jaxpr.ts";

/** A block of device memory. It is freed when unreachable, or at once by `free`. */
export interface DeviceBuffer {
  readonly bytes: number;
  free(): void;
}

/** Sizes that a compiled program reports, in bytes, and its estimated cost. */
export interface CompiledStats {
  readonly argumentBytes: number;
  readonly outputBytes: number;
  readonly temporaryBytes: number;
  readonly codeBytes: number;
  readonly flops: number;
  readonly bytesAccessed: number;
}

/** A jaxpr compiled for a device. */
export interface Compiled {
  /**
   * Runs on buffers, giving new ones. `donated[i]`: the program may write into input i or return it as an output,
   * and the caller gives it up.
   */
  call(inputs: readonly DeviceBuffer[], donated?: readonly boolean[]): readonly DeviceBuffer[];
  /** Readable code: kernels as wasm or WGSL. */
  text(): string;
  stats(): CompiledStats;
}

/** A kind of device. */
export interface Backend {
  /** `cpu` or `gpu`. */
  readonly platform: string;
  readonly devices: readonly Device[];
  /** Copies host bytes, elements of a dtype, to the device. */
  upload(bytes: Uint8Array, dtypeName: string): DeviceBuffer;
  /** Copies a buffer's bytes to the host at once; a device that cannot raises an error that says what to await. */
  read(buffer: DeviceBuffer): Uint8Array;
  /** Bytes [from, to) of a buffer at once, for printing large arrays. */
  readRange(buffer: DeviceBuffer, from: number, to: number): Uint8Array;
  /** Whether {@linkcode Backend.read} can give the bytes now. A backend without this method always can. */
  canRead?(buffer: DeviceBuffer): boolean;
  readAsync(buffer: DeviceBuffer): Promise<Uint8Array>;
  /** Resolves when the buffer's contents are computed. */
  ready(buffer: DeviceBuffer): Promise<void>;
  /** Compiles a jaxpr without constants. */
  compile(jaxpr: Jaxpr, name: string): Compiled;
  /** Raises when arrays of a dtype cannot live here. */
  checkDType(dtypeName: string): void;
}

/** One device of a backend. */
export class Device {
  readonly backend: Backend;
  readonly id: number;
  /** JAX's name of the kind: `cpu`, `gpu`. */
  readonly platform: string;
  /** Model name, as the system reports it. */
  readonly deviceKind: string;

  constructor(backend: Backend, id: number, deviceKind: string) {
    this.backend = backend;
    this.id = id;
    this.platform = backend.platform;
    this.deviceKind = deviceKind;
  }

  toString(): string {
    return this.platform === "cpu" ? `TFRT_CPU_${this.id}` : `${this.platform}:${this.id}`;
  }
}

setInspect(
  Device.prototype,
  (self) => self.platform === "cpu" ? `CpuDevice(id=${self.id})` : `GpuDevice(id=${self.id})`,
);

const backends = new Map<string, Backend>();
let chosen: Device | null = null;

/** Adds a backend; the first one is the default. */
export function registerBackend(backend: Backend): void {
  backends.set(backend.platform, backend);
}

/** A backend by platform name. */
export function backendOf(platform: string): Backend {
  const found = backends.get(platform);
  if (!found) {
    throw new RuntimeError(
      `Unknown backend: '${platform}' requested, but no platforms that are instances of ${platform} are present. ` +
        `Platforms present are: ${[...backends.keys()].join(",")}${
          platform === "gpu" ? ". Call `await init()` first: it looks for a GPU" : ""
        }`,
    );
  }
  return found;
}

/** Devices of a platform, or of the default backend. */
export function devices(platform?: string): Device[] {
  return [...(platform === undefined ? defaultDevice().backend : backendOf(platform)).devices];
}

/** Where uncommitted arrays are made. */
export function defaultDevice(): Device {
  if (flags.defaultDevice instanceof Device) return flags.defaultDevice;
  if (chosen) return chosen;
  for (const backend of backends.values()) if (backend.devices.length) return backend.devices[0]!;
  throw new RuntimeError("no backend is registered: import jaxlet through mod.ts");
}

/** Makes a device the default one. */
export function setDefaultDevice(device: Device | null): void {
  chosen = device;
}
