import type { Scores } from "../calibration/scores.ts";
import type { Block, Definition, Diagram, ReportDocument, Section } from "./document.ts";
import type { Evaluation } from "./evaluation.ts";
import { formatCount, formatScore, formatSpread } from "./format.ts";
import type { Results } from "./results.ts";
import { dataTable, energyTable, noiseTable, scoreTable, temperatureText } from "./tables.ts";

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
  const { evaluations, data } = results;
  return {
    title: results.title,
    summary: summary(evaluations),
    sections: [
      {
        heading: "Accuracy and calibration",
        blocks: [
          warning(evaluations),
          { kind: "table", table: scoreTable(evaluations) },
          ...boundNote(evaluations),
          { kind: "definitions", items: scoreDefinitions },
        ],
      },
      reliabilitySection(evaluations),
      ...energySection(evaluations),
      { heading: "Noise", blocks: [{ kind: "table", table: noiseTable(results) }] },
      { heading: "Data", blocks: [{ kind: "table", table: dataTable(data) }] },
      provenanceSection(),
    ],
  };
}

function summary(evaluations: readonly Evaluation[]): string {
  const variants = evaluations.length === 1 ? "One variant" : `${formatCount(evaluations.length)} variants`;
  const examples = [...new Set(evaluations.map((evaluation) => formatCount(evaluation.examples)))].join(
    " or ",
  );
  return `${variants}, measured on the ${examples} examples of dev2, ` +
    "before and after a temperature that was fitted on dev1.";
}

function warning(evaluations: readonly Evaluation[]): Block {
  const seeds = evaluations.length === 1 ? "This is a single run" : "Each variant is a single run";
  return {
    kind: "warning",
    text: [
      `${seeds} with one seed, and a single seed proves nothing: an ECE on a thousand examples moves by more than the `,
      "differences that matter. A claim needs five seeds or more and an interval (docs/method.md).",
    ],
  };
}

function boundNote(evaluations: readonly Evaluation[]): Block[] {
  if (!evaluations.some(({ temperature }) => temperature.atBound)) return [];
  return [{
    kind: "paragraph",
    text: ["“Bound” marks a temperature at the end of the range searched: dev1 has no best one within it."],
  }];
}

function reliabilitySection(evaluations: readonly Evaluation[]): Section {
  const diagrams = evaluations.map(({ variant, uncalibrated, temperature, calibrated }): Diagram => ({
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
        ],
      },
      { kind: "diagrams", diagrams },
    ],
  };
}

function eceText({ ece, eceFloor }: Scores): string {
  return `ECE ${formatScore(ece)}, floor ${formatSpread(eceFloor.mean, eceFloor.standardDeviation, 3)}`;
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
