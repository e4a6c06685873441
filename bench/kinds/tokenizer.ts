import { join } from "node:path";
import type { Splits } from "../../src/data/splits.ts";
import { type Bench, ours, writeFile } from "../bench.ts";
import { defaultRunSeconds } from "../default_run.ts";
import { peerCommand } from "../peers.ts";
import { readReviews } from "../reviews.ts";
import { count, ratio, table } from "../table.ts";
import { inTurn, type Measurement, tokenRate } from "../turns.ts";

/** Texts in a second, and what share of a default run that is. */
export async function benchTokenizer(bench: Bench): Promise<string> {
  const { checkpoint, settings: { pace, predictedTexts } } = bench;
  const splits = await readReviews(bench);
  const rows = Object.values(splits).flat();
  const texts = (bench.peers ? rows : rows.slice(0, predictedTexts)).map(({ text }) => text);
  const file = writeFile(bench, "texts", texts);
  const commands: Record<string, string[]> = {
    Calibrant: ours(bench, { kind: "tokenizer", checkpoint, texts: file }, writeFile(bench, "step", [{}])),
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
  return [
    `All ${count(texts.length)} reviews, ids with special tokens.`,
    table(["tokeniser", "texts", "of Calibrant's"], result),
    shareOfDefaultRun(bench, splits, rate),
  ].join("\n\n");
}

function shareOfDefaultRun(bench: Bench, splits: Splits, textsPerSecond: number): string {
  const seconds = defaultRunSeconds(bench.root);
  if (!seconds) {
    return "The newest results here are not the default pipeline's, so the share of such a run isn't known.";
  }
  const texts = tokenizedTexts(splits);
  const spent = texts / textsPerSecond;
  return `The default pipeline tokenises ${count(texts)} texts in all, which takes ${spent.toFixed(1)} s: ` +
    `${(100 * spent / seconds).toFixed(2)} % (goal: below 2 %) of the ${
      count(seconds)
    } s that its stages took here.`;
}

/** How many texts the stages of the default pipeline tokenise together, noise texts included. */
function tokenizedTexts({ train, tune, dev1, dev2 }: Splits): number {
  const [forTraining, evaluated, energies] = [train.length + tune.length, dev1.length + dev2.length, 3];
  const noiseModel = forTraining + evaluated + forTraining; // its vocabulary, then what it trains on and is tested on
  const noiseForEvaluation = 1000;
  const sampled = train.length + noiseForEvaluation;
  const finetuned = 4 * forTraining + energies * train.length;
  return noiseModel + sampled + finetuned + 4 * evaluated + energies * noiseForEvaluation;
}
