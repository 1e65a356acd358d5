/** The handwritten digits beside this file: pixels scaled to [0, 1], and classes. */
export async function loadDigits(): Promise<{ images: Float32Array; labels: Int32Array; count: number }> {
  const file = await fetch(new URL("./data/digits.csv.gz", import.meta.url));
  const text = await new Response(file.body!.pipeThrough(new DecompressionStream("gzip"))).text();
  const rows = text.trim().split("\n");
  const images = new Float32Array(rows.length * 64), labels = new Int32Array(rows.length);
  rows.forEach((row, i) => {
    const cells = row.split(",").map(Number);
    for (let k = 0; k < 64; k++) images[64 * i + k] = cells[k]! / 16;
    labels[i] = cells[64]!;
  });
  return { images, labels, count: rows.length };
}
