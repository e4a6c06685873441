/** What the results of a pipeline file depend on, by which files can be compared before anything is run. */
import { relative } from "node:path";
import { fileURLToPath } from "node:url";
import { readPipeline } from "../../src/pipeline/file/spec.ts";
import { buildGraph, draftInstances } from "../../src/pipeline/graph/graph.ts";
import type { Instance } from "../../src/pipeline/graph/instance.ts";
import { learnStages } from "../../src/pipeline/plan/learn.ts";
import { openStatCache } from "../../src/pipeline/store/stat_cache.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));

/** What an instance's result depends on, beside code and the bytes of files. */
export interface Action {
  readonly module: string;
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly threads: number;
  readonly inputs: readonly (readonly [string, string | readonly string[]])[];
}

/**
 * Maps a pipeline file's instances to what their results depend on; `rename` gives instances of two files the
 * same name.
 */
export async function actions(
  file: string,
  rename = (name: string) => name,
): Promise<ReadonlyMap<string, Action>> {
  const spec = readPipeline(`${root}/${file}`, []);
  const inputs = (instance: Instance) =>
    Array.from(instance.inputs, ([input, source]) =>
      [
        input,
        source.kind === "userFiles"
          ? source.written
          : source.kind === "output"
          ? rename(source.instance)
          : [],
      ] as const);
  const drafts = draftInstances(spec);
  const { stages } = await learnStages(spec, drafts, root, openStatCache(`${root}/no-such-cache`));
  const instances = buildGraph(spec, drafts, stages, root);
  return new Map(instances.map((instance) => [rename(instance.name), {
    module: relative(root, instance.module),
    parameters: Object(instance.parameters),
    threads: instance.resources.cpu,
    inputs: inputs(instance),
  }]));
}
