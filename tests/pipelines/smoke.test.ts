/** The whole method on real movie reviews, started as a user would. */
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Answer as NamedAnswer } from "../../src/inference/answer.ts";
import { assertClose } from "../close.ts";
import { askPython } from "../python.ts";
import { isInstalled, startService } from "../services/service.ts";
import { type Copy, copyProject, filesBelow, isSetUp, pipeline, pipelineWith, task } from "./copy.ts";
import { runReadmeCommands } from "./readme_commands.ts";

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

/** A Python that has PyTorch and transformers, which take gigabytes and so aren't installed here. */
const python = Deno.env.get("CALIBRANT_TORCH_PYTHON");

/** An answer of a classifier that has an energy. */
type Answer = NamedAnswer & { readonly energy: number };

/** What transformers makes of an export. */
interface Loaded {
  readonly logits: readonly number[];
  readonly probabilities: readonly number[];
  readonly energies: readonly number[];
}

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

Deno.test({ name: "the smoke pipeline runs, and runs the same anew", ignore: !isSetUp }, async (t) => {
  using first = copyProject();
  using second = copyProject();
  using third = copyProject();
  using cache = isInstalled("nginx") ? startService("bazel-cache") : undefined;
  const url = cache?.env.BAZEL_CACHE_URL;
  const json = (path: string) => JSON.parse(readFileSync(join(first.root, views, path), "utf8"));

  await t.step("runs to its end from nothing", async () => {
    const env = url === undefined ? {} : { CALIBRANT_CACHE_URL: url, CALIBRANT_CACHE_MODE: "read-write" };
    const { code, output } = await pipelineWith(env, first, ...smoke);
    assert.equal(code, 0, output);
  });

  await t.step({
    name:
      "is taken whole from the cache that the run filled, in another clone: the same bytes, and nothing runs",
    ignore: url === undefined,
    async fn() {
      const { code, output } = await pipelineWith({ CALIBRANT_CACHE_URL: url ?? "" }, third, ...smoke);
      assert.equal(code, 0, output);
      // MC dropout's training is the baseline's, so that 17 instances have 16 results.
      assert.equal([...output.matchAll(/^✓ \S+ +from the remote cache/gm)].length, 16, output);
      assert.doesNotMatch(output, / done in /);
      assert.deepEqual(digests(third), digests(first));
    },
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

  await t.step("a classifier becomes a folder for transformers, whose softmax is calibrated", async () => {
    const { code, output } = await pipeline(
      ...[first, ...smoke, "export", "finetune@scalar", "--format", "transformers", "--calibrated"],
      ...["--out", "exported"],
    );
    assert.equal(code, 0, output);
    const { temperature, uncalibrated: { accuracy } } = json("evaluate/scalar/metrics.json");
    const shown = Number(temperature.value.toPrecision(4));
    const said = `wrote finetune@scalar to exported, its temperature (T = ${shown}) in the last layer\n`;
    assert.ok(output.startsWith(said), output);
    assert.deepEqual(filesBelow(join(first.root, "exported")), [
      ...["README.md", "config.json", "energy_head.safetensors", "model.safetensors", "reliability.svg"],
      ...["tokenizer.json", "tokenizer_config.json"],
    ]);
    const read = (path: string) => readFileSync(join(first.root, path), "utf8");
    const card = read("exported/README.md");
    const state = "artifacts/.store/pipelines";
    const latest = filesBelow(join(first.root, state)).find((file) =>
      file.endsWith("latest/finetune@scalar")
    );
    const key = read(join(state, latest ?? "")).trim();
    assert.match(card, new RegExp(`- type: accuracy\\n +value: ${accuracy}\\n`));
    for (const part of [key, "| Command | deno task pipeline --file pipelines/smoke.yaml run finetune"]) {
      assert.ok(card.includes(part), part);
    }
    assert.doesNotMatch(read("exported/reliability.svg"), /var\(|@media/);

    const answers = new Map<string, readonly Answer[]>();
    for (const model of ["finetune@scalar", "exported"]) {
      const ended = await task(
        ...[first, "predict", "--model", model, ...smoke, "--precision", "float32"],
        ...["--input", `${views}/prepare-data/dev2.jsonl`, "--output", `${model}.jsonl`],
      );
      assert.equal(ended.code, 0, ended.output);
      answers.set(model, read(`${model}.jsonl`).trim().split("\n").map((line) => JSON.parse(line)));
    }
    const [ours, theirs] = answers.values();
    const probabilities = (rows: readonly Answer[]) => rows.flatMap(({ probs }) => Object.values(probs));
    assertClose(probabilities(theirs), probabilities(ours), 1e-6);
    if (python === undefined) return;

    const texts = read(`${views}/prepare-data/dev2.jsonl`).trim().split("\n").map((line) =>
      JSON.parse(line).text
    );
    const script = new URL("../export/load_exports.py", import.meta.url);
    const asked = JSON.stringify([{ folder: join(first.root, "exported"), texts }]);
    const [loaded] = await askPython(python, script, [], asked) as readonly Loaded[];
    assertClose(loaded.probabilities, probabilities(ours), 1e-5);
    assertClose(
      loaded.logits,
      ours.flatMap(({ logits }) => logits.map((one) => one / temperature.value)),
      1e-4,
    );
    assertClose(loaded.energies, ours.map(({ energy }) => energy), 1e-4);
    const classOf = ([negative, positive]: readonly number[]) =>
      negative >= positive ? "negative" : "positive";
    assert.deepEqual(
      ours.map((_, row) => classOf(loaded.probabilities.slice(2 * row, 2 * row + 2))),
      ours.map(({ label }) => label),
    );
  });

  await t.step("what can't be exported for transformers is told, and nothing is written", async () => {
    const refused: readonly (readonly [readonly string[], RegExp])[] = [
      [
        ["finetune@scalar", "--out", "exported"],
        /exported: found an existing file, or a folder that isn't empty/,
      ],
      [["finetune@scalar"], /found no --out, expected a classifier and a folder for it/],
      [["--out", "new"], /found no instance, expected a classifier and a folder for it/],
      [["report", "--out", "new"], /found no model "report" among the results of pipelines\/smoke\.yaml/],
      [["finetune@scalar", "--out", "no/folder"], /folder\.partial: found a path that can't be written/],
    ];
    for (const [args, message] of refused) {
      const { code, output } = await pipeline(first, ...smoke, "export", "--format", "transformers", ...args);
      assert.equal(code, 2);
      assert.match(output, message);
    }
    mkdirSync(join(first.root, "new.partial"));
    const { code, output } = await pipeline(
      ...[first, ...smoke, "export", "finetune@scalar", "--format", "transformers", "--out", "new"],
    );
    assert.equal(code, 2);
    assert.match(output, /new\.partial: found what an export that was ended has left/);
    assert.ok(!existsSync(join(first.root, "new")));
  });

  await t.step("the README's commands for using a model work as they stand", async () => {
    const lines = readFileSync(join(first.root, `${views}/prepare-data/dev2.jsonl`), "utf8").trim().split(
      "\n",
    );
    const { classes } = json("prepare-data/dataset.json");
    const rows = lines.map((line) => JSON.parse(line));
    const labelled = rows.map(({ text, label }) => ({ text, label: classes[label] }));
    await runReadmeCommands(first, "pipelines/smoke.yaml", labelled);
  });

  await t.step(
    "its results become a page with the report's tables, and rows in the table of all; stale results are refused",
    async () => {
      mkdirSync(join(first.root, "docs"));
      const { code, output } = await task(first, "results", "pipelines/smoke.yaml");
      assert.equal(code, 0, output);
      const read = (path: string) => readFileSync(join(first.root, path), "utf8");
      const cells = (line: string) => line.split("|").map((cell) => cell.trim());
      const rows = (text: string) => text.split("\n").filter((line) => /^\| (?!-)/.test(line)).map(cells);
      const [figures = "", report = ""] = read("docs/results/smoke.md").split("<!-- end figures -->");
      assert.deepEqual(rows(report), rows(read(`${views}/report/report.md`)));
      const variants = ["baseline", "mc-dropout", "poscal", "scalar", "hidden", "sharp-hidden"];
      for (const text of [figures, read("docs/results.md").split("## All tasks")[1] ?? ""]) {
        assert.deepEqual(rows(text).slice(1).map(([, , variant]) => variant), variants);
      }

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
