import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { join } from "node:path";

const projectRoot = fileURLToPath(new URL("..", import.meta.url));
const sharedRoot = Deno.env.get("CALIBRANT_SHARED") ?? join(projectRoot, "..", "shared");

/**
 * The path of a large data set that isn't part of the project, or undefined where it is absent, which a
 * warning tells. It is looked for in the folder that `CALIBRANT_SHARED` names, by default `shared` beside the
 * project. A test that needs it is skipped without it: `Deno.test({ name, ignore: !path, fn })`.
 */
export function shared(path: string): string | undefined {
  const full = join(sharedRoot, path);
  if (existsSync(full)) return full;
  console.warn(`skipped, not found: ${full} (set CALIBRANT_SHARED to the folder that holds ${path})`);
  return undefined;
}
