import { fileURLToPath } from "node:url";

/**
 * The path of a file of reference numbers or of a tiny checkpoint; tests/fixtures/README.md says where each
 * comes from.
 */
export function fixture(path: string): string {
  return fileURLToPath(new URL(`fixtures/${path}`, import.meta.url));
}
