import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { measureDetection, measureSet, type Robustness } from "../src/analysis/robustness.ts";
import {
  type Predictions,
  unlabelled,
  type UnlabelledPredictions,
  withLabels,
} from "../src/calibration/predictions/classified.ts";
import { writePredictions, writeUnlabelled } from "../src/calibration/predictions/logits_file.ts";
import { fitTemperature } from "../src/calibration/calibrators/temperature.ts";
import { readDataset } from "../src/data/dataset.ts";
import { readOutOfScope } from "../src/data/out_of_scope.ts";
import { readRatedSnippets, snippetCollections } from "../src/data/rated_snippets.ts";
import { type NoiseRow, readRows, type Row } from "../src/data/rows.ts";
import { checkClasses } from "../src/ebm/classifier/folder.ts";
import { loadPredictor, type Predictor } from "../src/ebm/classifier/predictor.ts";
import {
  readReplacementVocabulary,
  type ReplacementVocabulary,
  replaceTokens,
} from "../src/ebm/classifier/token_replacement.ts";
import { InputError } from "../src/errors.ts";
import { excerpts } from "../src/excerpt.ts";
import type { Sequence } from "../src/nn/sequence.ts";
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
    const { rates, collections, precision, seed, resamples } = parameters;
    const folder = join(input("classifier"), "model");
    const classifier = await loadPredictor(folder, { precision, scratch, threads, profile });
    const { classes } = await readDataset(input("data"));
    checkClasses(classifier.description, classes);
    if (collections.length > 0) checkSentiments(classes);
    const vocabulary = await readReplacementVocabulary(folder);
    await mkdir(join(output, "predictions"));
    const file = (name: string) => join(output, "predictions", `${name}.jsonl`);
    const sets = new Map<string, Predictions>();
    for await (const { name, rows, sequences } of labelledSets(parameters, input, classifier, vocabulary)) {
      const predictions = withLabels(predict(classifier, rows, sequences), rows);
      await writePredictions(file(name), predictions);
      sets.set(name, predictions);
      progress(sets.size, 2 + rates.length + collections.length, `${name} predicted`);
    }
    const others = new Map<string, UnlabelledPredictions>(
      collections.map((name) => [name, sets.get(name)!]),
    );
    if (parameters.outOfScope) {
      const texts = (await readOutOfScope(input("outOfScope"))).slice(0, parameters.maxRows);
      const predictions = predict(classifier, texts);
      await writeUnlabelled(file("out-of-scope"), predictions);
      others.set("out-of-scope", predictions);
    }
    classifier.close();

    const { dev1, ...reported } = Object.fromEntries(sets);
    const temperature = fitTemperature(dev1);
    const options = { seed, resamples };
    const robustness: Robustness = {
      variant: classifier.description.variant,
      seed: classifier.description.seed,
      temperature,
      sets: mapped(reported, (set) => measureSet(set, temperature.value, options)),
      detection: mapped(
        Object.fromEntries(others),
        (other) => measureDetection(reported.dev2, other, options),
      ),
    };
    await writeFile(join(output, "robustness.json"), `${JSON.stringify(robustness, null, 2)}\n`);
    const percent = ([name, { uncalibrated }]: [string, Robustness["sets"][string]]) =>
      `${name} ${(100 * uncalibrated.accuracy.value).toFixed(1)} %`;
    summary(`accuracy: ${Object.entries(robustness.sets).map(percent).join(", ")}`);
  },
});

/**
 * Checks that the labels of the other collections mean what the data's do.
 *
 * @throws {InputError} where they don't
 */
function checkSentiments(classes: readonly string[]): void {
  if (`${classes}` === "negative,positive") return;
  throw new InputError({
    found: `other collections, whose texts are negative or positive, for the classes ${excerpts(classes)}`,
    expected: "the classes negative and positive, in this order",
    fix: "Set `collections: []`, or call the classes so.",
  });
}

/** A set of labelled texts; the sequences of their tokens where these aren't the texts' own. */
interface LabelledSet {
  readonly name: string;
  readonly rows: readonly Row[];
  readonly sequences?: readonly Sequence[];
}

/** Reads the labelled sets one by one: dev1, dev2, dev2 with replaced tokens, and the other collections. */
async function* labelledSets(
  { rates, collections, seed, maxRows }: z.output<typeof parameters>,
  input: (name: string) => string,
  { encode }: Predictor,
  vocabulary: ReplacementVocabulary,
): AsyncGenerator<LabelledSet> {
  yield { name: "dev1", rows: await readRows(join(input("data"), "dev1.jsonl")) };
  const rows = await readRows(join(input("data"), "dev2.jsonl"));
  yield { name: "dev2", rows };
  for (const rate of rates) {
    const name = `replaced-${rate}`;
    // Each row has a stream of its own, so that what is drawn for it depends on no other row.
    const sequences = rows.map((row) =>
      replaceTokens(encode(row), rate, vocabulary, randomStream(seed, `${name}/${row.id}`))
    );
    yield { name, rows, sequences };
  }
  for (const name of collections) {
    yield { name, rows: (await readRatedSnippets(input("collections"), name)).slice(0, maxRows) };
  }
}

function predict(
  { encode, predict, description }: Predictor,
  rows: readonly NoiseRow[],
  sequences: readonly Sequence[] = rows.map(encode),
): UnlabelledPredictions {
  return unlabelled(rows, predict(sequences), description.classes.length);
}

function mapped<Value, Result>(
  values: Readonly<Record<string, Value>>,
  map: (value: Value) => Result,
): Record<string, Result> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, map(value)]));
}
