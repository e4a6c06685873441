/** The experiment on pairs of sentences in GLUE's format, over two seeds. */
import assert from "node:assert/strict";
import { cpSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { shared } from "../shared.ts";
import { copyProject, isSetUp, pipeline } from "./copy.ts";

const mrpc = shared("data/glue/MRPC");
const small = fileURLToPath(new URL("mrpc_small.yaml", import.meta.url));

Deno.test({
  name: "MRPC goes through the whole pipeline: pairs in the encoder, in the noise and in the predictions",
  ignore: !mrpc || !isSetUp,
  fn: async () => {
    using copy = copyProject();
    mkdirSync(join(copy.root, "data"));
    cpSync(mrpc!, join(copy.root, "data/MRPC"), { recursive: true });
    const { code, output } = await pipeline(copy, "--file", "pipelines/mrpc.yaml", "--overlay", small);
    assert.equal(code, 0, output);

    const read = (path: string) =>
      readFileSync(join(copy.root, "artifacts/pipelines+mrpc.yaml", path), "utf8");
    const rows = (path: string) => read(path).trim().split("\n").map((line) => JSON.parse(line));
    const noise = rows("sample-noise/train.jsonl");
    assert.ok(noise.length > 0 && noise.every(({ text, pair }) => text.trim() !== "" && pair.trim() !== ""));
    const dev2 = rows("prepare-data/dev2.jsonl");
    for (const run of ["baseline,1", "baseline,2", "scalar,1", "scalar,2"]) {
      const predictions = rows(`evaluate/${run}/predictions.dev2.jsonl`);
      assert.deepEqual(predictions.map(({ id }) => id), dev2.map(({ id }) => id));
      assert.ok(predictions.every(({ logits }) => logits.length === 2 && logits.every(Number.isFinite)));
    }
    const { seeds, standings } = JSON.parse(read("compare/comparison.json"));
    assert.deepEqual(seeds, [1, 2]);
    assert.deepEqual(
      standings.map(({ variant, runs }: { variant: string; runs: number }) => `${variant} ${runs}`),
      ["baseline", "scalar", "baseline ensemble"].flatMap((variant) =>
        Array(2).fill(`${variant} ${variant.endsWith("ensemble") ? 1 : 2}`)
      ),
    );
    assert.match(read("report/report.md"), /^\| baseline ensemble, T = /m);
  },
});
