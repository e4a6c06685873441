import { stat } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import {
  analyseEnergies,
  type EnergyTraining,
  jointVerdicts,
  type PlacedEnergy,
} from "../src/analysis/energy.ts";
import { sortedConfidences } from "../src/analysis/energy_shape.ts";
import type { Predictions, UnlabelledPredictions } from "../src/calibration/predictions/classified.ts";
import { readPredictions, readUnlabelled } from "../src/calibration/predictions/logits_file.ts";
import { checkAllSame, type ExamplesFile } from "../src/calibration/predictions/same_examples.ts";
import { groupBySeeds } from "../src/calibration/resampling/seeds.ts";
import { readDataset } from "../src/data/dataset.ts";
import type { Row } from "../src/data/rows.ts";
import { InputError } from "../src/errors.ts";
import { defineStage } from "../src/pipeline/stage.ts";
import { composeEnergyReport, type EnergyAnalysis, spreadTable } from "../src/report/energy_analysis.ts";
import { evaluationSchema } from "../src/report/evaluation.ts";
import { renderPlainTable } from "../src/report/plain.ts";
import { inReportOrder, readMetrics } from "../src/report/results.ts";
import { readShownRows } from "../src/report/shown_rows.ts";
import { reportOutputs, writeReport } from "../src/report/write.ts";

const parameters = z.strictObject({
  reference: z.string().default("baseline").describe(
    "The variant whose predictions for the extreme texts are shown.",
  ),
  texts: z.int().positive().default(10).describe(
    "How many texts with the lowest and with the highest energy are shown.",
  ),
  showTexts: z.boolean().default(true).describe(
    "Whether these texts are shown; otherwise the names of their rows stand in their place.",
  ),
  resamples: z.int().min(100).default(2000).describe(
    "How often examples and seeds are resampled, in pairs, for the intervals.",
  ),
  seed: z.int().default(1).describe("Seed of the resamples."),
});

export default defineStage({
  description:
    "Analyses energies: how they tell data from noise, what they are correlated with, and which texts are extreme",
  parameters,
  inputs: {
    data: { description: "the prepared data set, for its texts" },
    evaluations: {
      description: "the predictions of variants with an energy, and of the reference",
      many: true,
    },
  },
  outputs: {
    ...reportOutputs,
    "energies.json": "all figures, what plots of the energies show, and the extreme texts",
  },
  async run({ parameters, input, inputs, output, summary }) {
    const { reference, showTexts, ...options } = parameters;
    const { classes } = await readDataset(input("data"));
    const file = join(input("data"), "dev2.jsonl");
    const rows = await readShownRows(file, { showTexts });
    const trainings = inReportOrder(await readTrainings([...inputs("evaluations").values()]));
    checkSameTexts(trainings, {
      name: file,
      predictions: {
        ids: rows.map(({ id }) => id),
        labels: Int32Array.from(rows, ({ label }) => label),
        classes: classes.length,
      },
    });
    const variants = groupBySeeds(trainings);
    const judges = variants.get(reference) ?? refuse(variants, `"${reference}"`);
    const judged = judgedBy(judges, rows, classes, { showTexts });
    const energetic = variantsWithEnergy(variants);
    const analysed = analyseEnergies(
      energetic.map((variant) => variant.trainings),
      sourcesOf(trainings[0], rows),
      options,
    );
    const analysis: EnergyAnalysis = {
      reference,
      examples: rows.length,
      noiseTexts: energetic[0].trainings[0].noise.length,
      seeds: judges.map(({ seed }) => seed),
      resamples: options.resamples,
      sortedConfidences: Array.from(variants, ([variant, members]) => ({
        variant,
        confidences: sortedConfidences(members.map(({ dev2 }) => dev2)),
      })),
      variants: analysed.map(({ lowest, highest, ...figures }, at) => ({
        variant: energetic[at].variant,
        ...figures,
        lowest: lowest.map(judged),
        highest: highest.map(judged),
      })),
    };
    const report = composeEnergyReport(analysis);
    await writeReport(output, report, { file: "energies.json", content: analysis });
    summary(renderPlainTable(spreadTable(analysis)));
  },
});

/** One training, with its predictions of dev2's texts and of noise. */
interface Training {
  readonly folder: string;
  readonly variant: string;
  readonly seed: number;
  readonly dev2: Predictions;
  readonly noise: UnlabelledPredictions;
}

async function readTrainings(folders: readonly string[]): Promise<Training[]> {
  const trainings: Training[] = [];
  for (const folder of folders) {
    const { variant, seed } = await readMetrics(join(folder, "metrics.json"), evaluationSchema);
    const dev2 = await readPredictions(join(folder, "predictions.dev2.jsonl"));
    const noise = await readNoise(join(folder, "predictions.noise.jsonl"));
    trainings.push({ folder, variant, seed, dev2, noise });
  }
  return trainings;
}

/** @throws {InputError} where there are none, as `evaluate` leaves the file then */
async function readNoise(file: string): Promise<UnlabelledPredictions> {
  if ((await stat(file)).size > 0) return await readUnlabelled(file);
  throw new InputError({
    at: { file },
    found: "no noise text to evaluate energies on",
    expected: "some",
    fix: "Set `evaluationTexts` of the stage that makes the noise, or see why it has dropped them all.",
  });
}

/** @throws {InputError} where predictions aren't of dev2's rows, or not of the same noise texts. */
function checkSameTexts(trainings: readonly Training[], rows: ExamplesFile): void {
  const said = (of: "dev2" | "noise") =>
    trainings.map((training) => ({
      name: join(training.folder, `predictions.${of}.jsonl`),
      predictions: training[of],
    }));
  checkAllSame([rows, ...said("dev2")]);
  checkAllSame(said("noise"));
}

/**
 * Finds the row of dev2 that each noise text was made of, which its id names.
 *
 * @throws {InputError} where an id names no row.
 */
function sourcesOf({ folder, noise }: Training, rows: readonly Row[]): Int32Array {
  const places = new Map(rows.map(({ id }, row) => [id, row]));
  return Int32Array.from(noise.ids, (id) => {
    const row = places.get(id.slice(0, id.lastIndexOf("#")));
    if (row !== undefined) return row;
    throw new InputError({
      at: { file: join(folder, "predictions.noise.jsonl") },
      found: `the noise text "${id}"`,
      expected: "one whose id is that of a row of dev2, # and a number",
      fix: "Give evaluate the noise that sample-noise made from the same data.",
    });
  });
}

/** Makes a function that shows a text with its energy and with the joint prediction of these trainings. */
function judgedBy(
  judges: readonly Training[],
  rows: readonly Row[],
  classes: readonly string[],
  { showTexts }: { readonly showTexts: boolean },
) {
  const { predicted, confidences } = jointVerdicts(judges.map(({ dev2 }) => dev2));
  return ({ row, energy }: PlacedEnergy) => ({
    id: rows[row].id,
    ...(showTexts ? { text: rows[row].text, pair: rows[row].pair } : {}),
    energy,
    label: classes[rows[row].label],
    predicted: classes[predicted[row]],
    confidence: confidences[row],
  });
}

/** @throws {InputError} where no variant has an energy. */
function variantsWithEnergy(variants: ReadonlyMap<string, readonly Training[]>) {
  const energetic = Array.from(variants, ([variant, members]) => ({
    variant,
    trainings: members.flatMap(withEnergy),
  })).filter(({ trainings }) => trainings.length > 0);
  return energetic.length > 0 ? energetic : refuse(variants, "a variant with an energy");
}

function withEnergy({ dev2, noise }: Training): EnergyTraining[] {
  const [{ energies }, { energies: ofNoise }] = [dev2, noise];
  return energies && ofNoise ? [{ labelled: { ...dev2, energies }, noise: ofNoise }] : [];
}

function refuse(variants: ReadonlyMap<string, unknown>, expected: string): never {
  throw new InputError({
    found: `evaluations of ${[...variants.keys()].join(", ")}`,
    expected: `${expected} among them`,
    fix: "Add it to `needs.evaluations`, or name another `reference`.",
  });
}
