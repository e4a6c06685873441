import type { Precision } from "../../src/graph/graph.ts";
import { readConfig, type TransformerConfig } from "../../src/nn/config.ts";
import { type Bench, fixedSteps, ours, torchPeer, writeFile } from "../bench.ts";
import { type Goals, hold, resultHeadings, resultRow } from "../contest.ts";
import { inferenceSteps, readReviews } from "../reviews.ts";
import { table } from "../table.ts";

const goals: Goals = { float32: 1.35, bfloat16: 1.9, bothBfloat16: 1.2 };

/** Predictions for a batch of one shape, and for reviews. */
export async function benchInference(bench: Bench): Promise<string> {
  const { settings: { inference, predictedTexts } } = bench;
  const { rows, length } = inference;
  // Predictions are made with the checkpoint's whole vocabulary.
  const { vocabularySize } = await readConfig(bench.checkpoint);
  const reviews = await inferenceSteps(bench, await readReviews(bench), predictedTexts);
  const real = writeFile(bench, "inference-real", reviews);
  const shape = ["--batch", rows, "--seq", length];
  const result = [
    await contest(bench, `${rows} × ${length}`, bench.config, fixedSteps(bench, "inference", inference), [
      "infer",
      ...shape,
    ]),
    await contest(bench, `${predictedTexts} reviews`, { ...bench.config, vocabularySize }, real, [
      "--texts",
      real,
      "infer",
      ...shape,
    ]),
  ];
  return [
    "Tokens of texts, not of padding, in a second. PyTorch pads each batch of 64 reviews to its longest.",
    table(resultHeadings("inference", "PyTorch"), result),
  ].join("\n\n");
}

async function contest(
  bench: Bench,
  name: string,
  config: TransformerConfig,
  stepsFile: string,
  peer: readonly (string | number)[],
): Promise<string[]> {
  const { settings: { precisions, pace } } = bench;
  const [result] = await hold({
    ours: {
      [name]: (precision: Precision) => ours(bench, { kind: "inference", config, precision }, stepsFile),
    },
    ourPrecisions: precisions,
    peer: torchPeer(bench, peer),
    peerPrecisions: precisions,
    pace,
  });
  const row = resultRow(result, "tokens", goals);
  bench.say(row.join(" | "));
  return row;
}
