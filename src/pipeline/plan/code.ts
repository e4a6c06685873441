/**
 * A stage's code is all modules that it imports: local ones count by what they do, packages by version and
 * integrity.
 */

import { join, relative } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { z } from "zod";
import { InputError } from "../../errors.ts";
import { readIfThere, statIfThere } from "../store/atomic.ts";
import { canonicalJson, type Digest, digestOf, digestOfFile } from "../store/digest.ts";
import { type Fingerprint, fingerprintOf, type StatCache } from "../store/stat_cache.ts";
import { emittedCode } from "./emitted.ts";

export interface StageCode {
  readonly digest: Digest;
  /** The code manifest that `digest` is of, in canonical JSON: module → digest, package → integrity. */
  readonly manifest: string;
  /** The local modules' files, which the stage's process may read. */
  readonly files: readonly string[];
}

const manifestSchema = z.object({
  modules: z.record(z.string(), z.string()),
  packages: z.record(z.string(), z.string()),
});

/** Local module → digest of what it does; package → integrity. */
export type CodeManifest = z.output<typeof manifestSchema>;

/** Reads the manifest of a stage's code. */
export function parseManifest(text: string): CodeManifest {
  return manifestSchema.parse(JSON.parse(text));
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
  fingerprints: z.record(z.string(), z.string()),
});

function recallCode(module: string, cache: StatCache): StageCode | undefined {
  const text = cache.recall(`code of ${module}`, fileFingerprint(module));
  if (text === undefined) return undefined;
  const { manifest, files, fingerprints } = rememberedSchema.parse(JSON.parse(text));
  const unchanged = Object.entries(fingerprints).every(([file, known]) => fileFingerprint(file) === known);
  return unchanged ? { manifest, files, digest: digestOf(manifest) } : undefined;
}

async function readCode(module: string, root: string, cache: StatCache): Promise<StageCode> {
  const graph = await moduleGraph(module, root);
  const configuration = ["deno.json", "deno.lock"].map((name) => join(root, name));
  const reachable = reachableModules(graph, root);
  const files = reachable.flatMap(({ local }) => local ?? []);
  // Fingerprints are taken before the files are read, so that an edit meanwhile makes these out of date
  // rather than the digests wrong.
  const fingerprints = [...files, ...configuration].map((file) => [file, fileFingerprint(file)] as const);
  const modules = reachable.filter(({ local }) => local !== undefined).map((found) =>
    [moduleName(found.specifier, root), moduleDigest(found, root, cache)] as const
  );
  const manifest = canonicalJson({
    modules: Object.fromEntries(modules),
    packages: packageIntegrities(reachable.flatMap(({ npmPackage }) => npmPackage ?? []), graph, root),
  });
  if (fingerprints.every(([, fingerprint]) => fingerprint !== undefined)) {
    const text = canonicalJson({ manifest, files, fingerprints: Object.fromEntries(fingerprints) });
    cache.remember(`code of ${module}`, fileFingerprint(module), text);
  }
  return { manifest, files, digest: digestOf(manifest) };
}

function fileFingerprint(file: string): Fingerprint | undefined {
  const info = statIfThere(file);
  return info ? fingerprintOf(info) : "absent" as Fingerprint; // a project may have no lock file
}

const targetSchema = z.object({ specifier: z.string().optional(), error: z.string().optional() });
const moduleSchema = z.object({
  specifier: z.string(),
  local: z.string().optional(),
  mediaType: z.string().optional(),
  npmPackage: z.string().optional(),
  error: z.string().optional(),
  dependencies: z.array(z.object({ specifier: z.string(), code: targetSchema.optional() })).default([]),
});
const graphSchema = z.object({
  roots: z.array(z.string()),
  modules: z.array(moduleSchema),
  redirects: z.record(z.string(), z.string()),
  npmPackages: z.record(z.string(), z.object({ dependencies: z.array(z.string()) })).default({}),
});
type Module = z.output<typeof moduleSchema>;
type Graph = z.output<typeof graphSchema>;

const mostAtOnce = 4; // processes that list modules: each takes some 60 MB and a core
let listing = 0;
const waiting: (() => void)[] = [];

/** Lists modules once there is room for one more process. */
async function moduleGraph(module: string, root: string): Promise<Graph> {
  if (listing >= mostAtOnce) await new Promise<void>((resolve) => waiting.push(resolve));
  listing++;
  try {
    return await listModules(module, root);
  } finally {
    listing--;
    waiting.shift()?.();
  }
}

async function listModules(module: string, root: string): Promise<Graph> {
  const configuration = join(root, "deno.json");
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["info", "--json", "--config", configuration, pathToFileURL(module).href],
    env: { NO_COLOR: "1" },
  }).output();
  if (!success) throw brokenModule(relative(root, module), new TextDecoder().decode(stderr).trim());
  return graphSchema.parse(JSON.parse(new TextDecoder().decode(stdout)));
}

/**
 * Lists the modules that code reaches from the root, in the graph's order.
 *
 * @throws {InputError} for a broken module
 */
function reachableModules({ roots, modules, redirects }: Graph, root: string): readonly Module[] {
  const bySpecifier = new Map(modules.map((module) => [module.specifier, module]));
  const reached = new Set<Module>();
  const visit = (specifier: string) => {
    const module = bySpecifier.get(redirects[specifier] ?? specifier);
    if (!module || reached.has(module)) return;
    reached.add(module);
    const name = moduleName(specifier, root);
    if (module.error !== undefined) throw brokenModule(name, module.error);
    for (const { code } of module.dependencies) {
      if (code?.error !== undefined) throw brokenModule(name, code.error);
      if (code?.specifier !== undefined) visit(code.specifier);
    }
  };
  roots.forEach(visit);
  return [...reached];
}

function brokenModule(file: string, reason: string): InputError {
  return new InputError({
    at: { file },
    found: `a module that can't be used (${reason.split("\n")[0]})`,
    expected: "one that Deno can load",
  });
}

function moduleName(specifier: string, root: string): string {
  return specifier.startsWith("file:") ? relative(root, fileURLToPath(specifier)) : specifier;
}

function moduleDigest({ local = "", mediaType = "" }: Module, root: string, cache: StatCache): Digest {
  const isTypeScript = ["TypeScript", "Mts"].includes(mediaType);
  if (!isTypeScript && !["JavaScript", "Mjs"].includes(mediaType)) return digestOfFile(local);
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
  const before = source.slice(0, Math.max(0, source.indexOf(found))).split("\n");
  const [line, column] = [before.length, (before.at(-1) ?? "").length + 1];
  return new InputError({
    at: { file, line, column, source: source.split("\n")[line - 1] },
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
