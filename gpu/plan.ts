/**
 * From the steps of a program to dispatches. A step that runs only under a condition is dispatched indirectly: its
 * numbers of workgroups lie in a slot of GPU memory, and a gate kernel, which reads the condition, sets them to what the
 * step needs or to none. So conditions never come to the host, except to learn when a `while` is over.
 *
 * @module
 */
import { NotImplementedError } from "../core/errors.ts";
import { KernelBuilder } from "../kernel/builder.ts";
import {
  type BufferRef,
  type HostCallback,
  type Kernel,
  Param,
  type Program,
  type Step,
  storageBytes,
} from "../kernel/ir.ts";
import { gateShader } from "./_gate.ts";
import { iterationsOf } from "./_iterations.ts";
import type { Pipeline, Pipelines } from "./kernels.ts";
import { productShader } from "./_wgsl_product.ts";
import type { Binding, Shader } from "./shader.ts";
import { kernelShader } from "./wgsl.ts";

/** Words for the uniform binding of a dispatch: one row for each combination of the loop counters that matter. */
export interface Uniforms {
  /** Byte offset of the first row in the program's table. */
  base: number;
  /** Bytes of a row, and from one row to the next. */
  readonly bytes: number;
  readonly pitch: number;
  readonly rows: readonly (readonly number[])[];
  /** Row number: Σ counter · stride. */
  readonly strides: readonly { readonly counter: number; readonly stride: number }[];
}

/** One run of a compute shader. */
export interface Dispatch {
  readonly kind: "dispatch";
  readonly pipeline: Pipeline;
  /** Workgroups along x and y. */
  readonly groups: readonly [number, number];
  /** For each binding, the program's buffer, or what belongs to the plan itself. */
  readonly buffers: readonly (number | "slots" | "table")[];
  readonly uniforms: Uniforms | null;
  /** The slot that says whether it runs; -1: it always does. */
  readonly slot: number;
}

/** A planned step. */
export type Planned =
  | Dispatch
  | {
    readonly kind: "loop";
    readonly counter: number;
    readonly count: number;
    readonly reverse: boolean;
    readonly body: readonly Planned[];
  }
  | {
    readonly kind: "while";
    readonly start: Dispatch;
    readonly condition: readonly Planned[];
    readonly test: Dispatch;
    readonly body: readonly Planned[];
    /** The slot that stays open as long as the loop goes on. */
    readonly alive: number;
  }
  /** All branches, of which the gates before them let one run. */
  | { readonly kind: "sequence"; readonly steps: readonly Planned[] }
  | {
    readonly kind: "callback";
    readonly callback: HostCallback;
    readonly inputs: readonly BufferRef[];
    readonly outputs: readonly BufferRef[];
    readonly slot: number;
  };

/** A program as a GPU runs it. */
export interface Plan {
  /** The steps at the top, with the temporary buffers that are first and last needed there. */
  readonly steps: readonly {
    readonly step: Planned;
    readonly acquire: readonly number[];
    readonly release: readonly number[];
  }[];
  /** Rows of uniforms. */
  readonly uniforms: Int32Array<ArrayBuffer>;
  /** Entries of the gates: slot, branch, and workgroups along x and y. */
  readonly gates: Uint32Array<ArrayBuffer>;
  readonly slots: number;
  readonly kernels: readonly Shader[];
}

/** What a device can do. */
export interface PlanLimits {
  /** Of dynamic offsets of uniform buffers. */
  readonly alignment: number;
  /** Of the loops of one invocation. */
  readonly maxIterations: number;
  readonly maxBufferSize: number;
}

/** A slot that a gate sets: when its branch is taken, to these workgroups. */
interface Gated {
  readonly slot: number;
  readonly groups: readonly [number, number];
}

/** Steps that run under one condition. */
class Region {
  readonly own: Gated[] = [];
  /** Slots of regions inside, which are closed when this one is entered. */
  readonly inner: number[] = [];
}

/** No gate opens this branch. */
const never = 0xffffffff;

class Planner {
  readonly #program: Program;
  readonly #pipelines: Pipelines;
  readonly #limits: PlanLimits;
  readonly #counts = new Map<number, number>();
  readonly #rows: Uniforms[] = [];
  readonly #entries: number[] = [];
  /** By text. */
  readonly shaders: Map<string, Shader> = new Map();
  readonly #copies = new Map<string, Kernel>();
  slots = 0;

  constructor(program: Program, pipelines: Pipelines, limits: PlanLimits) {
    this.#program = program;
    this.#pipelines = pipelines;
    this.#limits = limits;
  }

  get gates(): Uint32Array<ArrayBuffer> {
    return new Uint32Array(this.#entries);
  }

  /** All rows of uniforms, each at an aligned place. */
  uniforms(): Int32Array<ArrayBuffer> {
    let bytes = 0;
    for (const table of this.#rows) {
      table.base = bytes;
      bytes += table.rows.length * table.pitch;
    }
    if (bytes > this.#limits.maxBufferSize) {
      throw new NotImplementedError(
        `the places of arrays in the iterations of a loop take ${bytes} bytes, and this GPU's buffers can have at most ` +
          `${this.#limits.maxBufferSize}: make the loop shorter, or run it on the CPU: devicePut(x, "cpu")`,
      );
    }
    const words = new Int32Array(bytes / 4);
    for (const table of this.#rows) {
      table.rows.forEach((row, i) => words.set(row, (table.base + i * table.pitch) / 4));
    }
    return words;
  }

  steps(list: readonly Step[], region: Region | null): Planned[] {
    return list.flatMap((step): Planned[] => this.step(step, region));
  }

  step(step: Step, region: Region | null): Planned[] {
    switch (step.kind) {
      case "kernel":
        return [this.#kernel(step.kernel, step.args, region)];
      case "copy":
        return [this.#copy(step, region)];
      case "loop": {
        const { counter, count, reverse } = step;
        this.#counts.set(counter, count);
        return [{ kind: "loop", counter, count, reverse, body: this.steps(step.body, region) }];
      }
      case "while":
        return [this.#while(step, region)];
      case "switch":
        return [this.#switch(step, region)];
      case "callback": {
        const callback = this.#program.callbacks[step.callback]!;
        const slot = region === null ? -1 : this.#slot(region, [1, 1]);
        return [{ kind: "callback", callback, inputs: step.inputs, outputs: step.outputs, slot }];
      }
    }
  }

  #slot(region: Region, groups: readonly [number, number]): number {
    const slot = this.slots++;
    region.own.push({ slot, groups });
    return slot;
  }

  #elementBytes(buffer: number): number {
    return storageBytes[this.#program.buffers[buffer]!.storage];
  }

  #kernel(kernel: Kernel, args: readonly BufferRef[], region: Region | null): Dispatch {
    const buffers: number[] = [];
    const bindings = args.map(({ buffer, offset, loops }): Binding => {
      let binding = buffers.indexOf(buffer);
      if (binding < 0) binding = buffers.push(buffer) - 1;
      return { binding, moves: offset !== 0 || loops.length > 0 };
    });
    const shader = productShader(kernel, bindings) ?? this.#shader(kernel, bindings);
    const uniforms = shader.moving.length === 0
      ? null
      : this.#uniforms(shader.moving.map((i) => args[i]!), []);
    return this.#dispatch(kernel.name, shader, { buffers, uniforms, region });
  }

  #shader(kernel: Kernel, bindings: readonly Binding[]): Shader {
    const iterations = iterationsOf(kernel.body), most = this.#limits.maxIterations;
    if (iterations > most) {
      throw new NotImplementedError(
        `${kernel.name} may take ${iterations} iterations of its loops in one go, and this GPU, which is made of ` +
          `software, ends loops after ${most}. Use smaller arrays, or run it on the CPU: devicePut(x, "cpu")`,
      );
    }
    return kernelShader(kernel, bindings);
  }

  #dispatch(
    name: string,
    shader: Shader,
    use: {
      readonly buffers: Dispatch["buffers"];
      readonly uniforms: Uniforms | null;
      readonly region: Region | null;
    },
  ): Dispatch {
    const pipeline = this.#pipelines.get(name, shader);
    this.shaders.set(shader.text, shader);
    const slot = use.region === null ? -1 : this.#slot(use.region, shader.groups);
    return {
      kind: "dispatch",
      pipeline,
      groups: shader.groups,
      buffers: use.buffers,
      uniforms: use.uniforms,
      slot,
    };
  }

  /** Element offsets of places for each combination of the counters that move them, followed by constants. */
  #uniforms(refs: readonly BufferRef[], constants: readonly number[]): Uniforms {
    const counters = [...new Set(refs.flatMap((ref) => ref.loops.map((l) => l.counter)))];
    let count = 1;
    const strides = counters.reverse().map((counter) => {
      const stride = count;
      count *= this.#counts.get(counter)!;
      return { counter, stride };
    });
    const valueAt = (row: number, counter: number): number => {
      const { stride } = strides.find((s) => s.counter === counter)!;
      return Math.floor(row / stride) % this.#counts.get(counter)!;
    };
    const rows = Array.from({ length: count }, (_, row) => [
      ...refs.map(({ buffer, offset, loops }) =>
        loops.reduce((sum, { counter, stride }) => sum + valueAt(row, counter) * stride, offset) /
        this.#elementBytes(buffer)
      ),
      ...constants,
    ]);
    const bytes = Math.ceil(rows[0]!.length / 4) * 16;
    const { alignment } = this.#limits, pitch = Math.ceil(bytes / alignment) * alignment;
    const made: Uniforms = { base: 0, bytes, pitch, rows, strides };
    this.#rows.push(made);
    return made;
  }

  /** A copy is a kernel too, so that it can lie in loops and behind gates like any other. */
  #copy(step: Extract<Step, { kind: "copy" }>, region: Region | null): Dispatch {
    const { storage } = this.#program.buffers[step.from.buffer]!;
    const target = this.#program.buffers[step.to.buffer]!.storage;
    const size = step.bytes / storageBytes[storage], key = `${storage}${target}${size}`;
    let kernel = this.#copies.get(key);
    if (kernel === undefined) {
      const from = new Param(storage, size, "from"), to = new Param(target, size, "to");
      const k = new KernelBuilder([from, to]);
      k.range(size, (i) => k.store(to, i, k.load(from, i)));
      this.#copies.set(key, kernel = k.build("copy"));
    }
    return this.#kernel(kernel, [step.from, step.to], region);
  }

  /** A gate that opens the slots of the region that `source` chooses. */
  #gate(
    mode: "switch" | "start" | "test",
    source: BufferRef,
    regions: readonly Region[],
    use: { readonly alive: number; readonly region: Region | null },
  ): { readonly finish: () => void; readonly dispatch: Dispatch } {
    const { storage } = this.#program.buffers[source.buffer]!;
    const shader = gateShader(mode, storage);
    // A gate binds the slots, so it cannot be dispatched by one of them: it looks at its own.
    const own = mode === "test" || use.region === null ? -1 : this.#slot(use.region, [1, 1]);
    // The entries are known only when the regions' steps are planned.
    const constants = [0, 0, regions.length, use.alive + 1, own + 1];
    const uniforms = this.#uniforms([source], constants);
    const buffers = [source.buffer, "table", "slots"] as const;
    const dispatch = this.#dispatch(`${mode} gate`, shader, { buffers, uniforms, region: null });
    const finish = (): void => {
      const first = this.#entries.length / 4;
      regions.forEach(({ own, inner }, branch) => {
        for (const { slot, groups } of own) this.#entries.push(slot, branch, ...groups);
        for (const slot of inner) this.#entries.push(slot, never, 0, 0);
      });
      const count = this.#entries.length / 4 - first;
      for (const row of uniforms.rows as number[][]) row.splice(1, 2, first, count);
      if (use.region === null) return;
      for (const { own, inner } of regions) use.region.inner.push(...own.map((g) => g.slot), ...inner);
    };
    return { finish, dispatch };
  }

  #switch(step: Extract<Step, { kind: "switch" }>, region: Region | null): Planned {
    const regions = step.branches.map(() => new Region());
    const { dispatch, finish } = this.#gate("switch", step.index, regions, { alive: -1, region });
    const branches = step.branches.flatMap((branch, i) => this.steps(branch, regions[i]!));
    finish();
    return { kind: "sequence", steps: [dispatch, ...branches] };
  }

  #while(step: Extract<Step, { kind: "while" }>, region: Region | null): Planned {
    const inside = new Region(), alive = this.#slot(inside, [1, 1]);
    const start = this.#gate("start", step.predicate, [inside], { alive, region });
    const condition = this.steps(step.condition, inside);
    const test = this.#gate("test", step.predicate, [inside], { alive, region: inside });
    const body = this.steps(step.body, inside);
    start.finish();
    // The test's own entries are those of the start.
    const from = (start.dispatch.uniforms!.rows[0] as number[]).slice(1, 3);
    for (const row of test.dispatch.uniforms!.rows as number[][]) row.splice(1, 2, ...from);
    return { kind: "while", start: start.dispatch, condition, test: test.dispatch, body, alive };
  }
}

/** Program buffers that a planned step touches. */
function buffersOf(step: Planned): number[] {
  switch (step.kind) {
    case "dispatch":
      return step.buffers.filter((b) => typeof b === "number");
    case "loop":
      return step.body.flatMap(buffersOf);
    case "while":
      return [step.start, ...step.condition, step.test, ...step.body].flatMap(buffersOf);
    case "sequence":
      return step.steps.flatMap(buffersOf);
    case "callback":
      return [...step.inputs, ...step.outputs].map((ref) => ref.buffer);
  }
}

/** Plans a program. */
export function planProgram(program: Program, pipelines: Pipelines, limits: PlanLimits): Plan {
  const planner = new Planner(program, pipelines, limits);
  const steps = planner.steps(program.steps, null);
  const first = new Map<number, number>(), last = new Map<number, number>();
  steps.forEach((step, i) => {
    for (const buffer of buffersOf(step)) {
      if (program.buffers[buffer]!.role !== "temp") continue;
      if (!first.has(buffer)) first.set(buffer, i);
      last.set(buffer, i);
    }
  });
  const at = (times: ReadonlyMap<number, number>, i: number): number[] =>
    [...times].flatMap(([buffer, time]) => time === i ? [buffer] : []);
  const acquire = steps.map((_, i) => at(first, i)), release = steps.map((_, i) => at(last, i));
  return {
    steps: steps.map((step, i) => ({ step, acquire: acquire[i]!, release: release[i]! })),
    uniforms: planner.uniforms(),
    gates: planner.gates,
    slots: planner.slots,
    kernels: [...planner.shaders.values()],
  };
}
