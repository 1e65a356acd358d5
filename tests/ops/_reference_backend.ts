/**
 * A device that runs programs with the reference interpreter, in plain JS: what operations compute apart from code
 * generation. It is one device, the default when no other is registered.
 */
import {
  type Backend,
  type Compiled,
  Device,
  type DeviceBuffer,
  registerBackend,
} from "../../core/backend.ts";
import { ClosedJaxpr, type Jaxpr } from "../../core/jaxpr.ts";
import { lowerJaxpr } from "../../kernel/lower.ts";
import { runReference } from "../../kernel/reference.ts";

class HostBuffer implements DeviceBuffer {
  readonly data: Uint8Array;
  constructor(data: Uint8Array) {
    this.data = data;
  }
  get bytes(): number {
    return this.data.length;
  }
  free(): void {}
}

const bytesOf = (buffer: DeviceBuffer): Uint8Array => (buffer as HostBuffer).data;

class ReferenceBackend implements Backend {
  readonly platform = "reference";
  readonly devices: readonly Device[] = [new Device(this, 0, "reference interpreter")];

  upload(bytes: Uint8Array): DeviceBuffer {
    return new HostBuffer(bytes.slice());
  }
  read(buffer: DeviceBuffer): Uint8Array {
    return bytesOf(buffer).slice();
  }
  readRange(buffer: DeviceBuffer, from: number, to: number): Uint8Array {
    return bytesOf(buffer).slice(from, to);
  }
  readAsync(buffer: DeviceBuffer): Promise<Uint8Array> {
    return Promise.resolve(this.read(buffer));
  }
  ready(): Promise<void> {
    return Promise.resolve();
  }
  compile(jaxpr: Jaxpr, name: string): Compiled {
    const program = lowerJaxpr(new ClosedJaxpr(jaxpr));
    return {
      call: (inputs) => runReference(program, inputs.map(bytesOf)).map((data) => new HostBuffer(data)),
      text: () => name,
      stats: () => ({
        argumentBytes: 0,
        outputBytes: 0,
        temporaryBytes: 0,
        codeBytes: 0,
        flops: 0,
        bytesAccessed: 0,
      }),
    };
  }
  checkDType(): void {}
}

registerBackend(new ReferenceBackend());
