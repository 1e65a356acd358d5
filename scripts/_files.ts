/** The TypeScript files of the repository, by folder. */

/** The root of the repository, as a URL that ends with a slash. */
export const root: URL = new URL("../", import.meta.url);

/** Folders that are about the library, not part of it. */
const others: readonly string[] = ["bench", "docs", "examples", "scripts", "tests", "node_modules"];

/** The folders of the library itself: what a user's program may load. */
export function libraryFolders(): string[] {
  const entries = [...Deno.readDirSync(root)].filter((entry) =>
    entry.isDirectory && !entry.name.startsWith(".")
  );
  return entries.map((entry) => entry.name).filter((name) => !others.includes(name)).sort();
}

/** All `.ts` files below `folder` (`""` for the whole repository), as sorted paths relative to the root. */
export function typescriptFiles(folder = ""): string[] {
  const found: string[] = [];
  const visit = (path: string) => {
    for (const entry of Deno.readDirSync(new URL(path || ".", root))) {
      if (entry.name.startsWith(".") || entry.name === "node_modules") continue;
      if (entry.isDirectory) visit(`${path}${entry.name}/`);
      else if (entry.name.endsWith(".ts")) found.push(path + entry.name);
    }
  };
  visit(folder && `${folder}/`);
  return found.sort();
}

/** Whether the path (relative to the root) exists. */
export function exists(path: string): boolean {
  try {
    Deno.statSync(new URL(path, root));
    return true;
  } catch {
    return false;
  }
}

/** The library's files: `mod.ts` and everything in the library's folders, tests left out. */
export function libraryFiles(): string[] {
  const folders = libraryFolders().flatMap((folder) => typescriptFiles(folder));
  return ["mod.ts", ...folders].filter((file) => exists(file) && !file.endsWith("_test.ts"));
}
