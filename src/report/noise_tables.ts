import { mean } from "../statistics.ts";
import type { Row, Table } from "./document.ts";
import { formatCount, formatDecimal, formatShare } from "./format.ts";
import type { NoiseModelFigures, Results } from "./results.ts";

/** Shows the noise model's figures, where one was trained, and how many samples were kept. */
export function noiseTable({ noiseModel, noise }: Pick<Results, "noiseModel" | "noise">): Table {
  const samples = (name: string, { drawn, kept }: { readonly drawn: number; readonly kept: number }) => ({
    name,
    cells: [`${formatCount(kept)} of ${formatCount(drawn)}`],
  });
  return {
    caption: noiseModel ? "Noise model and its samples" : "Noise",
    headings: ["Figure", "Value"],
    groups: [[
      ...(noiseModel ? noiseModelRows(noiseModel) : []),
      samples("Samples kept for training", noise.train),
      samples("Samples kept for evaluation", noise.evaluation),
    ]],
  };
}

/** Shows how like the data the noise is, and how well each variant's energy tells it apart: means over seeds. */
export function noiseStrengthTable(
  { noiseModel, noise, evaluations }: Pick<Results, "noiseModel" | "noise" | "evaluations">,
): Table {
  const { repeats, bagOfWordsAccuracy } = noise.strength;
  const ofVariant = Map.groupBy(evaluations, ({ variant }) => variant);
  const shares = Array.from(ofVariant, ([variant, members]) => ({
    name: `Told apart by the energy: ${variant}`,
    found: members.flatMap(({ energy }) => energy?.noiseAccuracy ?? []),
  }));
  return {
    caption: "How strong the noise is",
    headings: ["Figure", "Value"],
    groups: [[
      ...(noiseModel
        ? [{ name: "Perplexity of held-out texts", cells: [formatDecimal(noiseModel.perplexity, 1)] }]
        : []),
      { name: "Samples that repeat a token at once", cells: [formatShare(repeats.noise)] },
      { name: "Texts of the data that do", cells: [formatShare(repeats.data)] },
      { name: "Told apart by counts of tokens", cells: [formatShare(bagOfWordsAccuracy)] },
      ...shares.filter(({ found }) => found.length > 0)
        .map(({ name, found }) => ({ name, cells: [formatShare(mean(found))] })),
    ]],
  };
}

function noiseModelRows(figures: NoiseModelFigures): Row[] {
  const { objective, evaluatedTokens, maskRate, steps, keptStep } = figures;
  return [
    { name: "Objective", cells: [objective] },
    { name: "Tokens its perplexity is measured on", cells: [formatCount(evaluatedTokens)] },
    ...(objective.endsWith("masked-prefix")
      ? [{ name: "Masked tokens", cells: [formatShare(maskRate)] }]
      : []),
    { name: "Training steps", cells: [formatCount(steps)] },
    ...(keptStep === steps ? [] : [{ name: "Step that was kept", cells: [formatCount(keptStep)] }]),
  ];
}
