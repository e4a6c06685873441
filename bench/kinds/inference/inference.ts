import { readConfig, type TransformerConfig } from "../../../src/nn/config.ts";
import { type Bench, fixedSteps, ours, torchPeer, withoutTorch, writeFile } from "../../bench.ts";
import { type Goals, hold, resultHeadings, resultRow } from "../../measuring/contest.ts";
import { inferenceSteps, readReviews } from "../../inputs/reviews.ts";
import { table } from "../../page/table.ts";

const goals: Goals = { float32: 1.35, bfloat16: 1.9, bothBfloat16: 1.2 };

/** Predictions for a batch of one shape, and for reviews. */
export async function benchInference(bench: Bench): Promise<string> {
  const { settings: { inference: { rows, length }, predictedTexts } } = bench;
  const fixed = await contest(bench, {
    name: `${rows} × ${length}`,
    config: bench.config,
    stepsFile: fixedSteps(bench, "inference", bench.settings.inference),
    peer: ["infer", "--batch", rows, "--seq", length],
  });
  const steps = await inferenceSteps(bench, await readReviews(bench), predictedTexts);
  const stepsFile = writeFile(bench, "inference-real", steps);
  // Predictions are made with the checkpoint's whole vocabulary.
  const { vocabularySize } = await readConfig(bench.checkpoint);
  const real = await contest(bench, {
    name: `${predictedTexts} reviews`,
    config: { ...bench.config, vocabularySize },
    stepsFile,
    peer: ["--texts", stepsFile, "infer"],
  });
  return [
    ...withoutTorch(bench),
    "Tokens of texts, not of padding, in a second. PyTorch pads each batch of 64 reviews to its longest.",
    table(resultHeadings("inference", "PyTorch"), [fixed, real]),
  ].join("\n\n");
}

interface InferenceContest {
  readonly name: string;
  readonly config: TransformerConfig;
  readonly stepsFile: string;
  /** Arguments of the peer's program. */
  readonly peer: readonly (string | number)[];
}

async function contest(bench: Bench, { name, config, stepsFile, peer }: InferenceContest): Promise<string[]> {
  const { settings: { precisions, pace } } = bench;
  const [result] = await hold({
    ours: { [name]: (precision) => ours(bench, { kind: "inference", config, precision }, stepsFile) },
    ourPrecisions: precisions,
    peer: torchPeer(bench, peer),
    peerPrecisions: precisions,
    pace,
  });
  const row = resultRow(result, "tokens", goals);
  bench.say(row.join(" | "));
  return row;
}
