import { readNoiseModel } from "../../../src/ebm/noise_model/folder.ts";
import { readConfig } from "../../../src/nn/config.ts";
import { type Bench, ours, threads, writeFile } from "../../bench.ts";
import { hold, resultHeadings, resultRow } from "../../measuring/contest.ts";
import { trainedNoiseModel } from "../../noise_model/trained_noise_model.ts";
import { peerCommand } from "../../peers/environment.ts";
import { readReviews, samplingSteps } from "../../inputs/reviews.ts";
import { table } from "../../page/table.ts";

/** How many prompts transformers completes at a time: as many as in torch_step.py, fewer were slower. */
const peerBatch = 64;

/** Top-k sampling after masked reviews. */
export async function benchSampling(bench: Bench): Promise<string> {
  const { settings: { sampling: { prompts, pace, trainingSteps }, precisions }, checkpoint } = bench;
  const splits = await readReviews(bench);
  const model = await trainedNoiseModel(bench, splits);
  const { pieces } = await readNoiseModel(model);
  const stepsFile = writeFile(bench, "sampling", await samplingSteps(bench, splits, pieces, prompts));
  const { vocabularySize } = await readConfig(checkpoint);
  const [result] = await hold({
    ours: {
      [`${prompts} reviews at a time, top-k 20`]: (precision) =>
        ours(bench, { kind: "sampling", model, precision, maxTokens: 128, counted: "tokens" }, stepsFile),
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
  return [
    `Tokens kept in a second: those of samples that end within 128 tokens. Both sides complete the same left-padded ` +
    `prefixes with the same noise model, trained for ${trainingSteps} steps, so their samples are alike in length; ` +
    `transformers' \`generate\` takes ${peerBatch} of them at a time and has the full vocabulary.`,
    table(resultHeadings("sampling", "transformers"), [row]),
  ].join("\n\n");
}
