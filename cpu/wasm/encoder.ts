/**
 * Encoder of WebAssembly binary modules: types, imports, functions, tables, memories, globals, exports,
 * element and data segments, in the section order of the core specification.
 *
 * @module
 */
import { ByteWriter } from "./bytes.ts";
import { FunctionBuilder, type ValueType, valueTypeCodes } from "./function_builder.ts";

export { ByteWriter } from "./bytes.ts";
export {
  type BlockResult,
  FunctionBuilder,
  type Label,
  type LaneMemoryOpcode,
  type LaneOpcode,
  type MemoryOpcode,
  type PlainOpcode,
  type ValueType,
} from "./function_builder.ts";

/** Size of a linear memory in 64 KiB pages; a shared memory must have a maximum. */
export type MemoryLimits = {
  readonly initial: number;
  readonly maximum?: number | undefined;
  readonly shared?: boolean | undefined;
};

const sections = {
  type: 1,
  import: 2,
  function: 3,
  table: 4,
  memory: 5,
  global: 6,
  export: 7,
  element: 9,
  code: 10,
  data: 11,
} as const;

const kinds = { function: 0, table: 1, memory: 2, global: 3 } as const;

/** A list of encoded entries: the content of one section. */
class Entries {
  count = 0;
  readonly content = new ByteWriter(64);

  add(write: (into: ByteWriter) => void): number {
    write(this.content);
    return this.count++;
  }
}

/**
 * Module under construction. Imports of functions come before the first defined function and imports of
 * globals before the first defined global, because both share one index space with the imports first.
 */
export class ModuleBuilder {
  readonly #types = new Entries();
  readonly #typeIndices = new Map<string, number>();
  readonly #imports = new Entries();
  readonly #functions: FunctionBuilder[] = [];
  readonly #tables = new Entries();
  readonly #memories = new Entries();
  readonly #globals = new Entries();
  readonly #exports = new Entries();
  readonly #elements = new Entries();
  readonly #data = new Entries();
  #importedFunctions = 0;
  #importedGlobals = 0;
  #importedTables = 0;

  /** Index of a function type; equal types share one index. */
  type(parameters: readonly ValueType[], results: readonly ValueType[]): number {
    const key = `${parameters.join()}>${results.join()}`;
    const known = this.#typeIndices.get(key);
    if (known !== undefined) return known;
    const index = this.#types.add((into) => {
      into.byte(0x60);
      writeTypes(into, parameters);
      writeTypes(into, results);
    });
    this.#typeIndices.set(key, index);
    return index;
  }

  /** Imports a function and returns its index. */
  importFunction(
    from: readonly [module: string, field: string],
    parameters: readonly ValueType[],
    results: readonly ValueType[],
  ): number {
    if (this.#functions.length > 0) {
      throw new TypeError(`importFunction: "${from[1]}" comes after a defined function; import it before`);
    }
    const type = this.type(parameters, results);
    this.#import(from, kinds.function, (into) => into.u32(type));
    return this.#importedFunctions++;
  }

  /** Imports memory 0. */
  importMemory(from: readonly [module: string, field: string], limits: MemoryLimits): void {
    this.#import(from, kinds.memory, (into) => writeLimits(into, limits));
  }

  /** Imports a funcref table and returns its index. */
  importTable(from: readonly [module: string, field: string], initial: number): number {
    this.#import(from, kinds.table, (into) => {
      into.byte(valueTypeCodes.funcref);
      writeLimits(into, { initial });
    });
    return this.#importedTables++;
  }

  /** Imports a global and returns its index. */
  importGlobal(from: readonly [module: string, field: string], type: ValueType, mutable = false): number {
    if (this.#globals.count > 0) {
      throw new TypeError(`importGlobal: "${from[1]}" comes after a defined global; import it before`);
    }
    this.#import(from, kinds.global, (into) => {
      into.byte(valueTypeCodes[type]);
      into.byte(mutable ? 1 : 0);
    });
    return this.#importedGlobals++;
  }

  /** Starts a function; its body is what is emitted on the builder before `toBytes`. */
  function(parameters: readonly ValueType[], results: readonly ValueType[]): FunctionBuilder {
    const index = this.#importedFunctions + this.#functions.length;
    const builder = new FunctionBuilder(index, this.type(parameters, results), parameters.length);
    this.#functions.push(builder);
    return builder;
  }

  /** Defines memory 0. */
  memory(limits: MemoryLimits): void {
    this.#memories.add((into) => writeLimits(into, limits));
  }

  /** Defines a funcref table and returns its index. */
  table(initial: number, maximum?: number): number {
    const defined = this.#tables.add((into) => {
      into.byte(valueTypeCodes.funcref);
      writeLimits(into, { initial, maximum });
    });
    return this.#importedTables + defined;
  }

  /** Defines a global with a constant initial value and returns its index. */
  global(type: "i32" | "i64" | "f32" | "f64", initial: number | bigint, mutable = true): number {
    const defined = this.#globals.add((into) => {
      into.byte(valueTypeCodes[type]);
      into.byte(mutable ? 1 : 0);
      writeConstant(into, type, initial);
    });
    return this.#importedGlobals + defined;
  }

  exportFunction(name: string, index: number): void {
    this.#export(name, kinds.function, index);
  }

  exportTable(name: string, index = 0): void {
    this.#export(name, kinds.table, index);
  }

  exportMemory(name: string): void {
    this.#export(name, kinds.memory, 0);
  }

  exportGlobal(name: string, index: number): void {
    this.#export(name, kinds.global, index);
  }

  /** Places functions in table 0 from an offset on. */
  elements(offset: number, functionIndices: readonly number[]): void {
    this.#elements.add((into) => {
      into.u32(0);
      writeConstant(into, "i32", offset);
      into.u32(functionIndices.length);
      for (const index of functionIndices) into.u32(index);
    });
  }

  /** Places bytes in memory 0 at instantiation. */
  data(offset: number, bytes: Uint8Array): void {
    this.#data.add((into) => {
      into.u32(0);
      writeConstant(into, "i32", offset);
      into.sized(bytes);
    });
  }

  /** The binary module. */
  toBytes(): Uint8Array<ArrayBuffer> {
    const declared = new Entries();
    const code = new Entries();
    for (const builder of this.#functions) {
      declared.add((into) => into.u32(builder.typeIndex));
      code.add((into) => builder.encode(into));
    }
    const out = new ByteWriter(code.content.length + 1024);
    out.bytes([0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00]);
    writeSection(out, sections.type, this.#types);
    writeSection(out, sections.import, this.#imports);
    writeSection(out, sections.function, declared);
    writeSection(out, sections.table, this.#tables);
    writeSection(out, sections.memory, this.#memories);
    writeSection(out, sections.global, this.#globals);
    writeSection(out, sections.export, this.#exports);
    writeSection(out, sections.element, this.#elements);
    writeSection(out, sections.code, code);
    writeSection(out, sections.data, this.#data);
    return out.toBytes();
  }

  #import(
    [module, field]: readonly [string, string],
    kind: number,
    describe: (into: ByteWriter) => void,
  ): void {
    this.#imports.add((into) => {
      into.name(module);
      into.name(field);
      into.byte(kind);
      describe(into);
    });
  }

  #export(name: string, kind: number, index: number): void {
    this.#exports.add((into) => {
      into.name(name);
      into.byte(kind);
      into.u32(index);
    });
  }
}

function writeSection(out: ByteWriter, id: number, entries: Entries): void {
  if (entries.count === 0) return;
  const count = new ByteWriter(5);
  count.u32(entries.count);
  out.byte(id);
  out.u32(count.length + entries.content.length);
  out.bytes(count.view());
  out.bytes(entries.content.view());
}

function writeTypes(into: ByteWriter, types: readonly ValueType[]): void {
  into.u32(types.length);
  for (const type of types) into.byte(valueTypeCodes[type]);
}

function writeLimits(into: ByteWriter, { initial, maximum, shared = false }: MemoryLimits): void {
  if (shared && maximum === undefined) throw new TypeError("A shared memory needs a maximum, has none");
  into.byte((maximum === undefined ? 0 : 1) | (shared ? 2 : 0));
  into.u32(initial);
  if (maximum !== undefined) into.u32(maximum);
}

/** Constant expression: one `const` instruction and `end`. */
function writeConstant(into: ByteWriter, type: "i32" | "i64" | "f32" | "f64", value: number | bigint): void {
  if (type === "i32") {
    into.byte(0x41);
    into.i32(Number(value));
  } else if (type === "i64") {
    into.byte(0x42);
    into.i64(BigInt(value));
  } else if (type === "f32") {
    into.byte(0x43);
    into.f32(Number(value));
  } else {
    into.byte(0x44);
    into.f64(Number(value));
  }
  into.byte(0x0b);
}
