import { withConfig } from "../../core/config.ts";
import type { DTypeName } from "../../core/dtypes.ts";
import type { Complex } from "../../core/host.ts";
import { fft, type FftTypeName } from "../../core/ops/fft.ts";
import { assert } from "../assert.ts";
import { elements, type Operand, random, type Row, testRows, toArray } from "./_harness.ts";

const complex = (shape: readonly number[], dtype: DTypeName = "complex64"): Operand =>
  random(shape, { dtype });

const rows: Row[] = [];
for (const type of ["FFT", "IFFT", "RFFT", "IRFFT"] as const) {
  for (const lengths of [[4], [5], [6], [1], [2, 3], [3, 4], [2, 2, 2]]) {
    const last = lengths.at(-1)!, half = [...lengths.slice(0, -1), Math.floor(last / 2) + 1];
    rows.push({
      name: `${type} of ${lengths.join("×")}`,
      f: (x) => fft(x, type, lengths),
      operands: [type === "RFFT" ? random(lengths) : complex(type === "IRFFT" ? half : lengths)],
    });
  }
}
rows.push({
  name: "FFT of the last axis of several",
  f: (x) => fft(x, "FFT", [6]),
  operands: [complex([2, 3, 6])],
});
testRows("fft", rows);

/** The transform by its definition, in float64. */
function reference(xs: readonly Complex[], n: number, sign: number): Complex[] {
  return Array.from({ length: n }, (_, k) => {
    let re = 0, im = 0;
    xs.forEach((x, j) => {
      const angle = sign * 2 * Math.PI * ((j * k) % n) / n, c = Math.cos(angle), s = Math.sin(angle);
      re += x.re * c - x.im * s;
      im += x.re * s + x.im * c;
    });
    return { re, im };
  });
}

function relativeError(got: readonly Complex[], want: readonly Complex[]): number {
  let error = 0, size = 0;
  want.forEach(({ re, im }, k) => {
    error += (got[k]!.re - re) ** 2 + (got[k]!.im - im) ** 2;
    size += re * re + im * im;
  });
  return Math.sqrt(error / size);
}

const lengths = [1, 2, 3, 7, 8, 11, 13, 16, 17, 24, 25, 30, 49, 64, 97, 128, 210, 243, 289, 512];

for (const [dtype, unit] of [["complex64", 2 ** -23], ["complex128", 2 ** -52]] as const) {
  for (const [type, sign] of [["FFT", -1], ["IFFT", 1]] as [FftTypeName, number][]) {
    Deno.test(`fft: ${type} of every kind of length, ${dtype}`, () =>
      withConfig({ jax_enable_x64: true }, () => {
        for (const n of lengths) {
          for (const count of [1, 3]) {
            const operand = random([count, n], { dtype, seed: n });
            const got = elements(fft(toArray(operand), type, [n])) as Complex[];
            const scale = sign === 1 ? 1 / n : 1;
            for (let line = 0; line < count; line++) {
              const xs = elements(toArray(operand)).slice(line * n, (line + 1) * n) as Complex[];
              const want = reference(xs, n, sign).map(({ re, im }) => ({ re: re * scale, im: im * scale }));
              const error = relativeError(got.slice(line * n, (line + 1) * n), want);
              assert(error < 4 * unit * Math.log2(2 * n), `length ${n}: relative error ${error}`);
            }
          }
        }
      }));
  }
}

Deno.test("fft: real transforms agree with complex ones", () =>
  withConfig({ jax_enable_x64: true }, () => {
    for (const n of [1, 2, 3, 4, 6, 9, 10, 32, 34, 51]) {
      const x = toArray(random([2, n], { dtype: "float64", seed: n }));
      const half = fft(x, "RFFT", [n]), back = fft(half, "IRFFT", [n]);
      const values = elements(x) as number[];
      (elements(back) as number[]).forEach((y, i) => assert(Math.abs(y - values[i]!) < 1e-13, `length ${n}`));
      const want = reference(values.slice(0, n).map((re) => ({ re, im: 0 })), n, -1);
      const count = Math.floor(n / 2) + 1;
      const error = relativeError((elements(half) as Complex[]).slice(0, count), want.slice(0, count));
      assert(error < 1e-14, `length ${n}: relative error ${error}`);
    }
  }));

Deno.test("fft: a long length goes through two halves", () =>
  withConfig({ jax_enable_x64: true }, () => {
    const n = 3 * 4096, x = toArray(complex([n], "complex128"));
    const spectrum = fft(x, "FFT", [n]), back = fft(spectrum, "IFFT", [n]);
    assert(relativeError(elements(back) as Complex[], elements(x) as Complex[]) < 1e-15);
    const xs = elements(x) as Complex[];
    for (const k of [0, 1, 777, n - 1]) {
      let re = 0, im = 0;
      xs.forEach((z, j) => {
        const angle = -2 * Math.PI * ((j * k) % n) / n, c = Math.cos(angle), s = Math.sin(angle);
        re += z.re * c - z.im * s;
        im += z.re * s + z.im * c;
      });
      const got = elements(spectrum)[k] as Complex;
      assert(Math.hypot(got.re - re, got.im - im) < 1e-9, `frequency ${k}`);
    }
  }));
