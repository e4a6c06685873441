/** Downloads with pip, so that the user's own settings (mirror, proxy, certificates, cache) apply. */

import { fileURLToPath } from "node:url";
import { InputError, type Mistake } from "../../errors.ts";
import type { Asset } from "./assets.ts";
import { lastLines, run } from "./process.ts";

/**
 * Makes sure that there is a pip.
 *
 * @throws {InputError} where Python or pip is missing
 */
export async function requirePip(): Promise<void> {
  const outcome = await run("python3", ["-m", "pip", "--version"]);
  if (outcome === undefined) {
    throw new InputError({
      found: "no python3 on the PATH",
      expected: "Python 3.8 or newer with pip, which set-up downloads with",
      fix: "Install it (Debian, Ubuntu: apt install python3 python3-pip; macOS: xcode-select --install), " +
        "then run `deno task setup` again.",
    });
  }
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
  const args = ["-m", "pip", "download", "--quiet", "--no-deps", "--require-hashes"];
  args.push("--requirement", requirementsFile, "--dest", folder);
  args.push(...packages === "source archives" ? sourceArguments : wheelArguments(packages.wheelsFor));
  const outcome = await run("python3", args, {
    ...packages === "source archives" ? sourceEnvironment : {},
    PIP_DISABLE_PIP_VERSION_CHECK: "1",
    PIP_NO_INPUT: "1",
    PIP_REQUIRE_VIRTUALENV: "0",
    TMPDIR: temporary,
  });
  if (outcome?.code !== 0) throw new InputError(explain(outcome?.stderr ?? "python3 is gone"));
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

/**
 * Makes pip ask `build_nothing` for the archive's name and version instead of running the archive's setup.py.
 */
const sourceEnvironment = {
  PYTHONPATH: fileURLToPath(new URL("build_nothing", import.meta.url)),
  PIP_USE_PEP517: "1",
};

/** Turns pip's complaint into what is missing and what to do. */
function explain(complaint: string): Mistake {
  const said = `pip said:\n  ${lastLines(complaint, 4)}`;
  if (/DO NOT MATCH THE HASHES/.test(complaint)) {
    return {
      found: "a download with a wrong hash",
      expected: "the file that is pinned; nothing of this one was kept",
      fix: `Try again; if you use a package mirror, ask whoever runs it. ${said}`,
    };
  }
  if (/No space left on device/i.test(complaint)) {
    return {
      found: "a full disk while downloading",
      expected: "room for it",
      fix: "Free some space, then run `deno task setup` again: it goes on from here.",
    };
  }
  if (/Retrying|Connection|resolution|timed out|SSLError|ProxyError|unreachable/i.test(complaint)) {
    return {
      found: "no way to the package index",
      expected: "a network, for the first set-up only",
      fix:
        "Connect, or tell pip of your proxy or mirror (`python3 -m pip config`), then run `deno task setup` " +
        `again: it goes on from here. ${said}`,
    };
  }
  return { found: "a pip that failed", expected: "a download", fix: said };
}
