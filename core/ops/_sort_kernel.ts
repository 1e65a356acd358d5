/**
 * The kernel of sorts: stable radix sort of words from the least significant digit, and insertion sort of short
 * lines. Other operands follow as payload, or are gathered by the sorted positions.
 *
 * @module
 */
import type { KernelBuilder, Local } from "../../kernel/builder.ts";
import { binary, bitcast, branch, compare, constant, convert, index } from "../../kernel/expr.ts";
import { type Expr, loadedType, type Param } from "../../kernel/ir.ts";
import { layoutOf } from "../../kernel/layout.ts";
import type { RoutineOperand } from "../../kernel/lowering.ts";
import { digit, type SortKey } from "./_sort_keys.ts";

/** Up to this many elements, insertion is faster than counting. */
const shortLine = 64;
/** From this many elements on, fewer passes with longer digits are faster. */
const longLine = 8192;
/** Parts of the lines that have scratch memory of their own, so that threads can take them. */
const maxParts = { few: 8, many: 1024 } as const;

/** Lines of an array along an axis: `lines` of `n` elements, neighbours of one line `inner` elements apart. */
export interface Lines {
  readonly lines: number;
  readonly n: number;
  readonly inner: number;
}

/** The lines along an axis of a shape. */
export function linesOf(shape: readonly number[], axis: number): Lines {
  const n = shape[axis]!;
  const inner = shape.slice(axis + 1).reduce((a, b) => a * b, 1);
  const outer = shape.slice(0, axis).reduce((a, b) => a * b, 1);
  return { lines: outer * inner, n, inner };
}

/** Position of an element of a line in an array whose lines have `n` elements. */
export function positionIn({ inner }: Lines, n: number, line: Expr, element: Expr): Expr {
  if (inner === 1) return binary("add", binary("mul", line, index(n)), element);
  const outer = binary("div", line, index(inner)), column = binary("rem", line, index(inner));
  const row = binary("add", binary("mul", outer, index(n)), element);
  return binary("add", binary("mul", row, index(inner)), column);
}

/** Runs `body` for each line; `part` tells scratch memory apart that may be in use at once. */
export function eachLine(
  k: KernelBuilder,
  { lines }: Lines,
  body: (line: Expr, part: Expr) => void,
): void {
  const parts = partsOf(k, lines), share = Math.ceil(lines / parts);
  k.range(parts, (part) => {
    const lo = k.let(binary("mul", part, index(share)));
    const hi = k.let(binary("min", binary("add", lo, index(share)), index(lines)));
    k.for(lo, hi, (line) => body(line, part));
  });
}

/** How many parts {@linkcode eachLine} makes. */
export function partsOf({ target }: KernelBuilder, lines: number): number {
  return Math.min(lines, maxParts[target.threads]);
}

/** Scratch memory of words and what travels with them, twice: a pass writes one half from the other. */
export class SortBuffers {
  readonly #k: KernelBuilder;
  readonly #n: number;
  readonly #parts: number;
  readonly #words = new Map<"u32" | "u64", Param>();
  readonly payload: Param | null;
  readonly #histogram: Param | null;
  readonly #histogramSize: number;
  #base: Expr = index(0);
  #part: Expr = index(0);
  #half: Local | null = null;

  constructor(
    k: KernelBuilder,
    { lines, n }: Lines,
    options: { readonly payload: boolean; readonly bits: readonly number[] },
  ) {
    this.#k = k;
    this.#n = n;
    this.#parts = partsOf(k, lines);
    this.payload = options.payload ? k.scratch("u32", 2 * n * this.#parts) : null;
    const digits = options.bits.map((bits) => this.#digits(bits));
    this.#histogramSize = Math.max(...digits.map(({ places, bits }) => places << bits));
    this.#histogram = n > shortLine ? k.scratch("i32", this.#histogramSize * this.#parts) : null;
  }

  /** Starts a line. */
  begin(part: Expr): void {
    const k = this.#k;
    this.#part = part;
    this.#base = k.let(binary("mul", part, index(2 * this.#n)));
    this.#half = k.local(index(0));
  }

  words(storage: "u32" | "u64"): Param {
    let param = this.#words.get(storage);
    if (!param) this.#words.set(storage, param = this.#k.scratch(storage, 2 * this.#n * this.#parts));
    return param;
  }

  /** Where element i is now. */
  at(i: Expr): Expr {
    return binary("add", binary("add", this.#base, this.#half!.get()), i);
  }

  #digits(bits: number): { places: number; bits: number } {
    const longest = this.#n >= longLine ? 11 : 8;
    const places = Math.ceil(bits / longest);
    return { places, bits: Math.ceil(bits / places) };
  }

  /** Fills the words and the payload, and sorts by the words' keys. */
  sort(task: {
    readonly storage: "u32" | "u64";
    readonly bits: number;
    readonly key: (word: Expr) => Expr;
    readonly fill: (i: Expr) => { word: Expr; payload: Expr | null };
  }): void {
    const k = this.#k, word = this.words(task.storage);
    const { places, bits } = this.#digits(task.bits);
    const histogram = this.#histogram, size = 1 << bits;
    const start = k.let(binary("mul", this.#part, index(this.#histogramSize)));
    const slot = (place: number, d: Expr): Expr =>
      binary("add", binary("add", start, index(place * size)), d);
    if (histogram) {
      k.for(0, places * size, (i) => k.store(histogram, binary("add", start, i), index(0)));
    }
    k.for(0, this.#n, (i) => {
      const at = k.let(this.at(i)), filled = task.fill(i);
      const w = k.let(filled.word);
      const payload = filled.payload === null ? null : k.let(filled.payload);
      k.store(word, at, w);
      if (payload) k.store(this.payload!, at, payload);
      if (!histogram) return;
      const key = k.let(task.key(w));
      for (let p = 0; p < places; p++) {
        const s = k.let(slot(p, digit(key, p, bits)));
        k.store(histogram, s, binary("add", k.load(histogram, s), index(1)));
      }
    });
    if (!histogram) return this.#insertion(word, task.key);
    for (let p = 0; p < places; p++) {
      this.#pass(word, histogram, (w) => slot(p, digit(task.key(w), p, bits)), slot(p, index(0)), size);
    }
  }

  /** Distributes the elements by one digit, unless all have the same. */
  #pass(word: Param, histogram: Param, slot: (word: Expr) => Expr, start: Expr, size: number): void {
    const k = this.#k, n = this.#n, half = this.#half!;
    const ofFirst = k.load(histogram, slot(k.load(word, this.at(index(0)))));
    k.if(compare("ne", ofFirst, index(n)), () => {
      const sum = k.local(index(0));
      k.for(start, binary("add", start, index(size)), (s) => {
        const count = k.let(k.load(histogram, s));
        k.store(histogram, s, sum.get());
        sum.set(binary("add", sum.get(), count));
      });
      const from = k.let(binary("add", this.#base, half.get()));
      const to = k.let(binary("add", this.#base, binary("sub", index(n), half.get())));
      k.for(0, n, (i) => {
        const at = k.let(binary("add", from, i)), w = k.let(k.load(word, at));
        const s = k.let(slot(w)), place = k.let(k.load(histogram, s));
        k.store(histogram, s, binary("add", place, index(1)));
        const target = k.let(binary("add", to, place));
        k.store(word, target, w);
        if (this.payload) k.store(this.payload, target, k.load(this.payload, at));
      });
      half.set(binary("sub", index(n), half.get()));
    });
  }

  #insertion(word: Param, key: (word: Expr) => Expr): void {
    const k = this.#k, { payload } = this;
    const start = k.let(this.at(index(0)));
    k.for(1, this.#n, (i) => {
      const at = k.let(binary("add", start, i)), w = k.let(k.load(word, at)), wanted = k.let(key(w));
      const carried = payload ? k.let(k.load(payload, at)) : null;
      const hole = k.local(at);
      const before = (): Expr => binary("sub", hole.get(), index(1));
      k.while(
        () =>
          branch(
            compare("gt", hole.get(), start),
            compare("gt", key(k.load(word, before())), wanted),
            constant("bool", false),
          ),
        () => {
          const from = k.let(before());
          k.store(word, hole.get(), k.load(word, from));
          if (payload) k.store(payload, hole.get(), k.load(payload, from));
          hole.set(from);
        },
      );
      k.store(word, hole.get(), w);
      if (payload) k.store(payload, hole.get(), carried!);
    });
  }
}

/** The scalars of an operand that can travel as 32-bit payload. */
function payloadType(operand: RoutineOperand): "i32" | "u32" | "f32" | "bool" | null {
  const { storage, components } = layoutOf(operand.aval.dtype), type = loadedType[storage];
  if (components !== 1 || type === "i64" || type === "u64" || type === "f64") return null;
  return type;
}

/** Sorts all operands along an axis by keys, the most significant first. */
export function buildSort(
  k: KernelBuilder,
  inputs: readonly RoutineOperand[],
  outputs: readonly RoutineOperand[],
  keys: readonly SortKey[],
  axis: number,
): void {
  if (inputs[0]!.aval.size === 0) return;
  const lines = linesOf(inputs[0]!.aval.shape, axis), { n } = lines;
  // The words of a single real key are the operand; then only the others must follow.
  const single = keys.length === 1 ? keys[0]! : null;
  const followers = inputs.map((x, i) => ({ x, out: outputs[i]! })).slice(single ? 1 : 0);
  const carried = single && followers.length === 1 ? payloadType(followers[0]!.x) : null;
  const buffers = new SortBuffers(k, lines, {
    payload: followers.length > 0,
    bits: keys.map((key) => key.carrier.bits),
  });
  eachLine(k, lines, (line, part) => {
    const position = (i: Expr): Expr => positionIn(lines, n, line, i);
    const place = (at: Expr): Expr => bitcast("i32", k.load(buffers.payload!, at));
    buffers.begin(part);
    if (single) {
      const { carrier, operand } = single;
      buffers.sort({
        ...carrier,
        fill: (i) => {
          const at = k.let(position(i));
          return {
            word: carrier.word(k.load(operand.param, at)),
            payload: followers.length === 0
              ? null
              : carried === null
              ? bitcast("u32", i)
              : carried === "bool"
              ? convert("u32", k.load(followers[0]!.x.param, at))
              : bitcast("u32", k.load(followers[0]!.x.param, at)),
          };
        },
      });
    } else {
      [...keys].reverse().forEach(({ operand, carrier, part: of }, round) => {
        buffers.sort({
          storage: carrier.storage,
          bits: carrier.bits,
          key: (word) => word,
          fill: (i) => {
            const element = round === 0 ? i : k.let(place(buffers.at(i)));
            const x = of(k.readVal(operand, position(element)));
            return {
              word: carrier.key(carrier.word(x)),
              payload: round === 0 ? bitcast("u32", i) : null,
            };
          },
        });
      });
    }
    k.for(0, n, (i) => {
      const from = k.let(buffers.at(i)), to = k.let(position(i));
      if (single) {
        const { carrier } = single, word = k.load(buffers.words(carrier.storage), from);
        k.store(outputs[0]!.param, to, carrier.value(word));
      }
      if (carried !== null) {
        const bits = k.load(buffers.payload!, from);
        k.store(
          followers[0]!.out.param,
          to,
          carried === "bool" ? convert("bool", bits) : bitcast(carried, bits),
        );
      } else if (followers.length > 0) {
        const source = k.let(position(place(from)));
        for (const { x, out } of followers) k.writeVal(out, to, k.readVal(x, source));
      }
    });
  });
}
