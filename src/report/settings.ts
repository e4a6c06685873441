import type { VariantStanding } from "../calibration/variants.ts";
import { intervalsText, verdictText } from "./intervals.ts";
import type { Block, ReportDocument, Row, Table } from "./document.ts";
import { formatCount, formatInterval, formatPoints, formatScore, formatShare, overSeeds } from "./format.ts";

/**
 * The same variants trained with different values of a setting, compared; also written as `comparison.json`.
 */
export interface SettingsComparison {
  /** The setting that the others are compared with. */
  readonly reference: string;
  readonly examples: number;
  readonly seeds: readonly number[];
  readonly resamples: number;
  readonly variants: readonly {
    readonly variant: string;
    readonly standings: readonly SettingStanding[];
    /** The settings with which all trainings predict exactly what they predict with the reference. */
    readonly unchanged: readonly string[];
  }[];
}

/** The figures of a variant that was trained with a setting, as trained or after a calibrator. */
export type SettingStanding = Omit<VariantStanding, "variant"> & { readonly setting: string };

/** The rows for each variant. Accuracy has one only, because no temperature changes it. */
const rows = [
  { name: "accuracy", figure: "accuracy", calibrator: "none", format: formatShare },
  { name: "NLL", figure: "nll", calibrator: "none", format: formatScore },
  { name: "ECE", figure: "ece", calibrator: "none", format: formatScore },
  { name: "NLL after temperature", figure: "nll", calibrator: "temperature", format: formatScore },
  { name: "ECE after temperature", figure: "ece", calibrator: "temperature", format: formatScore },
] as const;

/** Composes the report on a setting. */
export function composeSettings(title: string, comparison: SettingsComparison): ReportDocument {
  const { reference, examples, seeds, variants } = comparison;
  const trainings = seeds.length === 1 ? "seed" : `${seeds.length} seeds`;
  const count = formatCount(examples);
  const tables = settingTables(comparison);
  const verdicts = tables.flatMap(({ groups }) => groups.flat().map(({ cells }) => cells.at(-1)));
  const none = verdicts.filter((verdict) => verdict === "no evidence of a difference").length;
  const unchanged = variants.flatMap(({ variant, unchanged }) =>
    unchanged.map((setting): Block => ({
      kind: "warning",
      text: [
        `${variant} with ${setting} predicts exactly what it predicts with ${reference}: does the setting reach the code ` +
        "that it should change?",
      ],
    }))
  );
  const single: Block = {
    kind: "warning",
    text: ["Each training is a single run with one seed: the intervals cover the choice of examples alone."],
  };
  return {
    title,
    summary:
      `The same variants, trained with other settings from the same ${trainings} and measured on the ${count} examples ` +
      `of dev2. In ${none} of ${verdicts.length} comparisons with ${reference} there is no evidence of a difference.`,
    sections: [{
      heading: "Differences",
      blocks: [
        ...(seeds.length === 1 ? [single] : []),
        ...unchanged,
        ...tables.map((table): Block => ({ kind: "table", table })),
        {
          kind: "paragraph",
          text: [
            `${intervalsText(comparison)} ${verdictText(`results of ${reference}`)}`,
            " No evidence doesn't prove that there is no difference: the bounds of the interval say how large it may be.",
          ],
        },
      ],
    }],
  };
}

/**
 * Makes a table for each setting other than the reference: its figures beside the reference's, means over
 * seeds.
 */
export function settingTables({ reference, seeds, variants }: SettingsComparison): Table[] {
  const settings = new Set(variants.flatMap(({ standings }) => standings.map(({ setting }) => setting)));
  settings.delete(reference);
  return Array.from(settings, (setting) => ({
    caption: `${setting} beside ${reference}${overSeeds(seeds)}, ` +
      "and the difference with its 95 % interval",
    headings: ["Figure", reference, setting, "Difference", "Verdict"],
    groups: variants.map(({ variant, standings }) => settingRows(variant, standings, setting, reference)),
  }));
}

function settingRows(
  variant: string,
  standings: readonly SettingStanding[],
  setting: string,
  reference: string,
): Row[] {
  return rows.flatMap(({ name, figure, calibrator, format }) => {
    const of = (wanted: string) =>
      standings.find((standing) => standing.setting === wanted && standing.calibrator === calibrator);
    const [before, after] = [of(reference), of(setting)];
    if (!before || !after?.difference) return []; // the variant wasn't trained with this setting
    const { verdict, ...interval } = after.difference[figure];
    const values = [before, after].map(({ figures }) => format(figures[figure].value));
    const apart = figure === "accuracy"
      ? `${formatInterval(interval, formatPoints)} percentage points`
      : formatInterval(interval, format);
    return [{ name: `${variant}: ${name}`, cells: [...values, apart, verdict] }];
  });
}
