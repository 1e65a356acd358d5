/**
 * Arrays on the GPU: placement, reading, dtypes, printing, errors.
 */
import {
  defaultBackend,
  deviceGet,
  devicePut,
  devices,
  init,
  jit,
  lax,
  numpy as np,
  withConfig,
} from "../../mod.ts";
import type { JaxArray } from "../../core/array.ts";
import { RuntimeError, ValueError } from "../../core/errors.ts";
import { assertEquals, assertRejects, assertThrows } from "../assert.ts";
import { gpu, gpuBackend, gpuTest, onGpu } from "./_setup.ts";

Deno.test("importing the library does not touch WebGPU", async () => {
  const script = `
    Object.defineProperty(globalThis.navigator, "gpu", { get() { throw new Error("touched"); } });
    const { numpy, init } = await import(${JSON.stringify(new URL("../../mod.ts", import.meta.url).href)});
    if (numpy.ones([2]).sum().item() !== 2) throw new Error("wrong");
    await init({ platform: "cpu" });
    console.log("untouched");
  `;
  const { stdout } = await new Deno.Command(Deno.execPath(), {
    args: ["eval", "--no-lock", script],
    cwd: new URL("../..", import.meta.url),
  }).output();
  assertEquals(new TextDecoder().decode(stdout).trim(), "untouched");
});

Deno.test("init checks its options", async () => {
  await assertRejects(
    () => init({ platform: "tpu" as "gpu" }),
    ValueError,
    'platform must be "cpu" or "gpu", got "tpu"',
  );
  await assertRejects(() => init({ platfrom: "gpu" } as object), TypeError, "platform");
  assertEquals(String(await init({ platform: "cpu" })), "TFRT_CPU_0");
});

gpuTest("the GPU is a device like others", async () => {
  assertEquals(devices("gpu").map(String), ["gpu:0"]);
  assertEquals(defaultBackend(), "cpu");
  await onGpu(async () => {
    assertEquals(defaultBackend(), "gpu");
    const x = np.arange(3).add(1);
    assertEquals(String(x.device), "gpu:0");
    assertEquals([...await x.data()], [1, 2, 3]);
  });
});

gpuTest("arrays go to a device and stay there", async () => {
  const tree = devicePut({ a: np.arange(3), b: [2, np.ones([2])] }, "gpu");
  assertEquals([tree.a, ...tree.b].map((x) => String(x.device)), ["gpu:0", "gpu:0", "gpu:0"]);
  const sum = tree.a.add(np.array([1n, 1n, 1n]));
  assertEquals(String(sum.device), "gpu:0");
  const back = await deviceGet({ sum, n: 5 });
  assertEquals(back.sum.toArray(), [1, 2, 3]);
  assertEquals(back.n, 5);
  const committed = devicePut(np.ones([2]), devices("cpu")[0]!);
  assertThrows(() => committed.add(tree.b[1]!), Error, "Received incompatible devices");
});

gpuTest("values are read after they were awaited", async () => {
  const x = devicePut(np.array([1, 2, 3]), gpu!).mul(2);
  for (const read of [() => x.toArray(), () => x.dataSync(), () => x.get(0).item()]) {
    assertThrows(read, Error, "await x.data()");
  }
  assertThrows(() => devicePut(x, "cpu"), Error, "deviceGet");
  assertEquals(String(x), "Array(float32[3], on gpu:0: await x.data() to see the values)");
  assertEquals([...await x.data()], [2, 4, 6]);
  assertEquals(x.toArray(), [2, 4, 6]);
  assertEquals(String(x), "[2. 4. 6.]");
  const y = x.sum();
  assertEquals((await y.blockUntilReady()).item(), 12);
});

gpuTest("reads do not see later changes of the copy", async () => {
  const x = devicePut(np.array([1, 2]), "gpu"), data = await x.data();
  data[0] = 9;
  assertEquals([...await x.data()], [1, 2]);
});

gpuTest("all 32-bit and narrower dtypes go there and back", async () => {
  const values = [0, 1, 2, 100, 3];
  for (
    const name of [
      "bool",
      "int8",
      "uint8",
      "int16",
      "uint16",
      "int32",
      "uint32",
      "float16",
      "bfloat16",
      "float32",
    ]
  ) {
    const x = np.array(values).astype(name), there = devicePut(x, "gpu");
    assertEquals([...await there.data()], [...x.dataSync()], name);
    assertEquals([...await there.astype("float32").data()], [...x.astype("float32").dataSync()], name);
    const part = there.get("1:4");
    assertEquals([...await part.data()], [...x.get("1:4").dataSync()], name);
  }
  const z = lax.complex(np.array([1, 2]), np.array([3, 4]));
  assertEquals([...await devicePut(z, "gpu").data()], [1, 3, 2, 4]);
  assertEquals([...await devicePut(np.zeros([0, 3]), "gpu").data()], []);
});

gpuTest("64-bit dtypes are refused", () =>
  withConfig({ jax_enable_x64: true }, () => {
    for (
      const [name, narrow] of [["float64", "float32"], ["int64", "int32"], [
        "complex128",
        "complex64",
      ]] as const
    ) {
      const x = np.ones([2], name);
      const message =
        `${name} arrays cannot live on a GPU: WebGPU has no 64-bit types. Cast to ${narrow} first`;
      assertThrows(() => devicePut(x, "gpu"), TypeError, message);
    }
    const x = devicePut(np.ones([2], "float32"), "gpu");
    assertThrows(() => x.astype("float64"), TypeError, "float64 arrays cannot live on a GPU");
    assertThrows(
      () => jit((y: JaxArray) => y.astype("float64").sum().astype("float32"))(x),
      Error,
      "float64",
    );
  }));

gpuTest("arrays that are too large say so", () => {
  const elements = gpuBackend().device.limits.maxStorageBufferBindingSize / 4 + 1;
  if (elements > 2 ** 28) return;
  assertThrows(() => devicePut(np.ones([elements], "int8"), "gpu"), Error, "RESOURCE_EXHAUSTED");
});

gpuTest("errors that the device reports come with the results they may have spoilt", async () => {
  const backend = gpuBackend(), good = devicePut(np.ones([3]), "gpu").add(1);
  await good.data();
  const x = good.mul(2);
  backend.device.createBuffer({ size: 4, usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.STORAGE });
  const y = x.add(good);
  await assertRejects(() => y.data(), RuntimeError, "the GPU refused a command");
  await assertRejects(() => x.add(1).blockUntilReady(), RuntimeError, "the GPU refused a command");
  assertEquals([...await good.add(1).data()], [3, 3, 3]);
});

gpuTest("deleted arrays are not read", async () => {
  const x = devicePut(np.ones([3]), "gpu"), y = x.add(1);
  x.delete();
  assertThrows(() => x.add(1), Error, "deleted");
  assertEquals([...await y.data()], [2, 2, 2]);
});
