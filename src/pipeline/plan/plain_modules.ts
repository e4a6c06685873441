import { dirname, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { InputError } from "../../errors.ts";
import { oddityAt, readIfThere } from "../store/atomic.ts";
import { configurationFiles } from "./configuration.ts";

/** A path, or a file's URL, as an import names it, whether or not it is a static one. */
const importedPath = /\b(?:from|import)\s*\(?\s*(["'])((?:\.{0,2}\/|file:)[^"'\n]+)\1/g;

/**
 * Looks at the files that Deno opens when it lists a module's imports, since it would wait for ever for a
 * pipe among them: the module, what imports name by a path, and Deno's configuration. (What an import map
 * leads to isn't known before.)
 *
 * @throws {InputError} for a pipe, a socket or a device
 */
export function requirePlainModules(module: string, root: string): void {
  const seen = new Set<string>();
  const visit = (file: string) => {
    if (seen.has(file)) return;
    seen.add(file);
    requirePlain(file, root);
    for (const [, , path = ""] of readIfThere(file)?.matchAll(importedPath) ?? []) {
      const url = path.startsWith("file:") ? URL.parse(path) : undefined;
      if (url !== null) visit(url ? fileURLToPath(url) : resolve(dirname(file), path));
    }
  };
  visit(module);
  configurationFiles([...seen], root).forEach((file) => requirePlain(file, root));
}

function requirePlain(file: string, root: string): void {
  const oddity = oddityAt(file);
  if (oddity === undefined) return;
  throw new InputError({ at: { file: relative(root, file) }, found: oddity, expected: "a plain file" });
}
