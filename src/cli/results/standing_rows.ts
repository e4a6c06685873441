/** The rows that a pipeline has in the table of docs/results.md: a variant each, on one task. */

import type { ComparedVariant, VariantComparison } from "../../report/comparison.ts";
import { formatCount, formatInterval, formatScore, formatShare } from "../../report/format.ts";

/** The first lines of the table. */
export const tableHead = [
  "| task | variant | accuracy | NLL | ECE | NLL, temperature | ECE, temperature |",
  "| --- | --- | ---: | ---: | ---: | ---: | ---: |",
].join("\n");

/**
 * Writes a variant's figures, as trained and after temperature, with 95 % intervals: those on the data's own
 * test set, where it has one, or else on dev2.
 */
export function standingRows(task: string, { standings, examples, test }: VariantComparison): string {
  const measured = test ?? { standings, examples };
  const where = `${task} (${formatCount(measured.examples)} ${test ? "of its test set" : "of dev2"})`;
  const variants = [...Map.groupBy(measured.standings, ({ variant }) => variant)];
  return variants.map(([variant, states], index) => {
    const trained = states.find(({ calibrator }) => calibrator === "none");
    const scaled = states.find(({ calibrator }) => calibrator === "temperature");
    const cells = [
      index === 0 ? where : "",
      variant,
      cell(trained, "accuracy", formatShare),
      cell(trained, "nll", formatScore),
      cell(trained, "ece", formatScore),
      cell(scaled, "nll", formatScore),
      cell(scaled, "ece", formatScore),
    ];
    return `| ${cells.join(" | ")} |`;
  }).join("\n");
}

function cell(
  standing: ComparedVariant | undefined,
  figure: string,
  format: Parameters<typeof formatInterval>[1],
): string {
  const interval = standing?.figures[figure];
  return interval ? formatInterval(interval, format) : "–";
}
