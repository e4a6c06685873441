/** Reads pipeline files, overlays and settings. */

import { join } from "node:path";
import { readPipeline } from "../../src/pipeline/file/spec.ts";
import { variantsOf } from "../../src/pipeline/graph/matrix.ts";
import { type Reader, textOf, texts } from "./reader.ts";

const pipelines = texts(
  `vars: {seed: 7, names: [a, b]}
resources: {gpu: 1}
stages:
  data:
    run: stages/data.ts
    needs: {raw: ./raw.tsv}
    params: &shared {seed: "\${vars.seed}", rate: 1e-3, list: "\${vars.names}"}
  train:
    run: stages/train.ts
    needs: {data: data:rows.jsonl}
    matrix:
      variant: [scalar, hidden]
      seed: [1, 2]
      exclude: [{variant: hidden, seed: 2}]
      include: [{variant: scalar, rate: 0.5}]
    resources: {cpu: 2, gpu: 1}
    params:
      nested: {again: *shared, variant: "\${matrix.variant}"}
      text: |
        several
        lines
    timeout: 90s
    retries: 1
`,
  Deno.readTextFileSync(new URL("../../pipelines/smoke.yaml", import.meta.url)),
);

export const pipelineReaders: readonly Reader[] = [
  {
    name: "readPipeline and variantsOf",
    corpus: pipelines,
    file: "pipeline.yaml",
    read: (folder) => {
      const { stages, locate } = readPipeline(join(folder, "pipeline.yaml"), []);
      for (const [stage, { matrix }] of Object.entries(stages)) {
        variantsOf(matrix, locate, ["stages", stage, "matrix"]);
      }
    },
  },
  {
    name: "readPipeline with an overlay",
    corpus: texts("stages:\n  train: {params: {rate: 1}, matrix: {seed: [3]}}\nvars: {seed: 8}\n"),
    file: "overlay.yaml",
    others: { "pipeline.yaml": textOf(pipelines[0]) },
    read: (folder) => readPipeline(join(folder, "pipeline.yaml"), [], [join(folder, "overlay.yaml")]),
  },
  {
    name: "readPipeline with a setting",
    corpus: texts("train.rate=0.5", "vars.seed=[1, {a: 2}]", "resources.gpu=2"),
    file: "setting",
    others: { "pipeline.yaml": textOf(pipelines[0]) },
    read: (folder, bytes) => readPipeline(join(folder, "pipeline.yaml"), [textOf(bytes)]),
  },
];
