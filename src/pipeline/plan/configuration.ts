/**
 * Deno's configuration can change what a module's code does: how JSX and decorators are compiled, which
 * unstable APIs there are, whether a `.js` file is a CommonJS module.
 */

import { dirname, join, relative, resolve } from "node:path";
import { InputError } from "../../errors.ts";
import { readIfThere } from "../store/atomic.ts";
import type { Json } from "../store/digest.ts";

/** Compiler options that change what TypeScript becomes; all others are about checking types. */
const emitOptions =
  /^(jsx.*|.*[dD]ecorator.*|verbatimModuleSyntax|useDefineForClassFields|importsNotUsedAsValues|preserveValueImports|extends)$/;

/**
 * Lists the files, whether or not they exist, that Deno may take a configuration of these modules from.
 *
 * @param files the local modules
 * @param root the project's folder
 * @throws {InputError} where the project's configuration can't be read
 */
export function configurationFiles(files: readonly string[], root: string): readonly string[] {
  const { importMap, workspace } = readConfiguration(join(root, "deno.json"), root);
  const isConfigured = memberTest(workspace, root);
  const folders = new Set(files.flatMap((file) => foldersAbove(file, root)).concat(root));
  const found = [...folders].flatMap((folder) => {
    const names = isConfigured(folder) ? ["deno.json", "deno.jsonc", "tsconfig.json"] : [];
    return [...names, "package.json"].map((name) => join(folder, name));
  });
  const map = typeof importMap === "string" && !URL.canParse(importMap) ? [resolve(root, importMap)] : [];
  return [...found, join(root, "deno.lock"), ...map];
}

/** Returns a function that says whether a folder is the project's or may be one of its workspace's. */
function memberTest(workspace: Json | undefined, root: string): (folder: string) => boolean {
  const listed = Array.isArray(workspace) ? workspace : Object(workspace).members;
  const members: readonly string[] = Array.isArray(listed) ? listed.map(String) : [];
  const hasPattern = members.some((member) => /[*?{[]/.test(member));
  const folders = new Set([root, ...members.map((member) => resolve(root, member))]);
  return (folder) => folders.has(folder) || hasPattern && folder.startsWith(`${root}/`);
}

/** Lists the folders that a file is in, up to the project's, or for a file outside it up to the root. */
function foldersAbove(file: string, root: string): readonly string[] {
  const folder = dirname(file);
  return folder === root || folder === file ? [folder] : [folder, ...foldersAbove(folder, root)];
}

/**
 * Returns what in these files changes what code does, by the file's path within the project. What import maps
 * do is not part of it, since the module graph tells.
 *
 * @throws {InputError} for a file that isn't JSON
 */
export function relevantConfiguration(
  files: readonly string[],
  root: string,
): Readonly<Record<string, Json>> {
  const relevant = files.filter((file) => /\/(deno\.jsonc?|tsconfig\.json|package\.json)$/.test(file))
    .map((file) => [relative(root, file), relevantIn(file, root)] as const);
  return Object.fromEntries(relevant.filter(([, members]) => Object.keys(members).length > 0));
}

function relevantIn(file: string, root: string): Record<string, Json> {
  const { compilerOptions = {}, unstable, type } = readConfiguration(file, root);
  const options = Object.entries(compilerOptions as Record<string, Json>).filter(([name]) =>
    emitOptions.test(name)
  );
  return {
    ...Object.fromEntries(options),
    ...(unstable === undefined ? {} : { unstable }),
    ...(file.endsWith("package.json") && type !== undefined ? { type } : {}),
  };
}

/** Reads a configuration file, which may have comments and trailing commas; none is an empty one. */
function readConfiguration(file: string, root: string): Readonly<Record<string, Json>> {
  const text = readIfThere(file);
  if (text === undefined) return {};
  const keepTexts = (_: string, quoted?: string) => quoted ?? " ";
  const json = text.replace(/("(?:\\.|[^"\\])*")|\/\/[^\n]*|\/\*[^]*?\*\//g, keepTexts)
    .replace(/("(?:\\.|[^"\\])*")|,(?=\s*[}\]])/g, keepTexts);
  try {
    const value: unknown = JSON.parse(json.replace(/^\uFEFF/, ""));
    if (typeof value === "object" && value !== null) return value as Record<string, Json>;
  } catch {
    // It is told below, as any other value is.
  }
  throw new InputError({
    at: { file: relative(root, file) },
    found: "a configuration that can't be read",
    expected: "an object in JSON",
  });
}
