import { intervalsChart } from "./charts/intervals.ts";
import type { VariantComparison } from "./comparison.ts";
import type { Block, Origin, Section } from "./document.ts";
import type { Evaluation } from "./evaluation.ts";
import { verdictText } from "./intervals.ts";
import { originsOf } from "./origin.ts";
import type { Results } from "./results.ts";
import { differenceTable, isCompared } from "./tables.ts";
import { verdictOf } from "./verdict/verdict.ts";

/** Says what came out, in words, and then shows the differences that this rests on. */
export function resultSection(results: Results): Section {
  const { evaluations, comparison } = results;
  const withEnergy = variantsWithEnergy(evaluations);
  const { headline, findings } = verdictOf(comparison, withEnergy);
  return {
    heading: "Result",
    blocks: [
      { kind: "verdict", text: headline },
      ...warning(comparison),
      { kind: "paragraph", text: [whatIsMeant([...withEnergy])] },
      { kind: "definitions", items: findings },
      { kind: "chart", chart: intervalsChart(comparison) },
      ...differences(comparison, originsOf(results).comparison),
    ],
  };
}

/** Explains the words of the verdict to those who see them for the first time. */
function whatIsMeant(withEnergy: readonly string[]): string {
  const calibration =
    "A classifier is calibrated if its confidence can be taken at its word: of the texts that it " +
    "is 80 % sure of, 80 % should be right. The ECE is how far it is from that on average, and 0 at best; the NLL is " +
    "also lower for better probabilities.";
  if (withEnergy.length === 0) return calibration;
  return `${calibration} “The energies” are the variants that were also trained to tell real texts from noise: ${
    withEnergy.join(", ")
  }.`;
}

/** Returns the variants that have an energy. */
export function variantsWithEnergy(evaluations: readonly Evaluation[]): ReadonlySet<string> {
  return new Set(evaluations.flatMap(({ variant, energy }) => energy ? [variant] : []));
}

/** Says so where each variant was trained once; undefined otherwise. */
export function singleSeedText({ standings, seeds }: VariantComparison): string | undefined {
  if (seeds.length > 1) return undefined;
  const variants = new Set(standings.map(({ variant }) => variant)).size;
  const trained = variants === 1 ? "The variant was trained once" : "Each variant was trained once";
  return `${trained}, and a single seed proves nothing`;
}

function warning(comparison: VariantComparison): Block[] {
  const text = singleSeedText(comparison);
  if (text === undefined) return [];
  return [{
    kind: "warning",
    text: [
      `${text}: at this sample size the ECE of two equally good models differs by `,
      "more than these rows do. The intervals cover the choice of examples alone, not what another training would give. ",
      "A claim needs at least five seeds (docs/method.md).",
    ],
  }];
}

function differences(comparison: VariantComparison, origin: Origin): Block[] {
  if (!isCompared(comparison.standings)) return [];
  return [
    { kind: "table", table: differenceTable(comparison), origin },
    { kind: "paragraph", text: [verdictText(comparison.reference)] },
  ];
}
