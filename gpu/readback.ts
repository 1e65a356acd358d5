/**
 * Copies of GPU memory to the host.
 *
 * @module
 */

/** Bytes of staging buffers that are kept for the next reads. */
const mostKept = 64 * 2 ** 20;
const leastBytes = 256;

/** Reads buffers of a device through staging buffers that are used again. */
export class Readback {
  readonly #device: GPUDevice;
  readonly #kept: GPUBuffer[] = [];
  #keptBytes = 0;

  constructor(device: GPUDevice) {
    this.#device = device;
  }

  /** Bytes of a buffer as they are after everything that has been submitted. Offset and size are multiples of 4. */
  async read(source: GPUBuffer, offset: number, bytes: number): Promise<ArrayBuffer> {
    const staging = this.#take(bytes);
    const encoder = this.#device.createCommandEncoder();
    encoder.copyBufferToBuffer(source, offset, staging, 0, bytes);
    this.#device.queue.submit([encoder.finish()]);
    await staging.mapAsync(GPUMapMode.READ, 0, bytes);
    const data = staging.getMappedRange(0, bytes).slice(0);
    staging.unmap();
    if (this.#keptBytes + staging.size > mostKept) staging.destroy();
    else {
      this.#kept.push(staging);
      this.#keptBytes += staging.size;
    }
    return data;
  }

  #take(bytes: number): GPUBuffer {
    const size = Math.max(leastBytes, 2 ** Math.ceil(Math.log2(bytes)));
    const at = this.#kept.findIndex((buffer) => buffer.size === size);
    if (at >= 0) {
      this.#keptBytes -= size;
      return this.#kept.splice(at, 1)[0]!;
    }
    const exact = size > mostKept ? Math.ceil(bytes / 4) * 4 : size;
    const { MAP_READ, COPY_DST } = GPUBufferUsage;
    return this.#device.createBuffer({ size: exact, usage: MAP_READ | COPY_DST });
  }
}
