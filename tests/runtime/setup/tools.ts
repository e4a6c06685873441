/** Tools that the tests of set-up share: tiny packages with real faults, and the places of programs. */

import { createHash } from "node:crypto";
import { existsSync, mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseRequirements } from "../../../src/runtime/setup/requirement.ts";

export const projectRoot = fileURLToPath(new URL("../../..", import.meta.url));

/** Makes a folder that is removed at the end of the `using` that holds it. */
export function temporaryFolder(): { readonly path: string } & Disposable {
  const path = mkdtempSync(join(tmpdir(), "calibrant-test-"));
  return { path, [Symbol.dispose]: () => Deno.removeSync(path, { recursive: true }) };
}

/** Sets environment variables, which are restored at the end of the `using` that holds them. */
export function environment(variables: Readonly<Record<string, string>>): Disposable {
  const before = Object.keys(variables).map((name) => [name, Deno.env.get(name)] as const);
  for (const [name, value] of Object.entries(variables)) Deno.env.set(name, value);
  return {
    [Symbol.dispose]() {
      for (const [name, value] of before) {
        value === undefined ? Deno.env.delete(name) : Deno.env.set(name, value);
      }
    },
  };
}

/** Returns the full path of a program on the PATH. */
export function programPath(name: string): string {
  const path = Deno.env.get("PATH")!.split(delimiter).map((folder) => join(folder, name)).find(existsSync);
  if (path === undefined) throw new Error(`these tests need ${name}`);
  return path;
}

/** Runs a Python program. */
export function python(program: string, ...args: string[]): void {
  const { success, stderr } = new Deno.Command("python3", { args: ["-c", program, ...args] }).outputSync();
  if (!success) throw new Error(new TextDecoder().decode(stderr));
}

/** Writes an archive: a zip where the name ends in .whl, else a gzipped tar. */
export function writeArchive(path: string, members: Readonly<Record<string, string>>): void {
  python(
    `
import io, json, sys, tarfile, zipfile
path, members = sys.argv[1], json.loads(sys.argv[2])
if path.endswith(".whl"):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in members.items():
            archive.writestr(name, text)
else:
    with tarfile.open(path, "w:gz") as archive:
        for name, text in members.items():
            info = tarfile.TarInfo(name)
            info.size = len(text.encode())
            archive.addfile(info, io.BytesIO(text.encode()))
`,
    path,
    JSON.stringify(members),
  );
}

/** Writes a wheel named `tiny` that pip accepts. */
export function writeTinyWheel(folder: string, members: Readonly<Record<string, string>>): string {
  const path = join(folder, "tiny-1.0-py3-none-any.whl");
  writeArchive(path, {
    ...members,
    "tiny-1.0.dist-info/METADATA": "Metadata-Version: 2.1\nName: tiny\nVersion: 1.0\n",
    "tiny-1.0.dist-info/WHEEL": "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    "tiny-1.0.dist-info/RECORD": "",
  });
  return path;
}

/** Returns the requirement that pins a file of the package `tiny`. */
export function pin(path: string) {
  const hash = createHash("sha256").update(readFileSync(path)).digest("hex");
  return parseRequirements(`tiny==1.0 --hash=sha256:${hash}`);
}
