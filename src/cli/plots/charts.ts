/** Draws the charts of evaluated trainings and of their comparison, whether or not there is a report on them. */

import { InputError } from "../../errors.ts";
import { readText } from "../../pipeline/store/blobs.ts";
import { type InstanceName, stageOf } from "../../pipeline/store/instance_name.ts";
import { latestRecord } from "../../pipeline/store/results.ts";
import type { Store } from "../../pipeline/store/store.ts";
import { viewPath } from "../../pipeline/store/views.ts";
import { confidenceChart, energyChart, riskCoverageChart } from "../../report/charts/distributions.ts";
import { intervalsChart } from "../../report/charts/intervals.ts";
import { voteChart } from "../../report/charts/votes.ts";
import { comparisonSchema, type VariantComparison } from "../../report/comparison.ts";
import { distributionsOf } from "../../report/distributions.ts";
import type { Chart } from "../../report/document.ts";
import { type Evaluation, evaluationSchema } from "../../report/evaluation.ts";
import { type EvaluatedTraining, readFirstTrainings } from "../../report/first_trainings.ts";
import { reliabilityCharts } from "../../report/prediction_sections.ts";
import { inReportOrder } from "../../report/results.ts";
import { trainingCharts } from "../../report/training_section.ts";

/**
 * Draws the charts of these instances' newest results.
 *
 * @throws {InputError} where none is an evaluation, or several are comparisons
 */
export async function chartsOf(store: Store, instances: readonly InstanceName[]): Promise<readonly Chart[]> {
  const evaluated = evaluationsOf(store, instances);
  if (evaluated.length === 0) {
    throw new InputError({
      found: "no evaluation among the results",
      expected: "results of stages/evaluate.ts, to draw",
      fix: "Run the pipeline first: deno task pipeline. --file names another pipeline file.",
    });
  }
  const comparison = comparisonOf(store, instances);
  const first = await readFirstTrainings(evaluated);
  const distributions = first.map(({ evaluation, dev2, noise }) =>
    distributionsOf(evaluation, dev2, noise?.energies)
  );
  const reference = comparison?.reference ?? distributions[0].variant;
  return [
    ...(comparison ? [intervalsChart(comparison)] : []),
    ...reliabilityCharts(first.map(({ evaluation }) => evaluation), distributions, reference),
    riskCoverageChart(distributions, reference),
    confidenceChart(distributions),
    voteChart(distributions) ?? [],
    energyChart(distributions) ?? [],
    ...(comparison ? trainingCharts(comparison) : []),
  ].flat();
}

/**
 * Finds the evaluations, in the report's order. Where several are of the same variant and seed, such as in
 * different precisions, each goes by what its instance's name says.
 */
function evaluationsOf(store: Store, instances: readonly InstanceName[]): readonly EvaluatedTraining[] {
  const found = instances.flatMap((instance) => {
    const evaluation = evaluationSchema.safeParse(jsonOf(store, instance, "metrics.json")).data;
    return evaluation ? [{ instance, evaluation }] : [];
  });
  const runs = new Set(found.map(({ evaluation: { variant, seed } }) => `${variant} ${seed}`));
  const nameOf = (instance: InstanceName, { variant }: Evaluation) =>
    runs.size === found.length ? variant : instance.slice(stageOf(instance).length + 1);
  const named = found.map(({ instance, evaluation }) => {
    const variant = nameOf(instance, evaluation);
    const folder = viewPath(store, instance);
    return { folder, variant, seed: evaluation.seed, evaluation: { ...evaluation, variant } };
  });
  return inReportOrder(named);
}

function comparisonOf(store: Store, instances: readonly InstanceName[]): VariantComparison | undefined {
  const found = instances.flatMap((instance) => {
    const comparison = comparisonSchema.safeParse(jsonOf(store, instance, "comparison.json")).data;
    return comparison ? [{ instance, comparison }] : [];
  });
  if (found.length > 1) {
    throw new InputError({
      found: `the comparisons ${found.map(({ instance }) => instance).join(", ")}`,
      expected: "one",
      fix: "Name one, and the evaluations that belong to it: deno task pipeline plots NAME…",
    });
  }
  return found[0]?.comparison;
}

/** Reads a file of an instance's newest result as JSON; undefined where there is none. */
function jsonOf(store: Store, instance: InstanceName, file: string): unknown {
  const entry = latestRecord(store, instance)?.files[file];
  const text = entry && readText(store, entry.digest);
  try {
    return text === undefined ? undefined : JSON.parse(text);
  } catch {
    return undefined; // it is another stage's, which calls something else by this name
  }
}
