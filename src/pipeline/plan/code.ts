/**
 * A stage's code is all modules that it imports: local ones count by what they do, packages by version and
 * integrity.
 */

import { join, relative } from "node:path";
import { z } from "zod";
import { InputError } from "../../errors.ts";
import { readIfThere, statIfThere } from "../store/atomic.ts";
import { canonicalJson } from "../store/canonical_json.ts";
import { type Digest, digestOf, digestOfFile } from "../store/digest.ts";
import { type Fingerprint, fingerprintOf, recallJson, type StatCache } from "../store/stat_cache.ts";
import { configurationFiles, relevantConfiguration } from "./configuration.ts";
import { emittedCode } from "./emitted.ts";
import {
  type Graph,
  mappedImports,
  type Module,
  moduleGraph,
  moduleName,
  reachableModules,
} from "./module_graph.ts";
import { requirePlainModules } from "./plain_modules.ts";

export interface StageCode {
  readonly digest: Digest;
  /** The code manifest that `digest` is of, in canonical JSON. */
  readonly manifest: string;
  /** The local modules' files, which the stage's process may read. */
  readonly files: readonly string[];
  /** Those of the files that are read only when an `import(…)` is reached, after the stage was loaded. */
  readonly late: readonly string[];
}

const manifestSchema = z.object({
  modules: z.record(z.string(), z.string()).describe("local module → digest of what it does"),
  packages: z.record(z.string(), z.string()).describe("package → integrity"),
  imports: z.record(z.string(), z.string()).describe("module: import → where it leads, if elsewhere"),
  configuration: z.record(z.string(), z.json()).describe("file → what in it changes what code does"),
});

export type CodeManifest = z.output<typeof manifestSchema>;

/** Reads the manifest of a stage's code, or returns undefined for a text that isn't one. */
export function parseManifest(text: string): CodeManifest | undefined {
  try {
    return manifestSchema.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}

/**
 * Finds a stage's code through Deno's own module graph. Imports of types alone aren't followed, since they
 * leave no trace in what runs.
 *
 * @throws {InputError} for a module that is missing or broken, or a dynamic import of a computed name
 */
export async function stageCode(module: string, root: string, cache: StatCache): Promise<StageCode> {
  return recallCode(module, cache) ?? await readCode(module, root, cache);
}

const rememberedSchema = z.object({
  manifest: z.string(),
  files: z.array(z.string()),
  late: z.array(z.string()),
  fingerprints: z.record(z.string(), z.string()),
});

function recallCode(module: string, cache: StatCache): StageCode | undefined {
  const remembered = recallJson(cache, `code of ${module}`, fileFingerprint(module));
  const { data } = rememberedSchema.safeParse(remembered);
  if (!data) return undefined;
  const { manifest, files, late, fingerprints } = data;
  const unchanged = Object.entries(fingerprints).every(([file, known]) => fileFingerprint(file) === known);
  return unchanged ? { manifest, files, late, digest: digestOf(manifest) } : undefined;
}

async function readCode(module: string, root: string, cache: StatCache): Promise<StageCode> {
  requirePlainModules(module, root);
  const graph = await moduleGraph(module, root);
  const reachable = reachableModules(graph, root);
  const files = reachable.flatMap(({ local }) => local ?? []);
  const early = new Set(reachableModules(graph, root, ({ isDynamic }) => !isDynamic));
  const late = reachable.filter((found) => !early.has(found)).flatMap(({ local }) => local ?? []);
  const configuration = configurationFiles(files, root);
  // Fingerprints are taken before the files are read, so that an edit meanwhile makes these out of date
  // rather than the digests wrong.
  const fingerprints = [...files, ...configuration].map((file) => [file, fileFingerprint(file)] as const);
  const modules = reachable.flatMap((found) => {
    if (found.local === undefined) return [];
    const digest = moduleDigest(found, root, cache);
    // A module that is imported late may be read until then, with its comments: all of its text counts.
    const counted = late.includes(found.local) ? digestOfFile(found.local) : digest;
    return [[moduleName(found.specifier, root), counted] as const];
  });
  const manifest = canonicalJson({
    modules: Object.fromEntries(modules),
    packages: packageIntegrities(reachable.flatMap(({ npmPackage }) => npmPackage ?? []), graph, root),
    imports: mappedImports(reachable, graph, root),
    configuration: relevantConfiguration(configuration, root),
  });
  if (fingerprints.every(([, fingerprint]) => fingerprint !== undefined)) {
    const text = canonicalJson({ manifest, files, late, fingerprints: Object.fromEntries(fingerprints) });
    cache.remember(`code of ${module}`, fileFingerprint(module), text);
  }
  return { manifest, files, late, digest: digestOf(manifest) };
}

function fileFingerprint(file: string): Fingerprint | undefined {
  const info = statIfThere(file);
  return info ? fingerprintOf(info) : "absent" as Fingerprint; // a project may have no lock file
}

const typeScript = ["TypeScript", "Mts", "Cts", "TSX"];
const javaScript = ["JavaScript", "Mjs", "Cjs", "JSX"];

function moduleDigest({ local = "", mediaType = "" }: Module, root: string, cache: StatCache): Digest {
  const isTypeScript = typeScript.includes(mediaType);
  if (!isTypeScript && !javaScript.includes(mediaType)) return digestOfFile(local);
  const fingerprint = fileFingerprint(local);
  const known = cache.recall(`module ${local}`, fingerprint);
  if (known !== undefined) return known as Digest;
  const source = Deno.readTextFileSync(local);
  const { text, computedImports: [computed] } = emittedCode(source, isTypeScript);
  if (computed !== undefined) throw computedImport(relative(root, local), source, computed);
  const digest = digestOf(text);
  cache.remember(`module ${local}`, fingerprint, digest);
  return digest;
}

function computedImport(file: string, source: string, found: string): InputError {
  // With types taken off, the expression needn't stand in the source as it is here.
  const start = source.indexOf(found);
  const before = source.slice(0, Math.max(0, start)).split("\n");
  const [line, column] = [before.length, (before.at(-1) ?? "").length + 1];
  return new InputError({
    at: start < 0 ? { file } : { file, line, column, source: source.split("\n")[line - 1] },
    found: `${found}, whose module is known only when it runs`,
    expected: "an import of a fixed name, so that the stage's key can cover its code",
    fix: "Import each candidate by name and choose among them.",
  });
}

/**
 * Returns the integrity that the lock file states of each package that the code imports, and of all that
 * those depend on.
 */
function packageIntegrities(
  wanted: readonly string[],
  { npmPackages }: Graph,
  root: string,
): Record<string, string> {
  const locked = lockedPackages(join(root, "deno.lock"));
  const integrities = new Map<string, string>();
  const visit = (name: string) => {
    if (integrities.has(name)) return;
    integrities.set(name, locked[name]?.integrity ?? "not locked");
    npmPackages[name]?.dependencies.forEach(visit);
  };
  wanted.forEach(visit);
  return Object.fromEntries(integrities);
}

const lockSchema = z.object({
  npm: z.record(z.string(), z.object({ integrity: z.string().optional() })).default({}),
});

function lockedPackages(file: string): z.output<typeof lockSchema>["npm"] {
  const text = readIfThere(file);
  return text === undefined ? {} : lockSchema.parse(JSON.parse(text)).npm;
}
