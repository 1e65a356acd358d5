import { errors, numpy as np } from "../../mod.ts";
import { assert, assertEquals, assertThrows } from "../assert.ts";

const folder = Deno.makeTempDirSync();

Deno.test("files: arrays come back as they were", () => {
  const arrays = [
    np.arange(6).reshape(2, 3),
    np.array(2.5),
    np.zeros([0, 3], np.uint8),
    np.array([true, false]),
    np.array([np.complex(1, -2)]),
    np.array([1.5, -2], np.bfloat16),
    np.array([0.5], np.float16),
  ];
  arrays.forEach((x, i) => {
    np.save(`${folder}/x${i}`, x);
    const y = np.load(`${folder}/x${i}.npy`) as np.Array;
    assertEquals(y.aval.toString(), x.aval.toString());
    assertEquals(y.toArray(), x.toArray());
  });
});

Deno.test("files: archives", () => {
  np.savez(`${folder}/all`, np.arange(3), np.ones(2), { w: np.eye(2) });
  const all = np.load(`${folder}/all.npz`) as Record<string, np.Array>;
  assertEquals(Object.keys(all), ["arr_0", "arr_1", "w"]);
  assertEquals(all.w!.toArray(), [[1, 0], [0, 1]]);
});

Deno.test("files: other formats", () => {
  Deno.writeFileSync(`${folder}/text`, new TextEncoder().encode("1 2 3"));
  assertThrows(() => np.load(`${folder}/text`), errors.ValueError, "magic string");
  assertThrows(() => np.load(`${folder}/none`), Error);
  // As numpy.save(np.asfortranarray([[1, 2], [3, 4]], dtype=">i2")) writes it.
  const header = "{'descr': '>i2', 'fortran_order': True, 'shape': (2, 2), }".padEnd(117) + "\n";
  const file = [
    0x93,
    ...new TextEncoder().encode("NUMPY"),
    1,
    0,
    118,
    0,
    ...new TextEncoder().encode(header),
  ];
  Deno.writeFileSync(`${folder}/big.npy`, new Uint8Array([...file, 0, 1, 0, 3, 0, 2, 0, 4]));
  const x = np.load(`${folder}/big.npy`) as np.Array;
  assert(x.dtype === np.int16);
  assertEquals(x.toArray(), [[1, 2], [3, 4]]);
});
