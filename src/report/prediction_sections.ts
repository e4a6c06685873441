import type { Reliability } from "../calibration/metrics/reliability.ts";
import type { Scores } from "../calibration/metrics/scores.ts";
import { confidenceChart, riskCoverageChart } from "./charts/distributions.ts";
import { commonFrame, reliabilityDiagram } from "./charts/reliability.ts";
import { reliabilityOverlay } from "./charts/reliability_overlay.ts";
import type { Distributions } from "./distributions.ts";
import type { Chart, Section, Table } from "./document.ts";
import type { Evaluation } from "./evaluation.ts";
import { formatCount, formatDecimal, formatScore, formatSpread } from "./format.ts";
import { curveTable } from "./reliability_curves.ts";
import type { Results } from "./results.ts";
import { temperatureText } from "./tables.ts";

/** A reliability diagram of one variant, as trained or calibrated. */
interface Diagram extends Reliability {
  readonly title: string;
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
            "examples the bin holds: a point within its bar says nothing against the classifier. The line shows the same ",
            "without bins, whose number and edges are arbitrary: of all curves that never fall it is the one nearest to the ",
            "answers (isotonic regression, as in CORP). Its ends rest on few examples. The histogram below shows how ",
            `many examples each bin holds.${trainings}`,
            comparison.fittedOn === "dev1" ? "" : " Their temperatures are fitted on dev1.",
          ],
        },
        ...reliabilityCharts(ofSeed, distributions, comparison.reference).map((chart) =>
          ({ kind: "chart", chart }) as const
        ),
        {
          kind: "details",
          summary: "The curves and bins as tables",
          tables: [curveTable(distributions), ...diagramsOf(ofSeed, distributions).map(binTable)],
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

/**
 * Draws a reliability diagram of each training, as trained and after its temperature, and the curves of all of
 * them into one.
 */
export function reliabilityCharts(
  evaluations: readonly Evaluation[],
  distributions: readonly Distributions[],
  reference: string,
): readonly Chart[] {
  const diagrams = diagramsOf(evaluations, distributions);
  const frame = commonFrame(diagrams.map(({ bins }) => bins));
  const each: Chart = {
    name: "reliability",
    caption: "Accuracy over confidence, of each variant as trained and after its temperature.",
    panels: diagrams.map(({ title, ...reliability }) => ({
      title,
      drawing: reliabilityDiagram(`Reliability diagram of ${title}`, reliability, frame),
    })),
    inPairs: true,
  };
  return [each, ...(evaluations.length > 1 ? [reliabilityOverlay(distributions, reference, frame)] : [])];
}

/** Joins the bins of trainings with their curves, which are in the same order. */
function diagramsOf(
  evaluations: readonly Evaluation[],
  distributions: readonly Distributions[],
): readonly Diagram[] {
  return evaluations.flatMap(({ variant, uncalibrated, temperature, calibrated }, at) => {
    const { reliabilityCurves: curves } = distributions[at];
    const tempered = `${variant}, ${temperatureText(temperature)}`;
    return [
      {
        title: `${variant}, as trained: ${eceText(uncalibrated)}`,
        bins: uncalibrated.reliability,
        curve: curves.uncalibrated,
      },
      {
        title: `${tempered}: ${eceText(calibrated)}`,
        bins: calibrated.reliability,
        curve: curves.calibrated,
      },
    ];
  });
}

/** Makes a table of a diagram's bins, for those who read or copy numbers. */
function binTable({ title, bins }: Diagram): Table {
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
