import { join } from "node:path";
import type { Bench } from "../benchmark.ts";

/** Writes a JSON file for the processes of this run, and returns its path. */
export function writeRunFile({ folder }: Pick<Bench, "folder">, name: string, content: unknown): string {
  const path = join(folder, `${name}.json`);
  Deno.writeTextFileSync(path, JSON.stringify(content));
  return path;
}
