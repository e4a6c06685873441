import assert from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { belongsTo, readCalibrator } from "../../src/inference/calibrator_file.ts";
import { modelDigest } from "../../src/inference/model_digest.ts";
import { readPredictions } from "../../src/calibration/predictions/logits_file.ts";
import { fitTemperature } from "../../src/calibration/calibrators/temperature.ts";
import { InputError } from "../../src/errors.ts";
import { inFolder } from "../in_folder.ts";
import { writeTinyModel } from "./tiny_model.ts";

Deno.test("evaluate's calibrator.json is of its classifier, and holds what dev1 showed", () =>
  inFolder(async (root) => {
    const { model, evaluation } = await writeTinyModel(root);
    const file = await readCalibrator(join(evaluation, "calibrator.json"));
    const digest = await modelDigest(model);
    const other = digest.replace(/^./, (one) => one === "0" ? "1" : "0");
    assert.deepEqual([digest, other].map((one) => belongsTo(file, one, "hidden")), [true, false]);
    const dev1 = await readPredictions(join(evaluation, "predictions.dev1.jsonl"));
    assert.deepEqual(file.calibrator.temperature, fitTemperature(dev1));
    const { examples, fittedOn } = file;
    const { confidence, right, truth, energy } = examples!;
    assert.deepEqual(fittedOn, { name: "dev1", examples: dev1.ids.length });
    assert.deepEqual(energy, [...dev1.energies!]);
    for (const [i, one] of confidence.entries()) {
      assert.equal(truth[i] === one, right[i] === 1);
      assert.ok(one >= 0.5 && Math.abs(truth[i] + (right[i] ? 1 - one : one) - 1) < 1e-12);
    }
  }));

Deno.test("mc-dropout's calibrator isn't the baseline's, though they share a classifier", () =>
  inFolder(async (root) => {
    const { model, evaluation } = await writeTinyModel(root, "mc-dropout");
    const file = await readCalibrator(join(evaluation, "calibrator.json"));
    const digest = await modelDigest(model);
    assert.deepEqual(["mc-dropout", "baseline"].map((variant) => belongsTo(file, digest, variant)), [
      true,
      false,
    ]);
  }));

Deno.test("a model's digest is of its weights, configuration and tokenizer, not of what describes it", () =>
  inFolder(async (root) => {
    const write = (name: string, text: string) => writeFile(join(root, name), text);
    await write("config.json", "{}");
    await write("model.safetensors", "weights");
    const digest = await modelDigest(root);
    await write("README.md", "A model.");
    await write("calibrator.json", "{}");
    assert.equal(await modelDigest(root), digest);
    await write("model.safetensors", "Weights");
    assert.notEqual(await modelDigest(root), digest);
  }));

Deno.test("a file that holds no calibrator is refused with what is wrong", () =>
  inFolder(async (root) => {
    const file = join(root, "calibrator.json");
    const wrong: readonly (readonly [string, RegExp])[] = [
      ["{}", /found .*calibrator.*, expected a calibrator, as evaluate, `deno task calibrate` and/],
      ["{", /calibrator\.json:1:2: found text that is not JSON/],
    ];
    for (const [text, message] of wrong) {
      await writeFile(file, text);
      await assert.rejects(readCalibrator(file), (error) =>
        error instanceof InputError && message.test(error.message));
    }
    assert.equal(await readFile(file, "utf8"), "{");
  }));
