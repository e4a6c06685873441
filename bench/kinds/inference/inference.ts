import type { TransformerConfig } from "../../../src/nn/config.ts";
import { readConfig } from "../../../src/nn/read_config.ts";
import type { Precision } from "../../../src/graph/graph.ts";
import type { Bench, Findings } from "../../benchmark.ts";
import { workCommand } from "../../calibrant/command.ts";
import { writeStepOfShape } from "../../inputs/one_shape.ts";
import { inferenceSteps, readReviews } from "../../inputs/reviews.ts";
import { writeRunFile } from "../../inputs/run_file.ts";
import { hold } from "../../measuring/contest.ts";
import { type Goals, resultHeadings, resultRow } from "../../page/result_row.ts";
import { table } from "../../page/table.ts";
import { torchCommand } from "../../peers/torch.ts";

const goals: Goals = { float32: 1.35, bfloat16: 1.9, bothBfloat16: 1.2 };

/** Measures predictions for a batch of one shape, and for reviews. */
export async function benchInference(bench: Bench): Promise<Findings> {
  const { settings: { inference: { rows, length }, predictedTexts } } = bench;
  const fixed = await contest(bench, {
    name: `${rows} × ${length}`,
    config: bench.config,
    stepsFile: writeStepOfShape(bench, "inference", bench.settings.inference),
  });
  const steps = await inferenceSteps(bench, await readReviews(bench), predictedTexts);
  // Predictions are made with the checkpoint's whole vocabulary.
  const { vocabularySize } = await readConfig(bench.checkpoint);
  const real = await contest(bench, {
    name: `${predictedTexts} reviews`,
    config: { ...bench.config, vocabularySize },
    stepsFile: writeRunFile(bench, "inference-real", steps),
  });
  const text = [
    "Tokens in a second, not counting padding. PyTorch pads each batch of 64 reviews to its longest.",
    table(resultHeadings("inference", "PyTorch"), [fixed, real]),
  ].join("\n\n");
  return { text };
}

interface InferenceContest {
  readonly name: string;
  readonly config: TransformerConfig;
  readonly stepsFile: string;
}

async function contest(bench: Bench, { name, config, stepsFile }: InferenceContest): Promise<string[]> {
  const { peers, settings: { precisions, pace } } = bench;
  const work = (precision: Precision) => ({ kind: "inference", config, precision }) as const;
  const [result] = await hold({
    ours: { [name]: (precision) => workCommand(bench, work(precision), stepsFile) },
    ourPrecisions: precisions,
    peer: peers ? (precision) => torchCommand(work(precision), stepsFile) : undefined,
    peerPrecisions: precisions,
    pace,
  });
  const row = resultRow(result, "tokens", goals);
  bench.say(row.join(" | "));
  return row;
}
