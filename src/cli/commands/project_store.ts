import { join, relative, resolve } from "node:path";
import type { Command } from "commander";
import { openStore, type Store } from "../../pipeline/store/store.ts";
import type { PipelineOptions } from "./options.ts";

/** Opens the store of the project in the current folder, for the pipeline file that `--file` names. */
export function projectStore(command: Command): Store {
  const { file }: PipelineOptions = command.optsWithGlobals();
  return openStore(join(Deno.cwd(), "artifacts", ".store"), relative(Deno.cwd(), resolve(file)));
}
