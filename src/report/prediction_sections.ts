import type { ReliabilityBin } from "../calibration/metrics/reliability.ts";
import type { Scores } from "../calibration/metrics/scores.ts";
import { confidenceChart, riskCoverageChart } from "./charts/distributions.ts";
import { commonFrame, reliabilityDiagram } from "./charts/reliability.ts";
import type { Chart, Section, Table } from "./document.ts";
import type { Evaluation } from "./evaluation.ts";
import { formatCount, formatDecimal, formatScore, formatSpread } from "./format.ts";
import type { Results } from "./results.ts";
import { temperatureText } from "./tables.ts";

/** A reliability diagram of one variant, as trained or calibrated. */
interface Reliability {
  readonly title: string;
  readonly bins: readonly ReliabilityBin[];
}

/** Shows the predictions of each variant's first training: how reliable, and how sure where right or wrong. */
export function predictionSections({ evaluations, comparison, distributions }: Results): Section[] {
  const [{ seed }] = evaluations;
  const ofSeed = evaluations.filter((evaluation) => evaluation.seed === seed);
  const trainings = ofSeed.length < evaluations.length ? ` They are of the trainings with seed ${seed}.` : "";
  return [
    {
      heading: "Reliability",
      blocks: [
        {
          kind: "paragraph",
          text: [
            "Each point shows the accuracy of the examples in one bin of confidence; on the diagonal, confidence and accuracy ",
            "agree. The bar behind a point spans two standard deviations to each side of perfect calibration, given how many ",
            "examples the bin holds: a point within its bar says nothing against the classifier. The histogram below shows how ",
            `many examples each bin holds.${trainings}`,
            comparison.fittedOn === "dev1" ? "" : " Their temperatures are fitted on dev1.",
          ],
        },
        { kind: "chart", chart: reliabilityChart(ofSeed) },
        {
          kind: "details",
          summary: "The bins as tables",
          tables: ofSeed.flatMap(reliabilitiesOf).map(binTable),
        },
      ],
    },
    {
      heading: "Right and wrong answers",
      blocks: [
        {
          kind: "paragraph",
          text: [
            `These charts are of dev2, as trained: a temperature changes the order of confidences little.${trainings}`,
          ],
        },
        { kind: "chart", chart: riskCoverageChart(distributions, comparison.reference) },
        { kind: "chart", chart: confidenceChart(distributions) },
      ],
    },
  ];
}

/** Draws a reliability diagram of each training, as trained and after its temperature. */
export function reliabilityChart(evaluations: readonly Evaluation[]): Chart {
  const diagrams = evaluations.flatMap(reliabilitiesOf);
  const frame = commonFrame(diagrams.map(({ bins }) => bins));
  return {
    name: "reliability",
    caption: "Accuracy over confidence, of each variant as trained and after its temperature.",
    panels: diagrams.map(({ title, bins }) => ({
      title,
      drawing: reliabilityDiagram(`Reliability diagram of ${title}`, bins, frame),
    })),
    inPairs: true,
  };
}

function reliabilitiesOf({ variant, uncalibrated, temperature, calibrated }: Evaluation): Reliability[] {
  return [
    { title: `${variant}, as trained: ${eceText(uncalibrated)}`, bins: uncalibrated.reliability },
    {
      title: `${variant}, ${temperatureText(temperature)}: ${eceText(calibrated)}`,
      bins: calibrated.reliability,
    },
  ];
}

/** Makes a table of a diagram's bins, for those who read or copy numbers. */
function binTable({ title, bins }: Reliability): Table {
  return {
    caption: title,
    headings: ["Bin", "Examples", "Confidence", "Accuracy"],
    groups: [bins.map(({ lower, upper, count, confidence, accuracy }) => ({
      name: `(${formatDecimal(lower, 2)}, ${formatDecimal(upper, 2)}]`,
      cells: [formatCount(count), formatScore(confidence), formatScore(accuracy)],
    }))],
  };
}

function eceText({ ece, ece_floor: floor }: Scores): string {
  return `ECE ${formatScore(ece)}, floor ${formatSpread(floor.mean, floor.standardDeviation, 3)}`;
}
