import { join } from "node:path";
import { z } from "zod";
import { compareDetection } from "../src/analysis/robustness.ts";
import type { Predictions, UnlabelledPredictions } from "../src/calibration/predictions/classified.ts";
import { readPredictions, readUnlabelled } from "../src/calibration/predictions/logits_file.ts";
import { checkAllSame } from "../src/calibration/predictions/same_examples.ts";
import { groupBySeeds } from "../src/calibration/resampling/seeds.ts";
import { compareVariants } from "../src/calibration/variants.ts";
import { InputError } from "../src/errors.ts";
import { defineStage } from "../src/pipeline/stage.ts";
import { renderPlainTable } from "../src/report/plain.ts";
import { inReportOrder, readMetrics } from "../src/report/results.ts";
import {
  accuracyTable,
  composeRobustnessReport,
  type RobustnessComparison,
  robustnessSchema,
} from "../src/report/robustness.ts";
import { chartsIn, reportOutputs, writeCharts, writeReport } from "../src/report/write.ts";

const parameters = z.strictObject({
  reference: z.string().default("baseline").describe("The variant that the others are compared with."),
  resamples: z.int().min(100).default(2000).describe(
    "How often examples and seeds are resampled, in pairs, for the intervals.",
  ),
  seed: z.int().default(1).describe(
    "Seed of the resamples, and of the labels redrawn for the floor of the ECE.",
  ),
});

export default defineStage({
  description: "Compares the variants' robustness over their seeds, with intervals",
  parameters,
  inputs: { robustness: { description: "each training's predictions of the sets", many: true } },
  outputs: {
    ...reportOutputs,
    "plots": "each chart as an SVG file",
    "comparison.json": "all figures and differences with intervals",
  },
  async run({ parameters, inputs, output, summary, progress }) {
    const trainings = inReportOrder(await readTrainings([...inputs("robustness").values()]));
    const variants = groupBySeeds(trainings);
    const [{ labelled, others }] = trainings;
    const predicted = new Map<string, readonly Predictions[]>();
    for (const set of new Set(["dev1", "dev2", ...labelled])) {
      predicted.set(set, await readSet(trainings, set, readPredictions));
    }
    const [dev1, dev2] = [predicted.get("dev1")!, predicted.get("dev2")!];
    const steps = labelled.length + others.length;
    const sets = [];
    for (const name of labelled) {
      sets.push(compareSet(name, trainings, dev1, predicted.get(name)!, parameters));
      progress(sets.length, steps, `${name} compared`);
    }
    const detection = [];
    for (const name of others) {
      const outside = predicted.get(name) ?? await readSet(trainings, name, readUnlabelled);
      detection.push(compareToldApart(name, trainings, dev2, outside, parameters));
      progress(sets.length + detection.length, steps, `${name} told from dev2`);
    }
    const comparison: RobustnessComparison = {
      reference: parameters.reference,
      seeds: [...variants.values()][0].map(({ seed }) => seed),
      resamples: parameters.resamples,
      sets,
      detection,
    };
    const report = composeRobustnessReport(comparison);
    await writeCharts(join(output, "plots"), chartsIn(report));
    await writeReport(output, report, { file: "comparison.json", content: comparison });
    summary(renderPlainTable(accuracyTable(comparison)));
  },
});

/** Compares the variants on one labelled set. Predictions are those of each training. */
function compareSet(
  name: string,
  trainings: readonly Training[],
  dev1: readonly Predictions[],
  reported: readonly Predictions[],
  options: z.output<typeof parameters>,
) {
  const runs = trainings.map(({ variant, seed }, at) => ({
    variant,
    seed,
    fit: dev1[at],
    measured: reported[at],
  }));
  const standings = compareVariants(runs, { ...options, calibrators: ["temperature"], ensembles: [] });
  return { name, examples: reported[0].labels.length, standings };
}

/** Compares how well the variants tell dev2 from one other set. Predictions are those of each training. */
function compareToldApart(
  name: string,
  trainings: readonly Training[],
  dev2: readonly Predictions[],
  outside: readonly UnlabelledPredictions[],
  options: z.output<typeof parameters>,
) {
  const told = trainings.map(({ variant }, at) => ({ variant, inside: dev2[at], outside: outside[at] }));
  const ofVariant = Map.groupBy(told, ({ variant }) => variant);
  const scores = compareDetection([...ofVariant.values()], options);
  return {
    name,
    examples: outside[0].ids.length,
    variants: [...ofVariant.keys()].map((variant, at) => ({ variant, scores: scores[at] })),
  };
}

/** One training, with the names of the sets that it predicted. */
interface Training {
  readonly folder: string;
  readonly variant: string;
  readonly seed: number;
  readonly labelled: readonly string[];
  /** The sets that are told from dev2. */
  readonly others: readonly string[];
}

/** @throws {InputError} where trainings didn't predict the same sets. */
async function readTrainings(folders: readonly string[]): Promise<Training[]> {
  const trainings = await Promise.all(folders.map(async (folder): Promise<Training> => {
    const { variant, seed, sets, detection } = await readMetrics(
      join(folder, "robustness.json"),
      robustnessSchema,
    );
    return { folder, variant, seed, labelled: Object.keys(sets), others: Object.keys(detection) };
  }));
  const namesOf = ({ labelled, others }: Training) =>
    `${labelled.join(", ")} and, told from dev2, ${others.join(", ")}`;
  const other = trainings.find((training) => namesOf(training) !== namesOf(trainings[0]));
  if (!other) return trainings;
  throw new InputError({
    at: { file: join(other.folder, "robustness.json") },
    found: `the sets ${namesOf(other)}`,
    expected: `${namesOf(trainings[0])}, as in ${trainings[0].folder}`,
    fix: "Give all instances of robustness the same parameters.",
  });
}

/**
 * Reads each training's predictions of a set.
 *
 * @throws {InputError} where they aren't of the same texts.
 */
async function readSet<Said extends UnlabelledPredictions>(
  trainings: readonly Training[],
  set: string,
  read: (file: string) => Promise<Said>,
): Promise<Said[]> {
  const files = [];
  for (const { folder } of trainings) {
    const name = join(folder, "predictions", `${set}.jsonl`);
    files.push({ name, predictions: await read(name) });
  }
  checkAllSame(files);
  return files.map(({ predictions }) => predictions);
}
