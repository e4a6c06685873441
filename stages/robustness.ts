import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { measureDetection, measureSet, type Robustness } from "../src/analysis/robustness.ts";
import {
  unlabelled,
  type UnlabelledPredictions,
  withLabels,
} from "../src/calibration/predictions/classified.ts";
import { writePredictions, writeUnlabelled } from "../src/calibration/predictions/logits_file.ts";
import { fitTemperature } from "../src/calibration/calibrators/temperature.ts";
import { readDataset } from "../src/data/dataset.ts";
import { readOutOfScope } from "../src/data/out-of-scope.ts";
import { readRatedSnippets, snippetCollections } from "../src/data/rated-snippets.ts";
import { type NoiseRow, readRows, type Row } from "../src/data/rows.ts";
import { checkClasses } from "../src/ebm/classifier/folder.ts";
import { loadPredictor } from "../src/ebm/classifier/predictor.ts";
import { readReplacementVocabulary, replaceTokens } from "../src/ebm/classifier/token_replacement.ts";
import type { Sequence } from "../src/nn/packing.ts";
import { defineStage } from "../src/pipeline/stage.ts";
import { randomStream } from "../src/random.ts";

const parameters = z.strictObject({
  rates: z.array(z.number().min(0).max(1)).default([0.1, 0.2]).describe(
    "The shares of dev2's tokens that are replaced at random; each share makes a set of its own.",
  ),
  collections: z.array(z.enum(snippetCollections)).default([...snippetCollections]).describe(
    "The other collections from the source of the movie reviews that are predicted too.",
  ),
  outOfScope: z.boolean().default(false).describe(
    "Whether it is measured how well CLINC150's out-of-scope texts are told from dev2.",
  ),
  maxRows: z.int().positive().optional().describe(
    "How many rows of each collection are taken, the first ones; all unless given.",
  ),
  precision: z.enum(["float32", "bfloat16"]).default("float32").describe("What matrix products compute in."),
  seed: z.int().default(1).describe(
    "Seed of the replaced tokens, of the resamples, and of the labels redrawn for the floor of the ECE.",
  ),
  resamples: z.int().positive().default(2000).describe("How often texts are resampled for the intervals."),
});

export default defineStage({
  description:
    "Measures a classifier on replaced tokens and other domains, and how well it tells other domains from dev2",
  parameters,
  inputs: {
    data: { description: "the prepared data set" },
    classifier: { description: "the finetuned classifier" },
    collections: {
      description: "the folder with the other collections' files",
      when: ({ collections }) => collections.length > 0,
    },
    outOfScope: { description: "CLINC150's data_full.json", when: ({ outOfScope }) => outOfScope },
  },
  outputs: {
    "robustness.json":
      "accuracy, NLL, Brier score and ECE on each set; AUROC, AUPR and FPR@95 of telling it from dev2",
    "predictions": "logits and energy of each text, a file for each set",
  },
  native: true,
  async run({ parameters, input, output, scratch, threads, profile, summary, progress }) {
    const { rates, collections, precision, seed, maxRows, resamples } = parameters;
    const folder = join(input("classifier"), "model");
    const classifier = await loadPredictor(folder, { precision, scratch, threads, profile });
    checkClasses(classifier.description, (await readDataset(input("data"))).classes);
    const vocabulary = await readReplacementVocabulary(folder);
    await mkdir(join(output, "predictions"));
    const file = (name: string) => join(output, "predictions", `${name}.jsonl`);
    const steps = 2 + rates.length + collections.length;
    let done = 0;
    const predicted = (
      rows: readonly NoiseRow[],
      sequences: readonly Sequence[] = rows.map(classifier.encode),
    ) => unlabelled(rows, classifier.predict(sequences), classifier.description.classes.length);
    const predict = async (name: string, rows: readonly Row[], sequences?: readonly Sequence[]) => {
      const predictions = withLabels(predicted(rows, sequences), rows);
      await writePredictions(file(name), predictions);
      progress(++done, steps, `${name} predicted`);
      return predictions;
    };
    const temperature = fitTemperature(
      await predict("dev1", await readRows(join(input("data"), "dev1.jsonl"))),
    );
    const rows = await readRows(join(input("data"), "dev2.jsonl"));
    const dev2 = await predict("dev2", rows);
    const sets = new Map([["dev2", dev2]]);
    for (const rate of rates) {
      const name = `replaced-${rate}`;
      // A stream for each row: what is drawn depends on no other row.
      const replaced = rows.map((row) =>
        replaceTokens(classifier.encode(row), rate, vocabulary, randomStream(seed, `${name}/${row.id}`))
      );
      sets.set(name, await predict(name, rows, replaced));
    }
    const others = new Map<string, UnlabelledPredictions>();
    for (const collection of collections) {
      const snippets = (await readRatedSnippets(input("collections"), collection)).slice(0, maxRows);
      const predictions = await predict(collection, snippets);
      sets.set(collection, predictions);
      others.set(collection, predictions);
    }
    if (parameters.outOfScope) {
      const texts = (await readOutOfScope(input("outOfScope"))).slice(0, maxRows);
      const predictions = predicted(texts);
      await writeUnlabelled(file("out-of-scope"), predictions);
      others.set("out-of-scope", predictions);
    }
    classifier.close();
    const { variant, seed: trainingSeed } = classifier.description;
    const options = { seed, resamples };
    const robustness: Robustness = {
      variant,
      seed: trainingSeed,
      temperature,
      sets: mapped(sets, (set) => measureSet(set, temperature.value, options)),
      detection: mapped(others, (other) => measureDetection(dev2, other, options)),
    };
    await writeFile(join(output, "robustness.json"), `${JSON.stringify(robustness, null, 2)}\n`);
    const percent = ([name, { uncalibrated }]: [string, Robustness["sets"][string]]) =>
      `${name} ${(100 * uncalibrated.accuracy.value).toFixed(1)} %`;
    summary(`accuracy: ${Object.entries(robustness.sets).map(percent).join(", ")}`);
  },
});

function mapped<Value, Result>(
  values: ReadonlyMap<string, Value>,
  map: (value: Value) => Result,
): Record<string, Result> {
  return Object.fromEntries(Array.from(values, ([name, value]) => [name, map(value)]));
}
