/** Runs Python packages as independent witnesses, whose answers are compared with what is computed here. */

import { createHash } from "node:crypto";
import { existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const environments = fileURLToPath(new URL("../artifacts/.python", import.meta.url));

/**
 * Installs packages in a Python environment of their own, which is kept below `artifacts/` for the next run.
 *
 * @param requirements pinned packages, as in `rdflib==7.6.0`
 * @param built names of those that are published as source alone, whose own code is run to build them
 * @returns the path of the environment's Python; undefined, after a warning, where there is no Python or the
 * packages can't be installed
 */
export async function pythonWith(
  requirements: readonly string[],
  built: readonly string[] = [],
): Promise<string | undefined> {
  const text = requirements.map((line) => `${line}\n`).join("");
  const folder = join(environments, createHash("sha256").update(text).digest("hex").slice(0, 16));
  const python = join(folder, "bin", "python");
  const stamp = join(folder, "requirements.txt"); // written last
  mkdirSync(environments, { recursive: true });
  using lock = Deno.openSync(`${folder}.lock`, { write: true, create: true });
  await lock.lock(true);
  if (existsSync(stamp) && (await run(python, ["--version"])).code === 0) return python;
  rmSync(folder, { recursive: true, force: true });
  // Debian has venv's own pip in a package of its own; the pip that set-up needs can install into any
  // environment.
  const pip = ["-m", "pip", "--python", python, "--disable-pip-version-check", "--no-input", "--retries=1"];
  const steps = [
    ["-m", "venv", "--without-pip", folder],
    [
      ...pip,
      "install",
      "--quiet",
      "--no-compile", // most modules are never imported
      "--only-binary=:all:",
      ...built.map((name) => `--no-binary=${name}`),
      ...requirements,
    ],
  ];
  for (const step of steps) {
    const { code, errors } = await run("python3", step);
    if (code === 0) continue;
    console.warn(`skipped, no Python with ${requirements.join(", ")}: ${errors.trim().split("\n").at(-1)}`);
    return undefined;
  }
  writeFileSync(stamp, text);
  return python;
}

/**
 * Runs a script that prints JSON, and returns what it has printed.
 *
 * @param input text that the script reads from stdin
 * @throws with what the script has written to stderr, if it fails
 */
export async function askPython(
  python: string,
  script: URL,
  args: readonly string[],
  input = "",
): Promise<unknown> {
  const { code, output, errors } = await run(python, [fileURLToPath(script), ...args], input);
  if (code !== 0) throw new Error(`${script.pathname} failed:\n${errors}`);
  return JSON.parse(output);
}

async function run(command: string, args: readonly string[], input = "") {
  const piped = { stdin: "piped", stdout: "piped", stderr: "piped" } as const;
  // On cores that others use too, threads of BLAS that wait for each other make seconds of an instant.
  const env = { OMP_NUM_THREADS: "1", OPENBLAS_NUM_THREADS: "1" };
  let child: Deno.ChildProcess;
  try {
    child = new Deno.Command(command, { args: [...args], env, ...piped }).spawn();
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return { code: 127, output: "", errors: `no ${command}` };
    throw error;
  }
  const sent = new Response(input).body?.pipeTo(child.stdin).catch(() => {
    // The script ended before it had read everything; its exit code says whether that is a failure.
  });
  const [{ code, stdout, stderr }] = await Promise.all([child.output(), sent]);
  const [output, errors] = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes));
  return { code, output, errors };
}
