/** Training, evaluating and comparing on a task so small that it takes seconds. */
import assert from "node:assert/strict";
import { cp, mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fitCalibrator } from "../../src/calibration/calibrators/fit.ts";
import { applyTemperature, fitTemperature } from "../../src/calibration/calibrators/temperature.ts";
import { confusionMatrix, matthewsCorrelation } from "../../src/calibration/metrics/confusion.ts";
import { score } from "../../src/calibration/metrics/scores.ts";
import { topLabel } from "../../src/calibration/metrics/top_label.ts";
import { readPredictions } from "../../src/calibration/predictions/logits_file.ts";
import { softmax } from "../../src/calibration/predictions/softmax.ts";
import { readDataset, writeDataset } from "../../src/data/dataset.ts";
import { readRows, writeRows } from "../../src/data/rows.ts";
import { InputError } from "../../src/errors.ts";
import { comparisonSchema } from "../../src/report/comparison.ts";
import { evaluationSchema } from "../../src/report/evaluation.ts";
import { mean } from "../../src/statistics.ts";
import compare from "../../stages/compare.ts";
import evaluate from "../../stages/evaluate.ts";
import finetune from "../../stages/finetune.ts";
import trainNoiseModel from "../../stages/train-noise-model.ts";
import { assertClose } from "../close.ts";
import { runStage } from "./run_stage.ts";
import { writeTinyBert, writeTinyTask } from "./tiny_task.ts";

const gpt2Config = {
  ...{ model_type: "gpt2", vocab_size: 17, n_embd: 16, n_layer: 2, n_head: 2, n_positions: 64 },
  ...{ layer_norm_epsilon: 1e-5, activation_function: "gelu_new" },
  ...{ embd_pdrop: 0.1, resid_pdrop: 0.1, attn_pdrop: 0.1 },
};

const training = { steps: 6, batchSize: 4, learningRate: 1e-3, maxTokens: 32 };

Deno.test("a warm-up that never ends is refused", () => {
  for (
    const [{ parameters }, more] of [[finetune, { variant: "baseline" }], [trainNoiseModel, {}]] as const
  ) {
    const wrong = (warmupSteps: number) =>
      parameters.safeParse({ ...more, steps: 6, warmupSteps }).error?.issues.map(({ path }) => path);
    assert.deepEqual([wrong(5), wrong(6)], [undefined, [["warmupSteps"]]]);
  }
});

Deno.test("variants are trained, evaluated and compared", async (t) => {
  const root = await Deno.makeTempDir();
  const folder = (name: string) => join(root, name);
  const make = async (name: string) => {
    await mkdir(folder(name));
    return folder(name);
  };
  const [checkpoint, data] = [folder("bert"), folder("data")];
  await writeTinyBert(checkpoint);
  await writeTinyTask(data);
  const noise = await make("noise");
  const texts = (await readRows(join(data, "train.jsonl"))).map(({ id, text }) => ({ id: `${id}#0`, text }));
  for (const file of ["train.jsonl", "evaluation.jsonl"]) await writeRows(join(noise, file), texts);

  const train = async (variant: string, seed: number) => {
    const output = await make(`finetune-${variant}-${seed}`);
    await runStage(finetune, {
      parameters: { ...training, variant, seed },
      inputs: { data, checkpoint, noise },
      output,
    });
    return output;
  };
  const evaluated = async (name: string, classifier: string, parameters: Record<string, unknown>) => {
    const output = await make(name);
    await runStage(evaluate, { parameters, inputs: { data, noise, classifier }, output });
    return output;
  };
  const lines = async (file: string) =>
    (await readFile(file, "utf8")).trim().split("\n").map((line) => JSON.parse(line));

  await t.step("texts that are cut are warned about", async () => {
    const warnings = async (maxTokens: number) => {
      const output = await Deno.makeTempDir({ dir: root });
      const parameters = { ...training, steps: 1, variant: "baseline", maxTokens };
      const lines = await runStage(finetune, { parameters, inputs: { data, checkpoint, noise }, output });
      return lines.filter((line) => line.startsWith("warning: "));
    };
    const [line, ...others] = await warnings(4);
    const { length } = await readRows(join(data, "train.jsonl"));
    assert.match(
      line,
      new RegExp(`^warning: \\d+ of ${length} texts have more than 4 tokens .* example ".+" at ".+"$`),
    );
    assert.deepEqual(others, []);
    assert.deepEqual(await warnings(32), []);
  });

  const negated = ["negated-scalar", "negated-hidden", "negated-sharp-hidden"];
  const withLabels = ["labelled", "self-labelled-noise"];
  const variants = ["baseline", "label-smoothing", "focal", "poscal", "scalar", ...negated, ...withLabels];
  const classifiers = new Map<string, string>();
  for (const variant of variants) {
    await t.step(`${variant} is trained, and its classifier says so`, async () => {
      const output = await train(variant, 7);
      classifiers.set(variant, output);
      const description = JSON.parse(await readFile(join(output, "model/classifier.json"), "utf8"));
      assert.deepEqual([description.variant, description.seed], [variant, 7]);
      const records = await lines(join(output, "training.jsonl"));
      assert.equal(records.length, training.steps);
      const terms = records.every(({ loss, crossEntropy }) => loss > 0 && crossEntropy > 0);
      assert.ok(
        terms && records.every(({ calibration }) => (calibration !== undefined) === (variant === "poscal")),
      );
      const energetic = ["scalar", ...negated, ...withLabels].includes(variant);
      assert.ok(records.every(({ noiseContrast }) => (noiseContrast > 0) === energetic));
    });
  }

  await t.step(
    "an evaluation has the training's seed, and predictions of both splits and of noise",
    async () => {
      for (const variant of ["baseline", "scalar"]) {
        const output = await evaluated(`evaluate-${variant}`, classifiers.get(variant)!, { variant });
        const metrics = evaluationSchema.parse(
          JSON.parse(await readFile(join(output, "metrics.json"), "utf8")),
        );
        assert.deepEqual([metrics.variant, metrics.seed], [variant, 7]);
        const logged = await lines(join(classifiers.get(variant)!, "training.jsonl"));
        assert.equal(metrics.losses.length, logged.length); // fewer than 40 steps: each stands for itself
        const { step, crossEntropy, crossEntropyNorm, noiseContrastNorm } = logged[0];
        const [first] = metrics.losses;
        assert.deepEqual([first.step, first.crossEntropy, first.crossEntropyNorm, first.noiseContrastNorm], [
          ...[step, crossEntropy, crossEntropyNorm, noiseContrastNorm],
        ]);
        const { noiseRatio } = JSON.parse(
          await readFile(join(classifiers.get(variant)!, "model/classifier.json"), "utf8"),
        );
        assert.equal(metrics.energy?.cut, variant === "scalar" ? 0 - Math.log(noiseRatio) : undefined);
        const [dev1, dev2, ofNoise] = await Promise.all(
          ["dev1", "dev2", "noise"].map((name) => lines(join(output, `predictions.${name}.jsonl`))),
        );
        assert.deepEqual([dev1.length, dev2.length, ofNoise.length], [10, 10, texts.length]);
        assert.ok(
          [...dev1, ...dev2, ...ofNoise].every(({ energy }) =>
            (energy !== undefined) === (variant === "scalar")
          ),
        );
      }
    },
  );

  await t.step("without noise to evaluate on, just the energies' figures are missing", async () => {
    const [none, output] = [await make("no-noise"), await make("evaluate-without-noise")];
    await writeFile(join(none, "evaluation.jsonl"), "");
    const inputs = { data, noise: none, classifier: classifiers.get("scalar")! };
    const lines = await runStage(evaluate, { parameters: { variant: "scalar" }, inputs, output });
    assert.match(lines.join("\n"), /warning: the noise has no text to evaluate on/);
    const read = async (folder: string) => JSON.parse(await readFile(join(folder, "metrics.json"), "utf8"));
    const { energy, ...others } = await read(folder("evaluate-scalar"));
    assert.ok(energy);
    assert.deepEqual(await read(output), others);
  });

  await t.step(
    "where the class of a text isn't told, its labelled energy is that of the likeliest class",
    async () => {
      for (const variant of withLabels) {
        const output = await evaluated(`evaluate-${variant}`, classifiers.get(variant)!, { variant });
        for (const { logits, energy } of await lines(join(output, "predictions.dev2.jsonl"))) {
          assert.equal(energy, -Math.max(...logits));
        }
      }
    },
  );

  await t.step("replaced tokens change the training, the same way each time", async () => {
    const lossesOf = async (folder: string) =>
      (await lines(join(folder, "training.jsonl"))).map(({ crossEntropy }) => crossEntropy);
    const trained = async () => {
      const output = await Deno.makeTempDir({ dir: root });
      const parameters = { ...training, variant: "baseline", seed: 7, replaceTokens: 0.5 };
      await runStage(finetune, { parameters, inputs: { data, checkpoint }, output });
      return await lossesOf(output);
    };
    const [none, half, again] = [
      await lossesOf(classifiers.get("baseline")!),
      await trained(),
      await trained(),
    ];
    assert.deepEqual(half, again);
    assert.ok(half.every((loss, step) => loss !== none[step]));
  });

  await t.step("a classifier can't be evaluated under another name", async () => {
    const mislabelled = evaluated("mislabelled", classifiers.get("scalar")!, { variant: "hidden" });
    await assert.rejects(mislabelled, (error) => {
      assert.ok(error instanceof InputError);
      assert.match(error.message, /found a classifier that was trained as "scalar", expected "hidden"/);
      return true;
    });
  });

  await t.step("a classifier can't be evaluated on data whose classes are in another order", async () => {
    const turned = await make("turned");
    await cp(data, turned, { recursive: true });
    const described = await readDataset(data);
    await writeDataset(turned, { ...described, classes: [...described.classes].reverse() });
    const output = await make("evaluate-turned");
    const inputs = { data: turned, noise, classifier: classifiers.get("scalar")! };
    await assert.rejects(
      runStage(evaluate, { parameters: { variant: "scalar" }, inputs, output }),
      /found "positive" as the data's class 0, expected "negative"/,
    );
  });

  await t.step("the best step of a training that kept the last alone is refused", async () => {
    const inputs = { data, noise, classifier: classifiers.get("scalar")! };
    const parameters = { variant: "scalar", step: "best" };
    await assert.rejects(
      runStage(evaluate, { parameters, inputs, output: await make("evaluate-best") }),
      /found a classifier without its training's best step, expected one that finetune trained with `keep: both`/,
    );
  });

  await t.step("a folder that holds no classifier is refused", async () => {
    await assert.rejects(
      evaluated("nothing", data, { variant: "scalar" }),
      /classifier\.json: found no readable file, expected the description of a classifier/,
    );
  });

  await t.step("checkpoints that no classifier can be made of are refused", async () => {
    const refused = async (name: string, more: Record<string, unknown>, message: RegExp) => {
      const output = await make(name);
      const parameters = { ...training, variant: "baseline", ...more };
      await assert.rejects(
        runStage(finetune, { parameters, inputs: { data, checkpoint: other }, output }),
        message,
      );
    };
    const other = await make("other");
    await cp(checkpoint, other, { recursive: true });
    await refused("too-deep", { layers: 3 }, /found layers = 3, expected at most 2/);

    const file = join(other, "tokenizer.json");
    const tokenizer = JSON.parse(await readFile(file, "utf8"));
    tokenizer.model.vocab = { ...tokenizer.model.vocab, film: 99 };
    await writeFile(file, JSON.stringify(tokenizer));
    await refused("beyond", {}, /tokenizer\.json: found a token with the id 99, expected ids below 17/);

    await writeFile(join(other, "config.json"), JSON.stringify(gpt2Config));
    await refused("decoder", {}, /config\.json: found a GPT-2 model, expected an encoder/);
  });

  await t.step(
    "MC dropout: other predictions of the baseline's classifier, the same with the same seed",
    async () => {
      const predict = async (name: string, seed: number) => {
        const parameters = { variant: "mc-dropout", dropoutPasses: 3, seed };
        const output = await evaluated(name, classifiers.get("baseline")!, parameters);
        return await readFile(join(output, "predictions.dev2.jsonl"), "utf8");
      };
      const [first, again, other] = [await predict("a", 1), await predict("b", 1), await predict("c", 2)];
      assert.equal(again, first);
      assert.notEqual(other, first);
      assert.notEqual(
        await readFile(join(folder("evaluate-baseline"), "predictions.dev2.jsonl"), "utf8"),
        first,
      );
    },
  );

  const compared = async (name: string, evaluations: ReadonlyMap<string, string>, parameters: object) => {
    const output = await make(name);
    await runStage(compare, {
      parameters: { resamples: 100, ...parameters },
      inputs: { evaluations },
      output,
    });
    return comparisonSchema.parse(JSON.parse(await readFile(join(output, "comparison.json"), "utf8")));
  };

  await t.step("MCC, a test set and calibrators fitted on train, where they are asked for", async () => {
    const more = await make("more");
    await cp(data, more, { recursive: true });
    await cp(join(data, "dev2.jsonl"), join(more, "test.jsonl"));
    const described = await readDataset(data);
    const { splits } = described;
    await writeDataset(more, { ...described, metric: "mcc", splits: { ...splits, test: splits.dev2 } });
    const evaluations = new Map<string, string>();
    for (const variant of ["baseline", "focal"]) {
      const output = await make(`evaluate-more-${variant}`);
      const inputs = { data: more, noise, classifier: classifiers.get(variant)! };
      await runStage(evaluate, { parameters: { variant, trainPredictions: true }, inputs, output });
      evaluations.set(variant, output);
    }

    const output = evaluations.get("focal")!;
    const metrics = evaluationSchema.parse(JSON.parse(await readFile(join(output, "metrics.json"), "utf8")));
    const { examples, uncalibrated, temperature, calibrated } = metrics;
    assert.deepEqual(metrics.test, { examples, uncalibrated, temperature, calibrated });
    const dev2 = await readPredictions(join(output, "predictions.dev2.jsonl"));
    const { labels, classes, logits } = dev2;
    const { predicted } = topLabel(logits, labels, classes);
    assert.equal(uncalibrated.mcc, matthewsCorrelation(confusionMatrix(labels, predicted, classes)));
    assert.deepEqual(metrics.curve.map(({ step }) => step), [training.steps]);

    const found = await compared("compare-more", evaluations, { fitOn: "train" });
    const ofTrain = await readPredictions(join(output, "predictions.train.jsonl"));
    assert.equal(ofTrain.labels.length, 30);
    const { value } = fitTemperature(ofTrain);
    const standing = found.standings.find(({ variant, calibrator }) =>
      variant === "focal" && calibrator === "temperature"
    )!;
    assert.deepEqual(standing.fits, [fitCalibrator("temperature", ofTrain).summary]);
    assert.equal(standing.figures.nll.value, score(applyTemperature(dev2, value), 1).nll);
    assert.equal(standing.figures.mcc.value, uncalibrated.mcc);
    assert.deepEqual([found.fittedOn, found.metric], ["train", "mcc"]);
    assert.deepEqual(found.test, { examples: 10, standings: found.standings }); // it is dev2 again
    assert.deepEqual(found.curves[1], { variant: "focal", points: metrics.curve });
    assert.deepEqual(found.losses[1], { variant: "focal", points: metrics.losses });

    const empty = { rows: 0, perClass: [0, 0] };
    await writeDataset(more, { ...described, splits: { ...splits, test: empty } });
    const without = await make("evaluate-without-test");
    const inputs = { data: more, noise, classifier: classifiers.get("focal")! };
    await runStage(evaluate, { parameters: { variant: "focal" }, inputs, output: without });
    assert.equal(await readFile(join(without, "predictions.test.jsonl"), "utf8"), "");

    const plain = new Map([["baseline", folder("evaluate-baseline")]]);
    await assert.rejects(
      compared("no-train", plain, { fitOn: "train" }),
      /predictions\.train\.jsonl: found no predictions of the training texts, .* Set `trainPredictions: true`/s,
    );
  });

  await t.step("the votes of people on three classes are compared with the predictions", async () => {
    const three = await make("three");
    const described = await readDataset(data);
    const shares = [[0.8, 0.2, 0], [0, 1, 0], [0.25, 0.25, 0.5]];
    for (const split of ["train", "tune", "dev1", "dev2"]) {
      const rows = await readRows(join(data, `${split}.jsonl`));
      const voted = rows.map((row, at) => ({ ...row, label: at % 3, votes: shares[at % 3] }));
      await writeRows(join(three, `${split}.jsonl`), voted);
    }
    await writeDataset(three, { ...described, classes: [...described.classes, "neither"] });
    const [classifier, output] = [await make("finetune-three"), await make("evaluate-three")];
    const parameters = { ...training, variant: "baseline" };
    await runStage(finetune, { parameters, inputs: { data: three, checkpoint }, output: classifier });
    const inputs = { data: three, noise, classifier };
    await runStage(evaluate, { parameters: { variant: "baseline" }, inputs, output });
    const predictions = await lines(join(output, "predictions.dev2.jsonl"));
    assert.deepEqual(predictions.map(({ votes }) => votes), predictions.map((_, at) => shares[at % 3]));
    const { standings: [{ figures }] } = await compared("compare-three", new Map([["baseline", output]]), {});
    const distances = predictions.map(({ logits, votes }) => {
      const probabilities = softmax(Float64Array.from(logits), 3);
      return probabilities.reduce((sum, p, c) => sum + Math.abs(p - votes[c]) / 2, 0);
    });
    assertClose([figures.votes_total_variation.value!], [mean(distances)], 1e-14);
  });

  await t.step("evaluations are compared; those of other examples are refused", async () => {
    const evaluations = new Map(["baseline", "scalar"].map((name) => [name, folder(`evaluate-${name}`)]));
    const found = await compared("compare", evaluations, {});
    assert.deepEqual([found.examples, found.seeds, found.fittedOn], [10, [7], "dev1"]);
    assert.deepEqual([found.metric, found.test], [undefined, undefined]);
    assert.deepEqual(found.standings.map(({ variant, calibrator }) => `${variant} ${calibrator}`), [
      "baseline none",
      "baseline temperature",
      "scalar none",
      "scalar temperature",
    ]);

    const file = join(folder("evaluate-scalar"), "predictions.dev2.jsonl");
    await writeFile(file, (await readFile(file, "utf8")).replace(/"id":"[^"]*"/, '"id":"another"'));
    await assert.rejects(compared("refused", evaluations, {}), /found in row 1 id "another", expected /);
  });
  await Deno.remove(root, { recursive: true });
});
