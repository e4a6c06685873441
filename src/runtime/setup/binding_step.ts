/**
 * Compiles TensorFlow.js's native half against the libtensorflow that set-up has unpacked, and puts it into
 * node_modules.
 */

import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
} from "node:fs";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { InputError } from "../../errors.ts";
import { sha256OfJson } from "./sha256.ts";
import type { Places } from "./places.ts";
import { lastLines, run } from "./process.ts";
import type { Step } from "./step.ts";

const quiet = fileURLToPath(new URL("quiet.cc", import.meta.url));

/** Makes the step that compiles the binding. It needs what the step `tensorflow` has made. */
export function bindingStep(places: Places, tensorflow: Step): Step {
  const tensorFlowJs = packageFolder(places, "@tensorflow/tfjs-node-gpu");
  const nodeHeaders = packageFolder(places, "node-api-headers");
  const made = join(places.setup, tensorflow.name);
  // The path is relative, so that the project can be moved.
  const searchPath = relative(napiFolder(tensorFlowJs), join(made, "lib"));
  return {
    name: "binding",
    title: "TensorFlow.js's binding",
    madeFrom: sha256OfJson({
      tensorflow: tensorflow.madeFrom,
      tensorFlowJs: version(tensorFlowJs),
      nodeHeaders: version(nodeHeaders),
      quiet: readFileSync(quiet, "utf8"),
      searchPath,
    }),
    megabytes: 1,
    requireTool: requireCompiler,
    async fill(folder, report) {
      report("compiling");
      const sources = join(tensorFlowJs, "binding");
      const outcome = await run("c++", [
        ...["-std=c++17", "-O2", "-fPIC", "-shared", "-DNAPI_VERSION=8"],
        ...[tensorFlowJs, join(made, "include"), join(nodeHeaders, "include")].map((path) => `-I${path}`),
        ...readdirSync(sources).filter((name) => name.endsWith(".cc")).sort().map((name) =>
          join(sources, name)
        ),
        quiet,
        ...readdirSync(join(made, "lib")).sort().map((name) => join(made, "lib", name)),
        ...linkArguments(searchPath),
        ...["-o", join(folder, bindingFile)],
      ]);
      if (outcome?.code !== 0) throw compilerFailed(outcome?.stderr ?? "it is gone");
    },
  };
}

/** Puts the compiled binding where TensorFlow.js looks for it. `deno install` may throw it away. */
export function placeBinding(places: Places): void {
  const folder = napiFolder(packageFolder(places, "@tensorflow/tfjs-node-gpu"));
  mkdirSync(folder, { recursive: true });
  copyFileSync(join(places.setup, "binding", bindingFile), join(folder, `${bindingFile}.new`));
  renameSync(join(folder, `${bindingFile}.new`), join(folder, bindingFile));
}

/** Tells whether node_modules has the binding that was compiled. */
export function isBindingPlaced(places: Places): boolean {
  const placed = join(napiFolder(packageFolder(places, "@tensorflow/tfjs-node-gpu")), bindingFile);
  const compiled = join(places.setup, "binding", bindingFile);
  return existsSync(placed) && existsSync(compiled) && readFileSync(placed).equals(readFileSync(compiled));
}

const bindingFile = "tfjs_binding.node";

function napiFolder(tensorFlowJs: string): string {
  return join(tensorFlowJs, "lib", "napi-v8");
}

/** Returns a package's own folder, behind the link in node_modules. */
function packageFolder({ root }: Places, name: string): string {
  const path = join(root, "node_modules", name);
  if (existsSync(join(path, "package.json"))) return realpathSync(path);
  throw new InputError({
    found: `no ${name} in node_modules`,
    expected: "the packages that deno.json lists",
    fix: "Run `deno install`, then `deno task setup` again.",
  });
}

function version(folder: string): string {
  return JSON.parse(readFileSync(join(folder, "package.json"), "utf8")).version;
}

function linkArguments(searchPath: string): string[] {
  return Deno.build.os === "darwin"
    // Node's own symbols come from the process that loads the binding.
    ? ["-undefined", "dynamic_lookup", `-Wl,-rpath,@loader_path/${searchPath}`]
    : [`-Wl,-rpath,$ORIGIN/${searchPath}`];
}

/**
 * Makes sure that there is a C++ compiler.
 *
 * @throws {InputError} where it is missing or fails
 */
export async function requireCompiler(): Promise<void> {
  const outcome = await run("c++", ["--version"]);
  if (outcome?.code === 0) return;
  throw new InputError({
    found: outcome ? `a c++ that fails (${lastLines(outcome.stderr, 1)})` : "no c++ on the PATH",
    expected: "a C++ compiler, which set-up compiles TensorFlow.js's binding with",
    fix: "Install one (Debian, Ubuntu: apt install g++; Fedora: dnf install gcc-c++; macOS: xcode-select " +
      "--install), then run `deno task setup` again.",
  });
}

function compilerFailed(complaint: string): InputError {
  return new InputError({
    found: "a compiler that failed",
    expected: "one that compiles TensorFlow.js's binding: GCC 9, Clang 10 or newer",
    fix: `It said:\n  ${lastLines(complaint, 8)}`,
  });
}
