/**
 * How much memory the library may take: `JAXLET_MEMORY_LIMIT`, or a share of the machine's.
 *
 * @module
 */
import { ValueError } from "../core/errors.ts";

const GIB = 2 ** 30;
/** A 32-bit WebAssembly memory ends one 64 KiB page short of 4 GiB, so that every address and length fits 32 bits. */
export const MAX_MEMORY_BYTES: number = 65535 * 65536;

/** What is read of the host; each part may be missing. */
interface Host {
  Deno?: {
    env: { get(name: string): string | undefined };
    permissions: {
      querySync(descriptor: { name: string; variable?: string; kind?: string }): { state: string };
    };
    systemMemoryInfo(): { total: number };
  };
  process?: {
    env: Record<string, string | undefined>;
    getBuiltinModule?(id: string): unknown;
  };
}

const host: Host = globalThis as Host;

/**
 * Bytes that a text such as `"512M"`, `"2G"`, `"1.5GiB"` or `"1000000"` names (powers of 1024).
 *
 * @throws {ValueError} if the text is not a positive size.
 */
export function parseBytes(text: string): number {
  const match = /^\s*(\d+(?:\.\d+)?)\s*([KMGT]?)(?:i?B)?\s*$/i.exec(text);
  const bytes = match ? Number(match[1]) * 1024 ** " KMGT".indexOf(match[2]!.toUpperCase() || " ") : 0;
  if (!(bytes >= 1)) {
    throw new ValueError(
      `JAXLET_MEMORY_LIMIT must be a number of bytes such as "512M", "2G" or "1000000000", got "${text}"`,
    );
  }
  return Math.floor(bytes);
}

/**
 * What `JAXLET_MEMORY_LIMIT` allows the CPU heap, in bytes, or null if it is not set or may not be read. Never asks for
 * a permission.
 *
 * @throws {ValueError} if the variable is not a size.
 */
export function environmentLimit(): number | null {
  const text = readEnvironment("JAXLET_MEMORY_LIMIT");
  return text ? Math.min(parseBytes(text), MAX_MEMORY_BYTES) : null;
}

/**
 * The budget of the CPU heap where nobody sets one: the smaller of 3.5 GiB and half of the machine's memory, in bytes.
 * Never asks for a permission. The first call may take 15 ms in Deno, which then loads its Node modules.
 */
export function defaultLimit(): number {
  return Math.min(3.5 * GIB, Math.floor(machineMemory() / 2));
}

function granted(descriptor: { name: string; variable?: string; kind?: string }): boolean {
  return host.Deno?.permissions.querySync(descriptor).state === "granted";
}

function readEnvironment(name: string): string | undefined {
  if (host.Deno) return granted({ name: "env", variable: name }) ? host.Deno.env.get(name) : undefined;
  return host.process?.env[name];
}

/** Bytes of memory of the machine; where it may not be asked, what V8's heap limit (a quarter of it) implies. */
function machineMemory(): number {
  if (host.Deno && granted({ name: "sys", kind: "systemMemoryInfo" })) {
    return host.Deno.systemMemoryInfo().total;
  }
  const builtin = host.process?.getBuiltinModule;
  if (!builtin) return 4 * GIB;
  if (!host.Deno) return (builtin("node:os") as { totalmem(): number }).totalmem();
  const v8 = builtin("node:v8") as { getHeapStatistics(): { heap_size_limit: number } };
  return 4 * v8.getHeapStatistics().heap_size_limit;
}
