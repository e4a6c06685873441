/** The experiment on precision shares its trainings in bfloat16 with the one on movie reviews. */
import assert from "node:assert/strict";
import { relative } from "node:path";
import { fileURLToPath } from "node:url";
import { buildGraph, draftInstances } from "../../src/pipeline/graph/graph.ts";
import type { Instance } from "../../src/pipeline/graph/instance.ts";
import { learnStages } from "../../src/pipeline/plan/learn.ts";
import { openStatCache } from "../../src/pipeline/store/stat_cache.ts";
import { readPipeline } from "../../src/pipeline/file/spec.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));

/**
 * Maps a pipeline file's instances to what their results depend on; `rename` gives instances of two files the
 * same name.
 */
async function actions(
  file: string,
  rename = (name: string) => name,
): Promise<ReadonlyMap<string, unknown>> {
  const spec = readPipeline(`${root}/${file}`, []);
  const inputs = (instance: Instance) =>
    Array.from(instance.inputs, ([input, source]) => [
      input,
      source.kind === "userFiles" ? source.written : source.kind === "output" ? rename(source.instance) : [],
    ]);
  const drafts = draftInstances(spec);
  const { stages } = await learnStages(spec, drafts, root, openStatCache(`${root}/no-such-cache`));
  const instances = buildGraph(spec, drafts, stages, root);
  return new Map(instances.map((instance) => [rename(instance.name), {
    module: relative(root, instance.module),
    parameters: instance.parameters,
    threads: instance.resources.cpu,
    inputs: inputs(instance),
  }]));
}

Deno.test("precision.yaml's evaluations in bfloat16 are those of movie-reviews.yaml, from the data on", async () => {
  const experiment = await actions("pipelines/movie-reviews.yaml");
  const both = await actions("pipelines/precision.yaml", (name) => name.replace(",bfloat16", ""));
  const same = [...both].filter(([name]) => !/float32|compare/.test(name));
  assert.equal(same.length, 3 + 2 * 2 * 5);
  for (const [name, action] of same) assert.deepEqual(action, experiment.get(name), name);
});

Deno.test("its evaluations in float32 differ from them in the precision alone", async () => {
  const all = await actions("pipelines/precision.yaml");
  for (const [name, action] of all) {
    if (!name.includes("float32")) continue;
    const text = JSON.stringify(action).replaceAll("float32", "bfloat16");
    assert.equal(text, JSON.stringify(all.get(name.replace("float32", "bfloat16"))));
  }
});
