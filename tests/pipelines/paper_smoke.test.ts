/** The paper's experiment on a small scale, started as a user would. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { copyProject, isSetUp, pipeline } from "./copy.ts";

Deno.test({ name: "every stage and mode of the paper's experiment runs", ignore: !isSetUp }, async () => {
  using copy = copyProject();
  const views = join(copy.root, "artifacts/pipelines+paper-smoke.yaml");
  const lines = (path: string) => readFileSync(join(views, path), "utf8").trim().split("\n");
  const json = (path: string) => JSON.parse(readFileSync(join(views, path), "utf8"));
  const { code, output } = await pipeline(copy, "--file", "pipelines/paper-smoke.yaml");
  assert.equal(code, 0, output);

  // Two shards share the passes over the texts: their samples differ by the number of their pass.
  const shards = [1, 2].map((shard) => lines(`sample-noise/masked-prefix,${shard}/train.jsonl`));
  const ids = shards.map((rows) => new Set(rows.map((row) => JSON.parse(row).id)));
  assert.ok(ids[0].isDisjointFrom(ids[1]));
  const { train } = json("sample-noise/masked-prefix,1/metrics.json");
  assert.equal(train.drawn, 600, "half of 4 samples of 300 texts");

  for (const objective of ["labelled-masked-prefix", "labelled-half-to-full", "half-to-full-labelled"]) {
    const rows = lines(`sample-noise/${objective},1/train.jsonl`).map((row) => JSON.parse(row));
    assert.ok(rows.every(({ label }) => label === 0 || label === 1), objective);
  }

  const { standings, curves } = json("compare/dev1/comparison.json");
  const variants = new Set(standings.map(({ variant }: { variant: string }) => variant));
  assert.equal(variants.size, 10, [...variants].join());
  assert.ok(curves.length > 0);
  assert.equal(json("compare/train/comparison.json").fittedOn, "train");
});
