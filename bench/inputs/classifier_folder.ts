import { join } from "node:path";
import { readEncoderConfig } from "../../src/ebm/classifier/encoder.ts";
import { writeClassifier } from "../../src/ebm/classifier/folder.ts";
import { isHead, predictorProgram } from "../../src/ebm/classifier/program.ts";
import { writeTransformersFolder } from "../../src/export/transformers_folder.ts";
import { initialValues, readCheckpoint, type Weight } from "../../src/nn/checkpoint.ts";
import { randomStream } from "../../src/random.ts";
import type { Bench } from "../benchmark.ts";
import { outputOf } from "../command.ts";
import { peerCommand } from "../peers/environment.ts";

const maxTokens = 128;

/**
 * Writes a classifier that all programs read from the same folder, and returns the folder's path: the pretrained
 * encoder with an untrained head, as `export` writes it. Where there are other programs, it is there as ONNX too.
 */
export async function classifierFolder(
  { folder, checkpoint, peers, settings: { predict: { layers } }, say }: Bench,
): Promise<string> {
  const [trained, exported] = ["classifier", "exported-classifier"].map((name) => join(folder, name));
  if (await Deno.stat(exported).then(() => true, () => false)) return exported;
  const config = await readEncoderConfig(checkpoint, { layers, maxTokens });
  const shape = { config, classes: 2, variant: "baseline" } as const;
  const pretrained = await readCheckpoint(checkpoint);
  const fresh = { isNew: isHead, random: randomStream(1, "bench/head") };
  let weights = new Map<string, Weight>();
  predictorProgram(shape, (variables) => weights = initialValues(variables, pretrained, fresh), {
    precision: "float32",
    parts: 1,
  });
  const kept = { step: 1, lastStep: 1, steps: 1, why: "the last step" };
  const description = {
    variant: shape.variant,
    seed: 1,
    classes: ["negative", "positive"],
    noiseRatio: 1,
    maxTokens,
  };
  await writeClassifier(trained, checkpoint, { ...description, kept, layers: config.layers }, weights);
  await Deno.mkdir(exported);
  await writeTransformersFolder(exported, trained);
  if (peers) {
    say("the classifier as ONNX");
    await outputOf(peerCommand("export_onnx.py", [exported]));
  }
  return exported;
}
