import { fileURLToPath } from "node:url";
import { InputError } from "../../errors.ts";
import type { Asset } from "./assets.ts";
import { lastLines, run } from "./process.ts";

/**
 * Unpacks the files that an asset keeps of its packages into a folder, and writes nothing outside that
 * folder.
 *
 * @throws {InputError} where an archive is damaged, lacks a member, or has one that would leave the folder
 */
export async function unpack(
  archives: readonly string[],
  { members, inner, parts }: Pick<Asset, "members" | "inner" | "parts">,
  folder: string,
): Promise<void> {
  const script = fileURLToPath(new URL("unpack.py", import.meta.url));
  const plan = JSON.stringify({ members, inner, parts });
  const outcome = await run("python3", [script, folder, plan, ...archives]);
  if (outcome?.code === 0) return;
  throw new InputError({
    found: `an archive that can't be unpacked: ${lastLines(outcome?.stderr ?? "no python3", 1)}`,
    expected: "a whole archive, and room for what is in it",
    fix: "Run `deno task setup` again: it downloads the archive afresh.",
  });
}
