import {
  assert,
  assertAllClose,
  assertArrayEquals,
  assertEquals,
  AssertionError,
  assertRejects,
  assertThrows,
} from "./assert.ts";

Deno.test("assertEquals compares in depth", () => {
  assertEquals({ a: [1, { b: "x" }], c: new Map([[1, 2]]) }, { a: [1, { b: "x" }], c: new Map([[1, 2]]) });
  assertEquals(NaN, NaN);
  assertThrows(() => assertEquals({ a: [1, 2] }, { a: [1, 3] }), AssertionError, "at .a.1");
  assertThrows(() => assertEquals(0, -0), AssertionError);
  assertThrows(() => assertEquals({ a: 1 }, { b: 1 }), AssertionError);
  assertThrows(() => assertEquals([1], { 0: 1 }), AssertionError);
});

Deno.test("assertThrows checks the class and the message", () => {
  const fail = () => {
    throw new RangeError("out of range");
  };
  assertEquals(assertThrows(fail, RangeError, "out of").name, "RangeError");
  assertThrows(() => assertThrows(fail, TypeError), AssertionError, "Expected TypeError, but got RangeError");
  assertThrows(() => assertThrows(fail, RangeError, "within"), AssertionError, "out of range");
  assertThrows(() => assertThrows(() => 1), AssertionError, "got the result 1");
});

Deno.test("assertRejects is assertThrows of a promise", async () => {
  await assertRejects(() => Promise.reject(new TypeError("no")), TypeError, "no");
  await assertRejects(() => assertRejects(() => Promise.resolve(1)), AssertionError, "got the result 1");
});

Deno.test("assertAllClose compares numbers with a tolerance, shapes exactly", () => {
  assertAllClose([1 + 1e-7, NaN, Infinity], [1, NaN, Infinity]);
  assertAllClose(new Float32Array([0.1]), [0.1]);
  assertAllClose({ toArray: () => [[1, 2]] }, [[1, 2]]);
  assertAllClose([{ re: 1, im: 2 }], [{ re: 1, im: 2 + 1e-7 }]);
  assertAllClose(new BigInt64Array([3n]), [3]);
  assertThrows(() => assertAllClose([1, 2.1], [1, 2]), AssertionError, "first at flat index 1");
  assertThrows(() => assertAllClose([1], 1), AssertionError, "shape");
  assertThrows(() => assertAllClose([[1], [2, 3]], [[1], [2]]), AssertionError, "size");
  assertThrows(() => assertAllClose(Infinity, -Infinity), AssertionError);
  assertThrows(() => assertAllClose(true, 1), AssertionError);
  assertAllClose(1.05, 1, { rtol: 0.1 });
});

Deno.test("assertArrayEquals compares numbers exactly", () => {
  assertArrayEquals(new Uint8Array([1, 2]), [1, 2]);
  assertArrayEquals([0, NaN], [-0, NaN]);
  assertThrows(() => assertArrayEquals([1 + 1e-12], [1]), AssertionError);
  assert(true);
});
