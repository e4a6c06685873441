/**
 * Downloads with pip, so that the user's own mirror, proxy, certificates and cache are used. Other settings
 * of pip don't apply: they are meant for other projects.
 */

import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { InputError } from "../../errors.ts";
import type { Asset } from "./assets.ts";
import { explainPip } from "./pip_complaint.ts";
import { lastLines, run } from "./process.ts";
import type { Requirement } from "./requirement.ts";

const runPip = fileURLToPath(new URL("run_pip.py", import.meta.url));
const copyScript = fileURLToPath(new URL("copy_pinned.py", import.meta.url));

/**
 * Makes sure that there is a pip.
 *
 * @throws {InputError} where Python or pip is missing
 */
export async function requirePip(): Promise<void> {
  const outcome = await run("python3", [runPip, "--version"]);
  if (outcome === undefined) throw noPython();
  if (outcome.code !== 0) {
    throw new InputError({
      found: `a python3 without a working pip (${lastLines(outcome.stderr, 1)})`,
      expected: "one with pip, which set-up downloads with",
      fix: "Install it (Debian, Ubuntu: apt install python3-pip; elsewhere: python3 -m ensurepip), " +
        "then run `deno task setup` again.",
    });
  }
}

/**
 * Makes sure that there is a Python, which unpacks packages.
 *
 * @throws {InputError} where it is missing
 */
export async function requirePython(): Promise<void> {
  if (await run("python3", ["--version"]) === undefined) throw noPython();
}

function noPython(): InputError {
  return new InputError({
    found: "no python3 on the PATH",
    expected: "Python 3.8 or newer with pip, which set-up downloads with",
    fix: "Install it (Debian, Ubuntu: apt install python3 python3-pip; macOS: xcode-select --install), " +
      "then run `deno task setup` again.",
  });
}

/**
 * Copies the file of a package that has one of the pinned hashes from a folder, instead of downloading it.
 *
 * @throws {InputError} where the folder has no such file
 */
export async function copyPinned(
  { name, hashes }: Requirement,
  from: string,
  folder: string,
): Promise<void> {
  const outcome = await run("python3", [copyScript, from, folder, name, ...hashes]);
  if (outcome?.code === 0) return;
  throw new InputError({
    found: lastLines(outcome?.stderr ?? "no python3", 1),
    expected: `the file of ${name} with the SHA-256 ${hashes.join(" or ")}`,
    fix: "Download it where there is a network, as docs/platforms.md says, and put it into the folder that " +
      "`--from` names.",
  });
}

/**
 * Downloads the one file that a requirements file with one requirement asks for into an empty folder.
 *
 * @throws {InputError} saying what went wrong, such as no network, a wrong hash or a full disk
 */
export async function pipDownload(
  requirementsFile: string,
  packages: Asset["packages"],
  folder: string,
  temporary: string,
): Promise<void> {
  const log = join(temporary, "pip.log");
  const args = [runPip, "download", "--quiet", "--log", log, "--no-deps", "--require-hashes"];
  args.push("--requirement", requirementsFile, "--dest", folder);
  args.push(...packages === "source archives" ? sourceArguments : wheelArguments(packages.wheelsFor));
  const outcome = await run("python3", args, { TMPDIR: temporary });
  if (outcome?.code === 0) return;
  const logged = existsSync(log) ? readFileSync(log, "utf8") : "";
  throw new InputError(explainPip(outcome?.stderr ?? "python3 is gone", logged));
}

/**
 * Asks for the wheel of one fixed Python version, so that everyone downloads the same file with the same
 * hash, whatever Python is running.
 */
function wheelArguments(platforms: readonly string[]): string[] {
  const tags = platforms.flatMap((platform) => ["--platform", platform]);
  return ["--only-binary=:all:", "--implementation", "cp", "--python-version", "3.11", ...tags];
}

const sourceArguments = ["--no-binary=:all:", "--no-build-isolation"];
