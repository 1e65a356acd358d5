/**
 * Plans of Fourier transforms: the stages of a length, and roots of unity computed in float64.
 *
 * @module
 */

/** A stage combines `radix` transforms of `rest` numbers; `stride` transforms interleaved are under way. */
export interface Stage {
  readonly radix: number;
  readonly rest: number;
  readonly stride: number;
  /** Where the stage's roots begin in the table: (radix − 1)·rest of them. */
  readonly roots: number;
}

/** The transform of one length. */
export interface Plan {
  readonly length: number;
  readonly stages: readonly Stage[];
  readonly table: RootTable;
}

/** Roots of unity: all cosines, then all sines. */
export interface RootTable {
  readonly size: number;
  readonly values: Float64Array;
}

/** The longest transform that is computed from the definition. */
const greatestRadix = 13;
/** Transforms up to this length stay in the cache. */
const cached = 8192;

/** Radices whose product is n, or null where a prime factor is too large. */
function radicesOf(n: number): number[] | null {
  const radices: number[] = [];
  for (const radix of [4, 2, 3, 5, 7, 11, greatestRadix]) {
    for (; n % radix === 0; n /= radix) radices.push(radix);
  }
  if (n !== 1) return null;
  // A first radix of at least four leaves runs of four neighbours to the stages after it.
  return radices.sort((a, b) => (a < 4 ? 1 : 0) - (b < 4 ? 1 : 0));
}

/** Whether lengths of this kind are transformed by stages. */
export function isSmooth(n: number): boolean {
  return radicesOf(n) !== null;
}

/** exp(2πi k/n) for integers, reduced to the first eighth of the circle, where cosine and sine are accurate. */
export function root(k: number, n: number): readonly [cos: number, sin: number] {
  let eighths = 8 * (((k % n) + n) % n);
  const octant = Math.floor(eighths / n);
  eighths -= octant * n;
  // The angle from the nearer axis or diagonal is at most π/4.
  const angle = (octant % 2 === 0 ? eighths : n - eighths) * Math.PI / (4 * n);
  const c = Math.cos(angle), s = Math.sin(angle);
  switch (octant) {
    case 0:
      return [c, s];
    case 1:
      return [s, c];
    case 2:
      return [-s, c];
    case 3:
      return [-c, s];
    case 4:
      return [-c, -s];
    case 5:
      return [-s, -c];
    case 6:
      return [s, -c];
    default:
      return [c, -s];
  }
}

/** A table of roots exp(2πi numerator(j)/n) for j in [0, size). */
export function rootTable(size: number, n: number, numerator: (j: number) => number): RootTable {
  const values = new Float64Array(2 * size);
  for (let j = 0; j < size; j++) [values[j], values[size + j]] = root(numerator(j), n);
  return { size, values };
}

/** The plan of a smooth length; `sign` is −1 for the forward transform, 1 for the inverse. */
export function planOf(length: number, sign: -1 | 1): Plan {
  const radices = radicesOf(length)!, stages: Stage[] = [], numerators: number[] = [];
  let rest = length, stride = 1;
  for (const radix of radices) {
    rest /= radix;
    stages.push({ radix, rest, stride, roots: numerators.length });
    if (rest > 1) {
      for (let k = 1; k < radix; k++) for (let p = 0; p < rest; p++) numerators.push(p * k * stride);
    }
    stride *= radix;
  }
  const table = rootTable(Math.max(1, numerators.length), length, (j) => sign * (numerators[j] ?? 0));
  return { length, stages, table };
}

/** Two factors of a long length, as nearly equal as can be, or null for lengths that stay in the cache. */
export function splitLength(n: number): readonly [number, number] | null {
  if (n <= cached) return null;
  for (let first = Math.floor(Math.sqrt(n)); first > 1; first--) {
    if (n % first === 0) return [first, n / first];
  }
  return null;
}

/** The least power of two that is not below n. */
export function powerOfTwo(n: number): number {
  let power = 1;
  while (power < n) power *= 2;
  return power;
}

/** Complex numbers on the host, in planes. */
export interface Planes {
  readonly re: Float64Array;
  readonly im: Float64Array;
}

/** exp(sign·πi j²/n) for j in [0, n): the chirp that makes a transform of any length a convolution (Bluestein 1970). */
export function chirp(n: number, sign: -1 | 1): Planes {
  const re = new Float64Array(n), im = new Float64Array(n);
  // j² modulo 2n, from the difference of squares: exact for every length.
  for (let j = 0, square = 0; j < n; j++) {
    [re[j], im[j]] = root(sign * square, 2 * n);
    square = (square + 2 * j + 1) % (2 * n);
  }
  return { re, im };
}

/** The forward transform on the host, in place, of a power of two of numbers. */
export function transformOnHost({ re, im }: Planes): void {
  const n = re.length;
  for (let i = 1, j = 0; i < n; i++) {
    let bit = n >> 1;
    for (; j & bit; bit >>= 1) j ^= bit;
    j |= bit;
    if (i < j) {
      [re[i], re[j]] = [re[j]!, re[i]!];
      [im[i], im[j]] = [im[j]!, im[i]!];
    }
  }
  const { values, size } = rootTable(Math.max(1, n / 2), n, (j) => -j);
  for (let half = 1; half < n; half *= 2) {
    const step = n / (2 * half);
    for (let start = 0; start < n; start += 2 * half) {
      for (let k = 0; k < half; k++) {
        const c = values[k * step]!, s = values[size + k * step]!, a = start + k, b = a + half;
        const x = re[b]! * c - im[b]! * s, y = re[b]! * s + im[b]! * c;
        re[b] = re[a]! - x;
        im[b] = im[a]! - y;
        re[a] = re[a]! + x;
        im[a] = im[a]! + y;
      }
    }
  }
}
