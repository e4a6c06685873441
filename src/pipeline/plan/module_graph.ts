/** Deno's own module graph tells which modules a stage's module imports. */

import { join, relative } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { z } from "zod";
import { InputError } from "../../errors.ts";

const targetSchema = z.object({ specifier: z.string().optional(), error: z.string().optional() });
const dependencySchema = z.object({
  specifier: z.string().describe("as the module has it"),
  code: targetSchema.optional(),
  isDynamic: z.boolean().default(false),
});
const moduleSchema = z.object({
  specifier: z.string(),
  local: z.string().optional(),
  mediaType: z.string().optional(),
  npmPackage: z.string().optional(),
  error: z.string().optional(),
  dependencies: z.array(dependencySchema).default([]),
});
const graphSchema = z.object({
  roots: z.array(z.string()),
  modules: z.array(moduleSchema),
  redirects: z.record(z.string(), z.string()),
  npmPackages: z.record(z.string(), z.object({ dependencies: z.array(z.string()) })).default({}),
});

type Dependency = z.output<typeof dependencySchema>;
export type Module = z.output<typeof moduleSchema>;
export type Graph = z.output<typeof graphSchema>;

const mostAtOnce = 4; // processes that list modules: each takes some 60 MB and a core
let listing = 0;
const waiting: (() => void)[] = [];

/**
 * Reads the graph of all modules that a module imports, once there is room for one more process.
 *
 * @throws {InputError} where Deno can't make one
 */
export async function moduleGraph(module: string, root: string): Promise<Graph> {
  if (listing >= mostAtOnce) await new Promise<void>((resolve) => waiting.push(resolve));
  listing++;
  try {
    return await listModules(module, root);
  } finally {
    listing--;
    waiting.shift()?.();
  }
}

const longestSeconds = 60;

async function listModules(module: string, root: string): Promise<Graph> {
  const configuration = join(root, "deno.json");
  const { success, signal, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["info", "--json", "--config", configuration, pathToFileURL(module).href],
    env: { NO_COLOR: "1" },
    signal: AbortSignal.timeout(longestSeconds * 1000),
  }).output();
  if (signal !== null) {
    const reason = `listing its imports was ended by ${signal}, as it is after ${longestSeconds} s`;
    throw new BrokenModule(relative(root, module), reason);
  }
  if (!success) throw new BrokenModule(relative(root, module), new TextDecoder().decode(stderr).trim());
  return graphSchema.parse(JSON.parse(new TextDecoder().decode(stdout)));
}

/**
 * Lists the modules that code reaches from the root by the dependencies that are followed, in the graph's
 * order. Imports of types alone aren't followed, since they leave no trace in what runs.
 *
 * @throws {InputError} for a broken module
 */
export function reachableModules(
  { roots, modules, redirects }: Graph,
  root: string,
  follows: (dependency: Dependency) => boolean = () => true,
): readonly Module[] {
  const bySpecifier = new Map(modules.map((module) => [module.specifier, module]));
  const reached = new Set<Module>();
  const visit = (specifier: string) => {
    const module = bySpecifier.get(redirects[specifier] ?? specifier);
    if (!module || reached.has(module)) return;
    reached.add(module);
    const name = moduleName(specifier, root);
    if (module.error !== undefined) throw new BrokenModule(name, module.error);
    for (const { code } of module.dependencies.filter(follows)) {
      if (code?.error !== undefined) throw new BrokenModule(name, code.error);
      if (code?.specifier !== undefined) visit(code.specifier);
    }
  };
  roots.forEach(visit);
  return [...reached];
}

/**
 * Lists the imports that lead elsewhere than their text says, because of an import map, a workspace or a
 * package.json: `module: import` → module or package.
 */
export function mappedImports(
  modules: readonly Module[],
  { redirects }: Graph,
  root: string,
): Readonly<Record<string, string>> {
  const mapped = modules.flatMap((module) =>
    module.dependencies.flatMap(({ specifier, code }) => {
      if (code?.specifier === undefined || code.specifier === writtenTarget(specifier, module)) return [];
      const target = redirects[code.specifier] ?? code.specifier;
      return [[`${moduleName(module.specifier, root)}: ${specifier}`, moduleName(target, root)] as const];
    })
  );
  return Object.fromEntries(mapped);
}

function writtenTarget(specifier: string, { specifier: base }: Module): string | undefined {
  const isRelative = /^\.{0,2}\//.test(specifier);
  return URL.canParse(specifier) ? specifier : isRelative ? URL.parse(specifier, base)?.href : undefined;
}

/** The error that a module, or one that it imports, is missing or broken. */
export class BrokenModule extends InputError {
  readonly reason: string;
  constructor(file: string, text: string) {
    const [reason = ""] = text.split("\n");
    super({
      at: { file },
      found: `a module that can't be used (${reason})`,
      expected: "one that Deno can load",
    });
    this.reason = `${file}: ${reason}`;
  }
}

/** Returns a local module's path within the project, or any other module's specifier. */
export function moduleName(specifier: string, root: string): string {
  return specifier.startsWith("file:") ? relative(root, fileURLToPath(specifier)) : specifier;
}
