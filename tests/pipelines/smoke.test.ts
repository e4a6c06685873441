/** The whole method on real movie reviews, started as a user would. */
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type Copy, copyProject, filesBelow, isSetUp, pipeline, task } from "./copy.ts";

const smoke = ["--file", "pipelines/smoke.yaml"];
const views = "artifacts/pipelines+smoke.yaml";
const stages = [
  "compare",
  "evaluate",
  "finetune",
  "prepare-data",
  "report",
  "sample-noise",
  "train-noise-model",
];

/** Returns the SHA-256 of every result file, by its path below `artifacts`. */
function digests({ root }: Copy): Record<string, string> {
  const artifacts = join(root, views);
  const files = stages.flatMap((stage) =>
    filesBelow(join(artifacts, stage)).map((file) => join(stage, file))
  );
  const digest = (file: string) =>
    createHash("sha256").update(readFileSync(join(artifacts, file))).digest("hex");
  return Object.fromEntries(files.map((file) => [file, digest(file)]));
}

Deno.test({ name: "the smoke pipeline", ignore: !isSetUp }, async (t) => {
  using first = copyProject();
  using second = copyProject();
  const json = (path: string) => JSON.parse(readFileSync(join(first.root, views, path), "utf8"));

  await t.step("runs to its end from nothing", async () => {
    const { code, output } = await pipeline(first, ...smoke);
    assert.equal(code, 0, output);
  });

  await t.step("learns: the noise model predicts held-out texts better than chance among its pieces", () => {
    const { perplexity } = json("train-noise-model/metrics.json");
    assert.ok(perplexity > 1 && perplexity < 1000, `perplexity ${perplexity}`);
  });

  await t.step("reports every variant on the rows of dev2, with their ids and votes", () => {
    const dev2 = readFileSync(join(first.root, `${views}/prepare-data/dev2.jsonl`), "utf8").trim().split(
      "\n",
    );
    for (const variant of ["baseline", "mc-dropout", "poscal", "scalar", "hidden", "sharp-hidden"]) {
      const { examples } = json(`evaluate/${variant}/metrics.json`);
      assert.equal(examples, dev2.length);
      const predictions = readFileSync(
        join(first.root, `${views}/evaluate/${variant}/predictions.dev2.jsonl`),
        "utf8",
      );
      const rows = predictions.trim().split("\n").map((line) => JSON.parse(line));
      assert.deepEqual(
        rows.map(({ id, votes }) => ({ id, votes })),
        dev2.map((line) => {
          const { id, votes } = JSON.parse(line);
          return { id, votes };
        }),
      );
      assert.equal(rows[0].energy !== undefined, /scalar|hidden/.test(variant));
    }
  });

  await t.step("MC dropout is the baseline's training, and other predictions", () => {
    const read = (path: string) => readFileSync(join(first.root, views, path), "utf8");
    const file = (stage: string, variant: string, name: string) => read(`${stage}/${variant}/${name}`);
    const same = (stage: string, name: string) =>
      file(stage, "mc-dropout", name) === file(stage, "baseline", name);
    assert.ok(same("finetune", "training.jsonl"));
    assert.ok(!same("evaluate", "predictions.dev2.jsonl"));
  });

  await t.step("does nothing the second time", async () => {
    const { code, output } = await pipeline(first, ...smoke);
    assert.equal(code, 0);
    assert.match(output, /all 17 stages up to date/);
  });

  await t.step(
    "its classifiers predict texts as evaluate did, with the temperature that it fitted",
    async () => {
      const { code, output } = await task(
        ...[first, "predict", "--model", "finetune@hidden", ...smoke],
        ...["--input", `${views}/prepare-data/dev2.jsonl`, "--output", "answers.jsonl"],
      );
      assert.equal(code, 0, output);
      const { temperature } = json("evaluate/hidden/metrics.json");
      assert.match(
        output,
        new RegExp(`calibrated: T = ${Number(temperature.value.toPrecision(4))}, fitted on 200 texts`),
      );
      const read = (path: string) =>
        readFileSync(join(first.root, path), "utf8").trim().split("\n").map((line) => JSON.parse(line));
      const evaluated = read(`${views}/evaluate/hidden/predictions.dev2.jsonl`);
      const answers = read("answers.jsonl");
      assert.deepEqual(answers.map(({ id }) => id), evaluated.map(({ id }) => id));
      // Texts are in other batches, and products of bfloat16 are rounded to some three digits.
      const differences = answers.map(({ logits }, row) => Math.abs(logits[0] - evaluated[row].logits[0]));
      assert.ok(Math.max(...differences) < 0.01, String(Math.max(...differences)));
    },
  );

  await t.step(
    "its results become a page with the report's figures, and stale results are refused",
    async () => {
      mkdirSync(join(first.root, "docs"));
      const { code, output } = await task(first, "results", "pipelines/smoke.yaml");
      assert.equal(code, 0, output);
      const read = (path: string) => readFileSync(join(first.root, path), "utf8");
      const cells = (line: string) => line.split("|").map((cell) => cell.trim());
      const rows = (text: string) => text.split("\n").filter((line) => /^\| (?!-)/.test(line)).map(cells);
      const [, section = ""] = read("docs/results.md").split("<!-- begin pipelines/smoke.yaml");
      assert.deepEqual(rows(section), rows(read(`${views}/report/report.md`)));

      const stale = await task(first, "results", "pipelines/smoke.yaml", "pipelines/movie-reviews.yaml");
      assert.equal(stale.code, 2);
      assert.match(
        stale.output,
        /pipelines\/movie-reviews\.yaml: found report: waiting, expected a report that is up to date/,
      );
    },
  );

  await t.step("reruns what follows a changed parameter, and nothing else", async () => {
    const { code, output } = await pipeline(
      first,
      ...smoke,
      "run",
      "evaluate@scalar",
      "--set",
      "finetune.steps=21",
    );
    assert.equal(code, 0, output);
    const ran = Array.from(output.matchAll(/^✓ ([a-z]\S*) +done in/gm), ([, name]) => name).sort();
    assert.deepEqual(ran, ["evaluate@scalar", "finetune@scalar"]);
  });

  await t.step("gives the same bytes in every artifact when run anew elsewhere", async () => {
    await pipeline(first, ...smoke); // back to the file's own parameters: all of it is cached
    const { code, output } = await pipeline(second, ...smoke);
    assert.equal(code, 0, output);
    const found = digests(second);
    assert.ok(Object.keys(found).length >= 30, "six variants' models, predictions and figures are compared");
    assert.deepEqual(found, digests(first));
  });
});
