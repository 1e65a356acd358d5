/**
 * Builder of one function body: locals, instructions, and structured control flow by labels.
 *
 * @module
 */
import { ByteWriter } from "./bytes.ts";
import { atomicOpcodes, scalarMemoryOpcodes, scalarOpcodes } from "./opcodes.ts";
import { simdLaneMemoryOpcodes, simdLaneOpcodes, simdMemoryOpcodes, simdOpcodes } from "./simd_opcodes.ts";

/** WebAssembly value types. */
export type ValueType = "i32" | "i64" | "f32" | "f64" | "v128" | "funcref";

/** Instruction without immediates. */
export type PlainOpcode = keyof typeof scalarOpcodes | keyof typeof simdOpcodes;

/** Instruction with a memory immediate. */
export type MemoryOpcode =
  | keyof typeof scalarMemoryOpcodes
  | keyof typeof simdMemoryOpcodes
  | keyof typeof atomicOpcodes;

/** SIMD instruction with a lane immediate. */
export type LaneOpcode = keyof typeof simdLaneOpcodes;

/** SIMD load or store of one lane. */
export type LaneMemoryOpcode = keyof typeof simdLaneMemoryOpcodes;

/** Target of a branch: the nesting depth of its block. */
export type Label = { readonly depth: number };

/** Result of a block: nothing, or one value. */
export type BlockResult = ValueType | "empty";

/** Encoding of each value type. */
export const valueTypeCodes: Readonly<Record<ValueType, number>> = {
  i32: 0x7f,
  i64: 0x7e,
  f32: 0x7d,
  f64: 0x7c,
  v128: 0x7b,
  funcref: 0x70,
};

const EMPTY_BLOCK = 0x40;
const BLOCK = 0x02;
const LOOP = 0x03;
const IF = 0x04;
const ELSE = 0x05;
const END = 0x0b;

const plainOpcodes: Readonly<Record<PlainOpcode, number>> = { ...scalarOpcodes, ...simdOpcodes };
const memoryOpcodes: Readonly<Record<MemoryOpcode, readonly [number, number]>> = {
  ...scalarMemoryOpcodes,
  ...simdMemoryOpcodes,
  ...atomicOpcodes,
};

/**
 * Body of one function. Locals are numbered with the parameters first. Every instruction method returns the
 * builder, so that a sequence reads as one chain.
 *
 * @example
 * ```ts
 * import { ModuleBuilder } from "./encoder.ts";
 *
 * const module = new ModuleBuilder();
 * const add = module.function(["i32", "i32"], ["i32"]);
 * add.get(0).get(1).op("i32.add");
 * module.exportFunction("add", add.index);
 * const { exports } = new WebAssembly.Instance(new WebAssembly.Module(module.toBytes()));
 * if ((exports.add as (a: number, b: number) => number)(2, 3) !== 5) throw new Error("wrong sum");
 * ```
 */
export class FunctionBuilder {
  readonly index: number;
  readonly typeIndex: number;
  readonly parameterCount: number;
  readonly #locals: ValueType[] = [];
  readonly #free = new Map<ValueType, number[]>();
  readonly #code = new ByteWriter();
  #depth = 0;

  constructor(index: number, typeIndex: number, parameterCount: number) {
    this.index = index;
    this.typeIndex = typeIndex;
    this.parameterCount = parameterCount;
  }

  /** Bytes of instructions emitted so far. */
  get size(): number {
    return this.#code.length;
  }

  /** Index of a local of the type: a released one where there is one (its value is then unspecified). */
  local(type: ValueType): number {
    const reused = this.#free.get(type)?.pop();
    if (reused !== undefined) return reused;
    this.#locals.push(type);
    return this.parameterCount + this.#locals.length - 1;
  }

  /** Makes a local obtained from `local` available again. */
  release(local: number): void {
    const type = this.#locals[local - this.parameterCount];
    if (type === undefined) throw new RangeError(`release: local ${local} is not one that local() gave`);
    const free = this.#free.get(type);
    if (free === undefined) this.#free.set(type, [local]);
    else free.push(local);
  }

  op(name: PlainOpcode): this {
    this.#code.opcode(plainOpcodes[name]);
    return this;
  }

  get(local: number): this {
    return this.#indexed(0x20, local);
  }

  set(local: number): this {
    return this.#indexed(0x21, local);
  }

  tee(local: number): this {
    return this.#indexed(0x22, local);
  }

  globalGet(global: number): this {
    return this.#indexed(0x23, global);
  }

  globalSet(global: number): this {
    return this.#indexed(0x24, global);
  }

  call(functionIndex: number): this {
    return this.#indexed(0x10, functionIndex);
  }

  /** Calls through the table; the callee's table index is on top of the stack, above the arguments. */
  callIndirect(typeIndex: number, table = 0): this {
    this.#indexed(0x11, typeIndex);
    this.#code.u32(table);
    return this;
  }

  i32(value: number): this {
    this.#code.byte(0x41);
    this.#code.i32(value);
    return this;
  }

  i64(value: bigint): this {
    this.#code.byte(0x42);
    this.#code.i64(value);
    return this;
  }

  f32(value: number): this {
    this.#code.byte(0x43);
    this.#code.f32(value);
    return this;
  }

  f64(value: number): this {
    this.#code.byte(0x44);
    this.#code.f64(value);
    return this;
  }

  /** v128 constant from its 16 bytes. */
  v128(bytes: ArrayLike<number>): this {
    if (bytes.length !== 16) throw new RangeError(`v128: wants 16 bytes, has ${bytes.length}`);
    this.#code.opcode(0xfd_000c);
    this.#code.bytes(bytes);
    return this;
  }

  /** v128 constant that repeats an f32, f64, i32 or i64 value in every lane. */
  splat(type: "f32" | "f64" | "i32" | "i64", value: number | bigint): this {
    const wide = type === "f64" || type === "i64";
    this.#code.opcode(0xfd_000c);
    for (let lane = 0; lane < (wide ? 2 : 4); lane++) {
      if (type === "f32") this.#code.f32(Number(value));
      else if (type === "f64") this.#code.f64(Number(value));
      else if (type === "i32") this.#code.u32Fixed(Number(value));
      else this.#code.u64Fixed(BigInt(value));
    }
    return this;
  }

  /** Load, store or atomic access at the address on the stack plus a constant offset. */
  memory(name: MemoryOpcode, offset = 0): this {
    const [code, alignment] = memoryOpcodes[name];
    this.#code.opcode(code);
    this.#code.u32(alignment);
    this.#code.u32(offset);
    return this;
  }

  /** Load or store of one lane of a vector. */
  laneMemory(name: LaneMemoryOpcode, lane: number, offset = 0): this {
    const [code, alignment] = simdLaneMemoryOpcodes[name];
    this.#code.opcode(code);
    this.#code.u32(alignment);
    this.#code.u32(offset);
    this.#code.byte(lane);
    return this;
  }

  /** Extraction or replacement of one lane. */
  lane(name: LaneOpcode, lane: number): this {
    this.#code.opcode(simdLaneOpcodes[name]);
    this.#code.byte(lane);
    return this;
  }

  /** `i8x16.shuffle` with 16 byte selectors in [0, 32). */
  shuffle(selectors: ArrayLike<number>): this {
    if (selectors.length !== 16) throw new RangeError(`shuffle: wants 16 selectors, has ${selectors.length}`);
    this.#code.opcode(0xfd_000d);
    this.#code.bytes(selectors);
    return this;
  }

  /** `memory.copy`: destination, source and byte count on the stack. */
  memoryCopy(): this {
    this.#code.opcode(0xfc_000a);
    this.#code.bytes([0, 0]);
    return this;
  }

  /** `memory.fill`: destination, byte value and byte count on the stack. */
  memoryFill(): this {
    this.#code.opcode(0xfc_000b);
    this.#code.byte(0);
    return this;
  }

  memorySize(): this {
    return this.#indexed(0x3f, 0);
  }

  memoryGrow(): this {
    return this.#indexed(0x40, 0);
  }

  atomicFence(): this {
    this.#code.opcode(0xfe_0003);
    this.#code.byte(0);
    return this;
  }

  /** Block whose label branches to its end. */
  block(body: (label: Label) => void, result: BlockResult = "empty"): this {
    return this.#nested(BLOCK, result, body);
  }

  /** Loop whose label branches to its start. */
  loop(body: (label: Label) => void, result: BlockResult = "empty"): this {
    return this.#nested(LOOP, result, body);
  }

  /** Two-armed or one-armed conditional on the i32 on the stack. */
  if(
    then: (label: Label) => void,
    otherwise?: ((label: Label) => void) | undefined,
    result: BlockResult = "empty",
  ): this {
    return this.#nested(IF, result, (label) => {
      then(label);
      if (otherwise === undefined) return;
      this.#code.byte(ELSE);
      otherwise(label);
    });
  }

  br(label: Label): this {
    return this.#indexed(0x0c, this.#depth - label.depth);
  }

  brIf(label: Label): this {
    return this.#indexed(0x0d, this.#depth - label.depth);
  }

  /** Branches to the label at the i32 on the stack, or to the default when it is out of range. */
  brTable(labels: readonly Label[], otherwise: Label): this {
    this.#code.byte(0x0e);
    this.#code.u32(labels.length);
    for (const label of labels) this.#code.u32(this.#depth - label.depth);
    this.#code.u32(this.#depth - otherwise.depth);
    return this;
  }

  /** Writes the body with its size, local declarations and closing `end`. */
  encode(into: ByteWriter): void {
    const declarations = new ByteWriter(32);
    const runs: { type: ValueType; count: number }[] = [];
    for (const type of this.#locals) {
      const last = runs.at(-1);
      if (last?.type === type) last.count++;
      else runs.push({ type, count: 1 });
    }
    declarations.u32(runs.length);
    for (const { type, count } of runs) {
      declarations.u32(count);
      declarations.byte(valueTypeCodes[type]);
    }
    into.u32(declarations.length + this.#code.length + 1);
    into.bytes(declarations.view());
    into.bytes(this.#code.view());
    into.byte(END);
  }

  #indexed(code: number, index: number): this {
    this.#code.byte(code);
    this.#code.u32(index);
    return this;
  }

  #nested(code: number, result: BlockResult, body: (label: Label) => void): this {
    this.#code.byte(code);
    this.#code.byte(result === "empty" ? EMPTY_BLOCK : valueTypeCodes[result]);
    this.#depth++;
    body({ depth: this.#depth });
    this.#depth--;
    this.#code.byte(END);
    return this;
  }
}
