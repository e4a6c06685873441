import type { Scores } from "../calibration/metrics/scores.ts";
import type { VariantComparison } from "./comparison.ts";
import type { Block, Definition, Diagram, ReportDocument, Section } from "./document.ts";
import type { Evaluation } from "./evaluation.ts";
import { formatCount, formatScore, formatSpread } from "./format.ts";
import type { Results } from "./results.ts";
import {
  conformalTable,
  dataTable,
  differenceTable,
  energyTable,
  intervalTable,
  isCompared,
  noiseTable,
  scoreTable,
  standingName,
  temperatureText,
  voteTable,
} from "./tables.ts";

const provenanceCommand = "deno task pipeline audit report";

const scoreDefinitions: readonly Definition[] = [
  { term: "NLL", meaning: "Negative log-likelihood of the true class, in nats." },
  { term: "Brier", meaning: "Squared distance to the true class, summed over classes: from 0 to 2." },
  {
    term: "ECE",
    meaning:
      "Mean gap between confidence and accuracy of the chosen class, in 20 bins of equal width, (a, b].",
  },
  {
    term: "Floor of ECE",
    meaning:
      "What the ECE would be if these confidences were perfectly calibrated: mean ± standard deviation over labels " +
      "redrawn from the predicted probabilities. An ECE within two deviations of it is no sign of miscalibration.",
  },
  { term: "Debiased", meaning: "Root mean square of the same gaps, less what sampling alone adds to it." },
  { term: "Class-wise", meaning: "ECE of each class's probability, averaged over classes." },
];

/** Puts a report together from the results; nothing in it depends on when or where that happens. */
export function composeReport(results: Results): ReportDocument {
  const { evaluations, comparison, data } = results;
  return {
    title: results.title,
    summary: summary(comparison),
    sections: [
      {
        heading: "Accuracy and calibration",
        blocks: [
          ...warning(comparison),
          { kind: "table", table: scoreTable(comparison) },
          ...notes(comparison),
          { kind: "definitions", items: scoreDefinitions },
        ],
      },
      differenceSection(comparison),
      ...voteSection(comparison),
      conformalSection(comparison),
      reliabilitySection(evaluations),
      ...energySection(evaluations),
      { heading: "Noise", blocks: [{ kind: "table", table: noiseTable(results) }] },
      { heading: "Data", blocks: [{ kind: "table", table: dataTable(data) }] },
      provenanceSection(),
    ],
  };
}

function summary({ standings, examples, seeds }: VariantComparison): string {
  const trainings = standings.filter(({ runs }) => runs === seeds.length); // an ensemble is none
  const count = new Set(trainings.map(({ variant }) => variant)).size;
  const variants = count === 1 ? "One variant" : `${formatCount(count)} variants`;
  const trained = seeds.length === 1 ? "" : `, each trained with ${formatCount(seeds.length)} seeds and`;
  return `${variants}${trained || ","} measured on the ${formatCount(examples)} examples of dev2, ` +
    "before and after calibration on dev1.";
}

function warning({ standings, seeds }: VariantComparison): Block[] {
  if (seeds.length > 1) return [];
  const variants = new Set(standings.map(({ variant }) => variant)).size;
  const runs = variants === 1 ? "This is a single run" : "Each variant is a single run";
  return [{
    kind: "warning",
    text: [
      `${runs} with one seed, and a single seed proves nothing: an ECE on a thousand examples moves by more than the `,
      "differences that matter. Intervals here speak of the examples alone. A claim needs five seeds or more ",
      "(docs/method.md).",
    ],
  }];
}

function differenceSection(comparison: VariantComparison): Section {
  const { reference } = comparison;
  const compared = isCompared(comparison.standings);
  return {
    heading: "Intervals and differences",
    blocks: [
      {
        kind: "paragraph",
        text: [intervalsText(comparison)],
      },
      { kind: "table", table: intervalTable(comparison) },
      ...(compared
        ? [
          { kind: "table", table: differenceTable(comparison) },
          {
            kind: "paragraph",
            text: [verdictText(reference)],
          },
        ] as const
        : []),
    ],
  };
}

/** How intervals were made, and what isn't in them. */
export function intervalsText(
  { resamples, seeds }: Pick<VariantComparison, "resamples" | "seeds">,
): string {
  const [count, paired] = [
    formatCount(resamples),
    seeds.length === 1 ? "examples" : "examples and over seeds",
  ];
  return `Intervals are those of a bootstrap of ${count} resamples, paired over ${paired}: each resample draws them anew, ` +
    "the same for all variants. What dev1 leaves open of a calibrator's fit isn't in them." +
    (seeds.length === 1
      ? ""
      : ` ${seedVariance(seeds.length)}. For both reasons intervals are narrower than they should be.`);
}

/** What the verdicts of a table of differences say. */
export function verdictText(reference: string): string {
  return `“Higher” and “lower” are than the ${reference}; where the interval holds 0, there is no evidence of a difference. ` +
    "Of many comparisons at 95 %, one in twenty shows one where there is none.";
}

/** What `compareAll` says of few seeds. */
export function seedVariance(seeds: number): string {
  return `Resamples of ${seeds} seeds show ${seeds - 1}/${seeds} of the variance between trainings`;
}

function voteSection(comparison: VariantComparison): Section[] {
  const table = voteTable(comparison);
  if (!table) return [];
  const text =
    "Each text has several people's votes. Cross-entropy, KL divergence (in nats) and total variation are between " +
    "their distribution and the predicted one; the ECE compares the probability of a class with its share of votes.";
  return [{
    heading: "People's votes",
    blocks: [{ kind: "table", table }, { kind: "paragraph", text: [text] }],
  }];
}

function conformalSection(comparison: VariantComparison): Section {
  const text =
    "Conformal sets of classes, calibrated on dev1: THR takes the classes above one threshold of probability, APS " +
    "adds up the likeliest until enough is covered, at random in the last.";
  return {
    heading: "Prediction sets",
    blocks: [{ kind: "table", table: conformalTable(comparison) }, { kind: "paragraph", text: [text] }],
  };
}

/** What the data left open of a calibrator's fit. */
function notes({ standings }: VariantComparison): Block[] {
  const items = standings.flatMap((standing) =>
    standing.notes.map((note) => ({ term: standingName(standing), meaning: `${note}.` }))
  );
  return items.length === 0 ? [] : [{ kind: "definitions", items }];
}

function reliabilitySection(evaluations: readonly Evaluation[]): Section {
  const [{ seed }] = evaluations;
  const ofSeed = evaluations.filter((evaluation) => evaluation.seed === seed);
  const diagrams = ofSeed.map(({ variant, uncalibrated, temperature, calibrated }): Diagram => ({
    variant,
    panels: [
      { caption: `As trained: ${eceText(uncalibrated)}`, bins: uncalibrated.reliability },
      { caption: `${temperatureText(temperature)}: ${eceText(calibrated)}`, bins: calibrated.reliability },
    ],
  }));
  return {
    heading: "Reliability",
    blocks: [
      {
        kind: "paragraph",
        text: [
          "A point is the accuracy of the examples in one bin of confidence; on the diagonal, confidence and accuracy agree. ",
          "The bar behind it spans two standard deviations to each side of perfect calibration for as many examples as the bin ",
          "holds: a point within its bar says nothing against the classifier. Below: how many examples each bin holds.",
          ofSeed.length < evaluations.length ? ` These are the trainings with seed ${seed}.` : "",
        ],
      },
      { kind: "diagrams", diagrams },
    ],
  };
}

function eceText({ ece, ece_floor: floor }: Scores): string {
  return `ECE ${formatScore(ece)}, floor ${formatSpread(floor.mean, floor.standardDeviation, 3)}`;
}

function energySection(evaluations: readonly Evaluation[]): Section[] {
  if (!evaluations.some(({ energy }) => energy)) return [];
  const text =
    "Lower energy means more like data. “Told apart” is the share of texts that E + ln K < 0 puts on the " +
    "right side, data and noise weighing the same.";
  return [{
    heading: "Energies",
    blocks: [{ kind: "table", table: energyTable(evaluations) }, { kind: "paragraph", text: [text] }],
  }];
}

function provenanceSection(): Section {
  return {
    heading: "Where the numbers come from",
    blocks: [{
      kind: "paragraph",
      text: [
        { code: provenanceCommand },
        " shows the code, parameters, inputs and environment behind every number here, back to the raw data. ",
        "The numbers themselves are in ",
        { code: "results.json" },
        ".",
      ],
    }],
  };
}
