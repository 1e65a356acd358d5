/**
 * The order in which a GPU works. Programs that need the host in between (loops with a condition, callbacks) run on while
 * other calls have returned already; what is called later waits for them, so that everything happens in program order.
 *
 * @module
 */
import { RuntimeError } from "../core/errors.ts";

/** A piece of work; what it yields has to be waited for before it goes on. */
export type Task = Generator<Promise<unknown>, void, void>;

/** Kinds of errors that WebGPU reports later. */
const filters: readonly GPUErrorFilter[] = ["validation", "out-of-memory", "internal"];

/** The work between two looks at the errors that a device has reported. */
export class Epoch {
  /** What went wrong in it. */
  error: Error | null = null;
  /** Resolved when that is known. */
  settled: Promise<void> | null = null;
  /** Earlier ones whose results it read, as long as theirs is not known. */
  readonly sources: Set<Epoch> = new Set();

  /** What went wrong in it or before it. */
  get failure(): Error | null {
    if (this.error) return this.error;
    for (const source of this.sources) if (source.failure) return source.failure;
    return null;
  }
}

/** One device's queue and the errors that come of it. */
export class Timeline {
  readonly #device: GPUDevice;
  /** The work that waits for the host, and what was called after it. */
  #waiting: (() => Task | null)[] | null = null;
  #lost: Error | null = null;
  epoch: Epoch = new Epoch();
  #opened = false;

  constructor(device: GPUDevice) {
    this.#device = device;
    device.lost.then(({ message, reason }) => {
      this.#lost = new RuntimeError(
        `INTERNAL: the GPU device was lost (${
          reason || "unknown"
        }): ${message}. Its arrays are gone; start again with ` +
          `await init()`,
      );
    });
  }

  /** Raises when the device is gone; otherwise errors are collected from here on. */
  begin(): void {
    if (this.#lost) throw this.#lost;
    if (this.#opened) return;
    this.#opened = true;
    for (const filter of filters) this.#device.pushErrorScope(filter);
  }

  /** Runs a task in its turn: as far as it goes at once, if nothing else is waiting. */
  run(start: () => Task | null): void {
    if (this.#waiting !== null) {
      this.#waiting.push(start);
      return;
    }
    const task = start(), first = task?.next();
    if (!first || first.done) return;
    this.#waiting = [];
    void this.#drain(task!, first.value);
  }

  async #drain(first: Task, blocker: Promise<unknown>): Promise<void> {
    const finish = async (start: () => Task | null, waitFor: Promise<unknown> | null): Promise<void> => {
      try {
        await waitFor;
        const task = start();
        for (let next = task?.next(); next && !next.done; next = task!.next()) await next.value;
      } catch (error) {
        this.epoch.error ??= error as Error;
      }
    };
    await finish(() => first, blocker);
    const waiting = this.#waiting!;
    while (waiting.length > 0) await finish(waiting.shift()!, null);
    this.#waiting = null;
  }

  /** Does something once everything that was called before has been submitted. */
  afterwards(action: () => void): void {
    this.run(() => {
      action();
      return null;
    });
  }

  /** Resolves when it is known whether an epoch went well; rejects when it, or what it depends on, did not. */
  async check(epoch: Epoch): Promise<void> {
    if (epoch === this.epoch && this.#opened) {
      this.#opened = false;
      this.epoch = new Epoch();
      const scopes = filters.map(() => this.#device.popErrorScope());
      epoch.settled = Promise.all(scopes).then((errors) => {
        const found = errors.find((error) => error !== null);
        if (found) epoch.error = errorOf(found);
      });
    }
    await epoch.settled;
    for (const source of [...epoch.sources]) {
      await source.settled;
      if (source.failure === null) epoch.sources.delete(source);
    }
    if (this.#lost) throw this.#lost;
    const { failure } = epoch;
    if (failure) throw failure;
  }
}

function errorOf(error: GPUError): Error {
  const memory = error instanceof GPUOutOfMemoryError;
  return new RuntimeError(
    memory
      ? `RESOURCE_EXHAUSTED: the GPU is out of memory: ${error.message}. Delete arrays, or compute in smaller blocks`
      : `INTERNAL: the GPU refused a command, so that its results are undefined: ${error.message}`,
  );
}
