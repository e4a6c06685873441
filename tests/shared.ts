import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { join } from "node:path";

const projectRoot = fileURLToPath(new URL("..", import.meta.url));
const sharedRoot = Deno.env.get("CALIBRANT_SHARED") ?? join(projectRoot, "..", "shared");

/**
 * The path of a reference file or real data set that lives beside the project, or undefined where it is absent.
 * A test that needs it says so: `Deno.test({ name, ignore: !path, fn })`.
 */
export function shared(path: string): string | undefined {
  const full = join(sharedRoot, path);
  if (existsSync(full)) return full;
  console.warn(`skipped, not found: ${full} (set CALIBRANT_SHARED to the folder that holds ${path})`);
  return undefined;
}
