import { join } from "node:path";
import { readDataset } from "../../../src/data/dataset.ts";
import { noiseSchema, readMetrics } from "../../../src/report/results.ts";
import type { Bench, Findings } from "../../benchmark.ts";
import { nativeCommand, workCommand } from "../../calibrant/command.ts";
import { type Command, outputOf } from "../../command.ts";
import { defaultRunSeconds, defaultSteps } from "./default_run.ts";
import type { Feeding } from "./feeding.ts";
import { peerCommand } from "../../peers/environment.ts";
import { readReviews } from "../../inputs/reviews.ts";
import { writeRunFile } from "../../inputs/run_file.ts";
import { threads } from "../../settings.ts";
import { beside, count, percent, ratio, table } from "../../page/table.ts";
import { median } from "../../measuring/median.ts";
import { inTurn, type Measurement, tokenRate } from "../../measuring/turns.ts";

/**
 * Measures texts tokenised in a second, what share of a default run tokenising takes, and what else the host
 * does while a classifier is trained.
 */
export async function benchTokenizer(bench: Bench): Promise<Findings> {
  const { checkpoint, settings: { pace, predictedTexts } } = bench;
  const splits = await readReviews(bench);
  const rows = Object.values(splits).flat();
  const texts = (bench.peers ? rows : rows.slice(0, predictedTexts)).map(({ text }) => text);
  const file = writeRunFile(bench, "texts", texts);
  const step = writeRunFile(bench, "step", [{}]);
  const commands: Record<string, Command> = {
    Calibrant: workCommand(bench, { kind: "tokenizer", checkpoint, texts: file }, step),
  };
  if (bench.peers) {
    commands["tokenizers (Python), its own threads"] = peerCommand("tokenizers_peer.py", [
      join(checkpoint, "tokenizer.json"),
      file,
    ]);
  }
  const measured: Record<string, Measurement> = await inTurn(commands, pace);
  const rate = tokenRate(measured.Calibrant);
  const result = Object.entries(measured).map(([name, measurement]) => [
    name,
    `${count(tokenRate(measurement))}/s`,
    ratio(tokenRate(measurement) / rate),
  ]);
  result.forEach((row) => bench.say(row.join(" | ")));
  const text = [
    `All ${count(texts.length)} reviews, ids with special tokens.`,
    table(["tokeniser", "texts", "of Calibrant's"], result),
    await shareOfDefaultRun(bench, rate),
    await feeding(bench),
  ].join("\n\n");
  return { text };
}

async function shareOfDefaultRun(bench: Bench, textsPerSecond: number): Promise<string> {
  const seconds = defaultRunSeconds(bench.root);
  if (!seconds) {
    return "The newest results here are not the default pipeline's, so the share of such a run isn't known.";
  }
  const texts = await tokenizedTexts(bench);
  const spent = texts / textsPerSecond;
  const [share, goal] = beside(spent / seconds, "≤", 0.02, percent);
  return `The default pipeline tokenises ${count(texts)} texts in all, which takes ${spent.toFixed(1)} s: ` +
    `${share} (${goal}) of the ${count(seconds)} s that its stages took here.`;
}

/** Counts the texts that all stages of the default pipeline tokenised, noise texts included. */
async function tokenizedTexts({ root }: Bench): Promise<number> {
  const { splits: { train, tune, dev1, dev2 } } = await readDataset(join(root, "artifacts/prepare-data"));
  const noise = await readMetrics(join(root, "artifacts/sample-noise/metrics.json"), noiseSchema);
  const [forTraining, evaluated] = [train.rows + tune.rows, dev1.rows + dev2.rows];
  // The noise model's stage makes its vocabulary of one part, and trains and is tested on the other.
  const noiseModel = forTraining + evaluated + forTraining;
  // The pool's strength is measured on noise texts and as many of the data.
  const sampled = noise.train.drawn + noise.evaluation.drawn + 2 * noise.strength.texts;
  const finetuned = 4 * forTraining + 3 * noise.train.kept; // noise for the three with an energy
  return noiseModel + sampled + finetuned + 4 * (evaluated + noise.evaluation.kept);
}

/** Measures what the stage `finetune` does beside computing, on the reviews. */
async function feeding(bench: Bench): Promise<string> {
  const steps = defaultSteps(bench.root).finetune;
  const rows: string[][] = [];
  for (const variant of ["baseline", "scalar"]) {
    const { tokenized, steps: taken } = await feed(bench, variant);
    const [step, host] = [
      median(taken.map(({ milliseconds }) => milliseconds)),
      median(taken.map((each) => each.host)),
    ];
    rows.push([
      variant,
      `${step.toFixed(0)} ms`,
      `${host.toFixed(2)} ms`,
      percent(host / step),
      `${(tokenized / 1000).toFixed(2)} s`,
      percent(tokenized / (tokenized + steps * step)),
    ]);
    bench.say(rows.at(-1)!.join(" | "));
  }
  return [
    "The stage `finetune` itself in bf16, with 16 reviews and as many texts of each other kind in a step. The host's part " +
    "is what a step takes outside the session's calls: drawing, packing and the figures for the log. Before the first step " +
    `all texts are read and tokenised, here as a share of the default pipeline's ${
      count(steps)
    } steps. A worker that ` +
    "made batches while a step runs could save the host's share at most. Tokens aren't kept as an artifact of their own, " +
    "since that would have to be hashed, stored and read again.",
    table(["variant", "step", "of it host", "share", "texts tokenised in", "share of training"], rows),
  ].join("\n\n");
}

async function feed({ root, folder, checkpoint, settings }: Bench, variant: string): Promise<Feeding> {
  const { steps, layers = "" } = settings.feeding;
  const reviews = join(root, "artifacts/setup/hutto-icwsm-2014");
  const command = nativeCommand(new URL("feeding.ts", import.meta.url), [
    ...[variant, reviews, checkpoint, folder, threads],
    ...[steps, layers],
  ]);
  return JSON.parse(await outputOf(command));
}
