/**
 * NumPy's file formats: `.npy`, one array with a header, and `.npz`, a ZIP archive of such files.
 *
 * Source: "NumPy format specification" (numpy/lib/format.py), versions 1 to 3; PKWARE's APPNOTE for the archive.
 *
 * @module
 */
import {
  asDType,
  bfloat16,
  canonicalizeDType,
  castHost,
  type DType,
  fromHost,
  type HostArray,
  type JaxArray,
  typedArrayFor,
  ValueError,
  wordsPerElement,
} from "../core/mod.ts";

const MAGIC = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59];

/** NumPy's code of a dtype: `<f4`, `|b1`, ...; bfloat16 is written as two opaque bytes, as JAX does. */
function codeOf(dtype: DType): string {
  if (dtype === bfloat16) return "|V2";
  const letters: Readonly<Record<string, string>> = {
    bool: "b",
    int: "i",
    uint: "u",
    float: "f",
    complex: "c",
  };
  const letter = letters[dtype.kind];
  if (letter === undefined) throw new TypeError(`arrays of dtype ${dtype.name} cannot be saved`);
  return `${dtype.itemsize === 1 ? "|" : "<"}${letter}${dtype.itemsize}`;
}

/** The file of an array. */
export function encodeNpy(x: JaxArray): Uint8Array {
  const shape = `(${x.shape.join(", ")}${x.ndim === 1 ? "," : ""})`;
  const fields = `{'descr': '${codeOf(x.dtype)}', 'fortran_order': False, 'shape': ${shape}, }`;
  // The data begin at a multiple of 64 bytes; the header ends with a newline.
  const length = Math.ceil((MAGIC.length + 4 + fields.length + 1) / 64) * 64;
  const header = fields.padEnd(length - MAGIC.length - 5) + "\n", data = x.tobytes();
  const file = new Uint8Array(length + data.length), view = new DataView(file.buffer);
  file.set([...MAGIC, 1, 0]);
  view.setUint16(8, header.length, true);
  file.set(new TextEncoder().encode(header), 10);
  file.set(data, length);
  return file;
}

/** The array of a file. */
export function decodeNpy(file: Uint8Array): JaxArray {
  if (MAGIC.some((byte, i) => file[i] !== byte)) {
    throw new ValueError("the magic string is not correct: no .npy file");
  }
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength), wide = file[6]! >= 2;
  const start = wide ? 12 : 10, size = wide ? view.getUint32(8, true) : view.getUint16(8, true);
  const header = new TextDecoder().decode(file.subarray(start, start + size));
  const code = /'descr':\s*'([^']+)'/.exec(header)?.[1],
    shapeText = /'shape':\s*\(([^)]*)\)/.exec(header)?.[1];
  if (code === undefined || shapeText === undefined) {
    throw new ValueError(
      `Cannot parse header: ${header.trim()} (arrays of objects and records are not supported)`,
    );
  }
  const shape = shapeText.split(",").map((n) => n.trim()).filter((n) => n !== "").map(Number);
  const dtype = code === "|V2" || code === "<V2" ? bfloat16 : asDType(code.replace(">", "<"), "load");
  const count = shape.reduce((a, b) => a * b, 1),
    bytes = file.slice(start + size, start + size + count * dtype.itemsize);
  if (bytes.length < count * dtype.itemsize) {
    throw new ValueError(`Failed to read all data for array: expected ${count}`);
  }
  if (code.startsWith(">")) reverseWords(bytes, dtype);
  const data = new (typedArrayFor(dtype))(bytes.buffer as ArrayBuffer, 0, count * wordsPerElement(dtype));
  const fortran = /'fortran_order':\s*True/.test(header);
  const host: HostArray = { shape: fortran ? shape.toReversed() : shape, dtype, weakType: false, data };
  const x = fromHost(castHost(host, canonicalizeDType(dtype)));
  return fortran ? x.T : x;
}

/** Turns big-endian words into little-endian ones. */
function reverseWords(bytes: Uint8Array, dtype: DType): void {
  const size = dtype.itemsize / (dtype.kind === "complex" ? 2 : 1);
  for (let i = 0; i < bytes.length; i += size) bytes.subarray(i, i + size).reverse();
}

const crcTable = Uint32Array.from({ length: 256 }, (_, n) => {
  for (let k = 0; k < 8; k++) n = n & 1 ? 0xedb88320 ^ (n >>> 1) : n >>> 1;
  return n;
});

function crc32(bytes: Uint8Array): number {
  let crc = -1;
  for (const byte of bytes) crc = crcTable[(crc ^ byte) & 0xff]! ^ (crc >>> 8);
  return ~crc >>> 0;
}

/** A ZIP archive of uncompressed files. */
export function encodeZip(files: ReadonlyMap<string, Uint8Array>): Uint8Array {
  const parts: Uint8Array[] = [], directory: Uint8Array[] = [];
  let offset = 0;
  for (const [name, data] of files) {
    const label = new TextEncoder().encode(name), crc = crc32(data);
    const common = (view: DataView, at: number): void => {
      view.setUint16(at, 20, true);
      // 1 January 1980, the earliest date that the format has.
      view.setUint16(at + 8, 0x21, true);
      view.setUint32(at + 10, crc, true);
      view.setUint32(at + 14, data.length, true);
      view.setUint32(at + 18, data.length, true);
      view.setUint16(at + 22, label.length, true);
    };
    const local = new DataView(new ArrayBuffer(30)), central = new DataView(new ArrayBuffer(46));
    local.setUint32(0, 0x04034b50, true);
    common(local, 4);
    central.setUint32(0, 0x02014b50, true);
    central.setUint16(4, 20, true);
    common(central, 6);
    central.setUint32(42, offset, true);
    parts.push(new Uint8Array(local.buffer), label, data);
    directory.push(new Uint8Array(central.buffer), label);
    offset += 30 + label.length + data.length;
  }
  const size = directory.reduce((sum, part) => sum + part.length, 0), end = new DataView(new ArrayBuffer(22));
  end.setUint32(0, 0x06054b50, true);
  end.setUint16(8, files.size, true);
  end.setUint16(10, files.size, true);
  end.setUint32(12, size, true);
  end.setUint32(16, offset, true);
  const all = [...parts, ...directory, new Uint8Array(end.buffer)];
  const archive = new Uint8Array(all.reduce((sum, part) => sum + part.length, 0));
  all.reduce((at, part) => {
    archive.set(part, at);
    return at + part.length;
  }, 0);
  return archive;
}

/** The files of a ZIP archive; `inflate` undoes the compression of those that are compressed. */
export function decodeZip(
  archive: Uint8Array,
  inflate: (data: Uint8Array) => Uint8Array,
): Map<string, Uint8Array> {
  const view = new DataView(archive.buffer, archive.byteOffset, archive.byteLength);
  let end = archive.length - 22;
  while (end >= 0 && view.getUint32(end, true) !== 0x06054b50) end--;
  if (end < 0) throw new ValueError("File is not a zip file");
  const files = new Map<string, Uint8Array>();
  let at = view.getUint32(end + 16, true);
  for (let i = view.getUint16(end + 10, true); i > 0; i--) {
    const method = view.getUint16(at + 10, true), size = view.getUint32(at + 20, true);
    const nameLength = view.getUint16(at + 28, true), local = view.getUint32(at + 42, true);
    const name = new TextDecoder().decode(archive.subarray(at + 46, at + 46 + nameLength));
    const start = local + 30 + view.getUint16(local + 26, true) + view.getUint16(local + 28, true);
    const data = archive.subarray(start, start + size);
    if (method !== 0 && method !== 8) {
      throw new ValueError(`${name}: compression method ${method} is not supported`);
    }
    files.set(name, method === 0 ? data : inflate(data));
    at += 46 + nameLength + view.getUint16(at + 30, true) + view.getUint16(at + 32, true);
  }
  return files;
}
