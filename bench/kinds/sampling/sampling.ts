import { readNoiseModel } from "../../../src/ebm/noise_model/folder.ts";
import { readConfig } from "../../../src/nn/read_config.ts";
import type { Bench, Findings } from "../../benchmark.ts";
import { workCommand } from "../../calibrant/command.ts";
import { readReviews, samplingSteps } from "../../inputs/reviews.ts";
import { writeRunFile } from "../../inputs/run_file.ts";
import { hold } from "../../measuring/contest.ts";
import { trainedNoiseModel } from "../../noise_model/trained_noise_model.ts";
import { resultHeadings, resultRow } from "../../page/result_row.ts";
import { table } from "../../page/table.ts";
import { peerCommand } from "../../peers/environment.ts";
import { threads } from "../../settings.ts";

/** The most prompts that transformers completes at a time; fewer were slower. */
const largestPeerBatch = 64;

/** Measures top-k sampling after masked reviews. */
export async function benchSampling(bench: Bench): Promise<Findings> {
  const { settings: { sampling: { prompts, pace, trainingSteps }, precisions }, checkpoint } = bench;
  const splits = await readReviews(bench);
  const model = await trainedNoiseModel(bench, splits);
  const { pieces } = await readNoiseModel(model);
  const stepsFile = writeRunFile(bench, "sampling", await samplingSteps(bench, splits, pieces, prompts));
  const { vocabularySize } = await readConfig(checkpoint);
  const peerBatch = Math.min(prompts, largestPeerBatch);
  const work = { kind: "sampling", model, maxTokens: 128, counted: "tokens" } as const;
  const [result] = await hold({
    ours: {
      [`${prompts} reviews at a time, top-k 20`]: (precision) =>
        workCommand(bench, { ...work, precision }, stepsFile),
    },
    ourPrecisions: precisions,
    peer: bench.peers
      ? () => peerCommand("generate_peer.py", [model, stepsFile, vocabularySize, peerBatch, threads])
      : undefined,
    peerPrecisions: ["float32"],
    pace,
  });
  const row = resultRow(result, "tokens", { float32: 4, bfloat16: 4 });
  bench.say(row.join(" | "));
  const text = [
    `Tokens in a second, counting only samples that end within 128 tokens. Both sides complete the same left-padded ` +
    `prefixes with the same noise model, trained for ${trainingSteps} steps, so their samples are alike in length; ` +
    `transformers' \`generate\` takes ${peerBatch} of them at a time and has the full vocabulary.`,
    table(resultHeadings("sampling", "transformers"), [row]),
  ].join("\n\n");
  return { text };
}
