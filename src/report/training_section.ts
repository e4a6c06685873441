import { curvesChart } from "./charts/curves.ts";
import { gradientChart, lossChart } from "./charts/losses.ts";
import type { VariantComparison } from "./comparison.ts";
import type { Chart, Origin, Section } from "./document.ts";
import type { Results } from "./results.ts";
import { trainingTable } from "./training_table.ts";

/** Shows how trainings went, and which step's weights were kept. */
export function trainingSection({ evaluations, comparison }: Results, origin: Origin): Section {
  return {
    heading: "Training",
    blocks: [
      ...trainingCharts(comparison).map((chart) => ({ kind: "chart", chart }) as const),
      { kind: "table", table: trainingTable(evaluations), origin },
    ],
  };
}

/** Draws how trainings went, as far as anything was measured at several steps. */
export function trainingCharts(comparison: VariantComparison): readonly Chart[] {
  const { losses, reference } = comparison;
  return [curvesChart(comparison), lossChart(losses, reference), gradientChart(losses)]
    .filter((chart) => chart !== undefined);
}
