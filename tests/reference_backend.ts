/**
 * A CPU backend that runs programs in plain JavaScript, by the reference semantics of the kernel IR.
 *
 * @module
 */
import { type Backend, Device, type DeviceBuffer, registerBackend } from "../core/backend.ts";
import { ClosedJaxpr } from "../core/jaxpr.ts";
import { lowerJaxpr } from "../kernel/lower.ts";
import { programText } from "../kernel/print.ts";
import { runReference } from "../kernel/reference.ts";

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

const dataOf = (buffer: DeviceBuffer): Uint8Array => (buffer as HostBuffer).data;
const devices: Device[] = [];

/** The backend; importing this file registers it. */
export const referenceBackend: Backend = {
  platform: "cpu",
  devices,
  upload: (bytes) => new HostBuffer(bytes.slice()),
  read: (buffer) => dataOf(buffer).slice(),
  readRange: (buffer, from, to) => dataOf(buffer).slice(from, to),
  readAsync: (buffer) => Promise.resolve(dataOf(buffer).slice()),
  ready: () => Promise.resolve(),
  compile(jaxpr) {
    const program = lowerJaxpr(new ClosedJaxpr(jaxpr));
    return {
      call: (inputs) => runReference(program, inputs.map(dataOf)).map((data) => new HostBuffer(data)),
      text: () => programText(program),
      stats: () => ({
        argumentBytes: 0,
        outputBytes: 0,
        temporaryBytes: 0,
        codeBytes: 0,
        flops: 0,
        bytesAccessed: 0,
      }),
    };
  },
  checkDType() {},
};
devices.push(new Device(referenceBackend, 0, "reference"));
registerBackend(referenceBackend);
