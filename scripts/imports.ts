/**
 * The rules of imports between the files of this repository, and the check that they hold.
 *
 * The graph is that of `deno info --json`, where `code` edges are loaded at run time and `type` edges are not:
 * only the former count.
 */
import { libraryFolders, root, typescriptFiles } from "./_files.ts";

/** An import that is loaded at run time, between paths relative to the root. */
export interface Edge {
  from: string;
  to: string;
  /** True for `import()`, which runs after the modules are initialised. */
  dynamic: boolean;
}

/**
 * What the files of a folder may import at run time, besides their own folder. One direction only: core and
 * kernel at the bottom, the backends beside each other, the public API on top of them, `mod.ts` above all.
 */
export const layers: Readonly<Record<string, readonly string[]>> = {
  core: ["kernel"],
  kernel: ["core"],
  cpu: ["core", "kernel"],
  gpu: ["core", "kernel"],
  tree: ["core"],
  lax: ["core", "tree"],
  numpy: ["core", "lax", "tree"],
  random: ["core", "lax", "numpy", "tree"],
  ops: ["core", "lax", "numpy", "tree"],
  image: ["core", "lax", "numpy", "tree"],
  nn: ["core", "lax", "numpy", "random", "tree"],
  scipy: ["core", "lax", "numpy", "random", "nn", "tree"],
  repl: ["mod.ts"],
};

/** Folders that look inside: tests and measurements of internals. */
const insiders: readonly string[] = ["tests", "bench", "scripts"];

/** What is wrong with the imports, one line each; empty if nothing is. */
export function problemsOf(edges: readonly Edge[]): string[] {
  return [
    ...edges.flatMap((edge) => ruleProblem(edge) ?? []),
    ...cyclesOf(edges.filter((edge) => !edge.dynamic)).map((cycle) => `import cycle: ${cycle.join(" -> ")}`),
  ];
}

function ruleProblem({ from, to }: Edge): string | null {
  const [fromFolder, toFolder] = [folderOf(from), folderOf(to)];
  const file = to.slice(to.lastIndexOf("/") + 1);
  if (file.startsWith("_") && !from.startsWith(directoryOf(to)) && !insiders.includes(fromFolder)) {
    return `${from} imports ${to}: a file named _x.ts is private to its own folder`;
  }
  if (fromFolder === toFolder || insiders.includes(fromFolder) || from.endsWith("_test.ts")) return null;
  const allowed = layers[fromFolder];
  if (!allowed && libraryFolders().includes(fromFolder)) {
    return `${fromFolder}/ has no row in the table of layers`;
  }
  if (allowed && !allowed.includes(toFolder)) {
    return `${from} imports ${to}: ${fromFolder}/ may import only ${allowed.join(", ")}`;
  }
  return null;
}

/** The first part of a path: a folder, or the file itself at the root. */
function folderOf(path: string): string {
  const slash = path.indexOf("/");
  return slash < 0 ? path : path.slice(0, slash);
}

function directoryOf(path: string): string {
  return path.slice(0, path.lastIndexOf("/") + 1);
}

/** The cycles that the back edges of a depth-first search close; empty if and only if there is no cycle. */
export function cyclesOf(edges: readonly Edge[]): string[][] {
  const next = Map.groupBy(edges, (edge) => edge.from);
  const state = new Map<string, "open" | "done">();
  const cycles: string[][] = [];
  const visit = (file: string, path: readonly string[]) => {
    state.set(file, "open");
    const here = [...path, file];
    for (const { to } of next.get(file) ?? []) {
      if (state.get(to) === "open") cycles.push([...here.slice(here.indexOf(to)), to]);
      else if (!state.has(to)) visit(to, here);
    }
    state.set(file, "done");
  };
  for (const file of next.keys()) if (!state.has(file)) visit(file, []);
  return cycles;
}

interface ModuleGraph {
  modules: {
    specifier: string;
    error?: string;
    dependencies?: { isDynamic?: boolean; code?: { specifier?: string } }[];
  }[];
}

/** The run-time imports between the repository's own files. */
export async function importEdges(): Promise<Edge[]> {
  const entry = await Deno.makeTempFile({ suffix: ".ts" });
  try {
    const imports = typescriptFiles().map((file) => `import ${JSON.stringify(new URL(file, root).href)};`);
    await Deno.writeTextFile(entry, imports.join("\n"));
    const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
      args: ["info", "--json", "--config", new URL("deno.json", root).pathname, entry],
    }).output();
    if (!success) throw new Error(new TextDecoder().decode(stderr));
    const graph = JSON.parse(new TextDecoder().decode(stdout)) as ModuleGraph;
    return graph.modules.flatMap(({ specifier, dependencies }) =>
      (dependencies ?? []).flatMap(({ code, isDynamic }) => {
        const to = code?.specifier;
        if (!to?.startsWith(root.href) || !specifier.startsWith(root.href)) return [];
        return [{
          from: specifier.slice(root.href.length),
          to: to.slice(root.href.length),
          dynamic: isDynamic ?? false,
        }];
      })
    );
  } finally {
    await Deno.remove(entry);
  }
}
