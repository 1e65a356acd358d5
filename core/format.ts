/**
 * The text of arrays: NumPy's `str` and JAX's `repr`.
 *
 * @module
 */
import { elementFormat, scalarText } from "./_format_element.ts";
import { type PrintOptions, withOptions } from "./_print_options.ts";
import { type DType, uint32, wordsPerElement } from "./dtypes.ts";
import { type HostArray, sizeOf } from "./host.ts";
import { type Scalar, scalarAt } from "./scalar.ts";

export { type Formatters, getPrintoptions, type PrintOptions, setPrintoptions } from "./_print_options.ts";

/** What printing needs of an array: it reads only the elements that are shown. */
export interface ElementSource {
  readonly shape: readonly number[];
  readonly dtype: DType;
  readonly weakType: boolean;
  /** Element `i` in row-major order; of a key array, word `i` of its keys. */
  at(i: number): Scalar;
}

/**
 * NumPy's `str`: `[0.  0.5 1. ]`; of a 0-d array the text of the element, `1.0`.
 *
 * @example
 * ```ts
 * import { arrayStr } from "./format.ts";
 * import { parseArray } from "./host.ts";
 *
 * console.assert(arrayStr(parseArray([0, 0.5, 1])) === "[0.  0.5 1. ]");
 * ```
 */
export function arrayStr(array: HostArray | ElementSource, options?: Partial<PrintOptions>): string {
  const source = elementSource(array);
  const settings = withOptions("arrayStr", options);
  if (source.dtype.kind === "key") return keyText(source, settings);
  if (source.shape.length === 0) return scalarText(source.at(0), source.dtype);
  return arrayText(source, settings, { separator: " ", prefix: 0, linewidth: settings.linewidth });
}

/**
 * JAX's `repr`: `Array([0., 0.5, 1.], dtype=float32)`.
 *
 * @example
 * ```ts
 * import { arrayRepr } from "./format.ts";
 * import { parseArray } from "./host.ts";
 *
 * console.assert(arrayRepr(parseArray(1)) === "Array(1., dtype=float32, weak_type=True)");
 * ```
 */
export function arrayRepr(array: HostArray | ElementSource, options?: Partial<PrintOptions>): string {
  const source = elementSource(array);
  const settings = withOptions("arrayRepr", options);
  const { shape, dtype, weakType } = source;
  if (dtype.kind === "key") return keyText(source, settings);
  const [prefix, type] = dtype.kind === "float0"
    ? ["array(", "dtype=[('float0', 'V')]"]
    : ["Array(", `dtype=${dtype.name}${weakType ? ", weak_type=True" : ""}`];
  const body = sizeOf(shape) === 0 ? `[], shape=${tupleText(shape)}` : arrayText(source, settings, {
    separator: ", ",
    prefix: prefix.length,
    linewidth: settings.linewidth - 1,
  });
  const lastLine = body.length - body.lastIndexOf("\n") + 1;
  const gap = lastLine + type.length + 2 > settings.linewidth ? " ".repeat(prefix.length) : " ";
  return `${prefix}${body},${gap}${type})`;
}

/** What stands around and between the elements of {@linkcode array2string}. */
export interface TextLayout {
  /** Between elements (" "). */
  readonly separator?: string;
  /** What the caller puts before: further lines are indented by its length. */
  readonly prefix?: string;
  /** What the caller puts behind: lines are shorter by its length. */
  readonly suffix?: string;
  /** The float (or complex) dtype as whose numbers the elements are written; by default their own. */
  readonly digits?: DType;
}

/** NumPy's `array2string`: the elements in brackets, without the dtype. */
export function array2string(
  array: HostArray | ElementSource,
  layout: TextLayout = {},
  options?: Partial<PrintOptions>,
): string {
  const source = elementSource(array), settings = withOptions("array2string", options);
  const { separator = " ", prefix = "", suffix = "" } = layout;
  return arrayText(source, settings, {
    separator,
    prefix: prefix.length,
    linewidth: settings.linewidth - suffix.length,
    digits: layout.digits ?? source.dtype,
  });
}

function elementSource(array: HostArray | ElementSource): ElementSource {
  if (!("data" in array)) return array;
  const { shape, dtype, weakType, data } = array;
  const at = dtype.kind === "key" ? (i: number): Scalar => data[i]! : (i: number) => scalarAt(data, dtype, i);
  return { shape, dtype, weakType, at };
}

function keyText(source: ElementSource, options: PrintOptions): string {
  const { shape, dtype, at } = source;
  const words: ElementSource = {
    shape: [...shape, wordsPerElement(dtype)],
    dtype: uint32,
    weakType: false,
    at: (i) => at.call(source, i),
  };
  return `Array(${tupleText(shape)}, dtype=${dtype.name}) overlaying:\n${arrayStr(words, options)}`;
}

function tupleText(shape: readonly number[]): string {
  return `(${shape.join(", ")}${shape.length === 1 ? "," : ""})`;
}

interface Layout {
  readonly separator: string;
  /** Width of what stands before the array on its first line. */
  readonly prefix: number;
  readonly linewidth: number;
  readonly digits?: DType;
}

/** NumPy's `array2string`. */
function arrayText(source: ElementSource, options: PrintOptions, layout: Layout): string {
  const { shape, dtype } = source;
  const size = sizeOf(shape);
  if (size === 0) return "[]";
  const edge = size > options.threshold ? options.edgeitems : Infinity;
  const values: Scalar[] = [];
  const collect = (axis: number, offset: number): void => {
    if (axis === shape.length) {
      values.push(source.at(offset));
      return;
    }
    const length = shape[axis]!;
    for (const i of shownIndices(length, edge)) if (i >= 0) collect(axis + 1, offset * length + i);
  };
  collect(0, 0);
  const format = elementFormat(values, dtype, shape.length, options, layout.digits);
  return layoutText(values.map(format), shape, edge, layout);
}

/** The indices of an axis that are shown, in order; -1 stands for the ellipsis. */
function* shownIndices(length: number, edge: number): Generator<number> {
  const summary = 2 * edge < length;
  const leading = summary ? edge : 0;
  for (let i = 0; i < leading; i++) yield i;
  if (summary) yield -1;
  for (let i = length - (summary ? Math.max(edge, 1) : length); i < length; i++) yield i;
}

/** Brackets, separators and line breaks around the texts of the shown elements. */
function layoutText(words: string[], shape: readonly number[], edge: number, layout: Layout): string {
  const { separator } = layout;
  let next = 0;
  const row = (length: number, indent: string, width: number): string => {
    let text = "";
    let line = indent;
    let first = true;
    for (const i of shownIndices(length, edge)) {
      const word = i < 0 ? "..." : words[next++]!;
      if (!first) line += separator;
      first = false;
      if (line.length + word.length > width && line.length > indent.length) {
        text += line.trimEnd() + "\n";
        line = indent;
      }
      line += word;
    }
    return text + line;
  };
  const block = (axis: number, indent: string, width: number): string => {
    const left = shape.length - axis;
    if (left === 0) return words[next++]!;
    if (left === 1) {
      const elementWidth = width - Math.max(separator.trimEnd().length, 1);
      return `[${row(shape[axis]!, indent, elementWidth).slice(indent.length)}]`;
    }
    const parts: string[] = [];
    for (const i of shownIndices(shape[axis]!, edge)) {
      parts.push(indent + (i < 0 ? "..." : block(axis + 1, indent + " ", width - 1)));
    }
    return `[${parts.join(separator.trimEnd() + "\n".repeat(left - 1)).slice(indent.length)}]`;
  };
  return block(0, " ".repeat(1 + layout.prefix), layout.linewidth);
}
